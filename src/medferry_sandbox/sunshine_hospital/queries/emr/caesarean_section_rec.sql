SELECT m.cs_key, m.enc_no, m.wait_ref, m.gp, m.weeks_txt, m.in_room_at, m.dx_in, m.reason, m.op,
       cs_course.cut_at AS cs_course_cut_at, cs_course.numb AS cs_course_numb, cs_course.numb_pose AS
       cs_course_numb_pose, cs_course.numb_well AS cs_course_numb_well, m.story, cs_course.womb_txt AS
       cs_course_womb_txt, cs_course.lies AS cs_course_lies, cs_course.out_how AS cs_course_out_how,
       cs_course.born_at AS cs_course_born_at, cs_course.waters AS cs_course_waters, cs_course.afterbirth_at
       AS cs_course_afterbirth_at, cs_course.afterbirth_txt AS cs_course_afterbirth_txt, cs_course.stain AS
       cs_course_stain, cs_course.skin_whole AS cs_course_skin_whole, cs_course.cord_turns AS
       cs_course_cord_turns, cs_course.cord_len AS cs_course_cord_len, cs_course.cord_how AS
       cs_course_cord_how, cs_course.cord_twist AS cs_course_cord_twist, cs_course.cord_txt AS
       cs_course_cord_txt, cs_course.cord_kept AS cs_course_cord_kept, cs_inside.sewn AS cs_inside_sewn,
       cs_inside.tonic AS cs_inside_tonic, cs_inside.tonic_how AS cs_inside_tonic_how, cs_inside.drug_txt AS
       cs_inside_drug_txt, cs_inside.drug_dose AS cs_inside_drug_dose, cs_inside.seen_womb AS
       cs_inside_seen_womb, cs_inside.seen_side AS cs_inside_seen_side, cs_inside.odd_yn AS cs_inside_odd_yn,
       cs_inside.myoma_yn AS cs_inside_myoma_yn, cs_inside.mother_txt AS cs_inside_mother_txt, cs_inside.bled
       AS cs_inside_bled, cs_inside.blood_given AS cs_inside_blood_given, cs_inside.fluid_given AS
       cs_inside_fluid_given, cs_inside.air_min AS cs_inside_air_min, cs_inside.also AS cs_inside_also,
       m.memo, cs_course.closed_at AS cs_course_closed_at, m.dx_out, cs_after.watched_to AS
       cs_after_watched_to, cs_after.looked_min AS cs_after_looked_min, cs_after.bp AS cs_after_bp,
       cs_after.pulse AS cs_after_pulse, cs_after.heart AS cs_after_heart, cs_after.bled_all AS
       cs_after_bled_all, cs_after.womb_after AS cs_after_womb_after, cs_after.womb_top AS cs_after_womb_top,
       m.babies, cs_child.nth AS cs_child_nth, cs_child.gender AS cs_child_gender, cs_child.heavy AS
       cs_child_heavy, cs_child.tall AS cs_child_tall, cs_child.score_when AS cs_child_score_when,
       cs_child.score AS cs_child_score, cs_child.score1 AS cs_child_score1, cs_child.score5 AS
       cs_child_score5, cs_child.score10 AS cs_child_score10, cs_child.ended AS cs_child_ended, cs_child.odd
       AS cs_child_odd, m.cutter, staff.emp_title AS staff_emp_title, m.numb_doc, staff2.emp_title AS
       staff2_emp_title, m.scrub, staff3.emp_title AS staff3_emp_title, m.helper, staff4.emp_title AS
       staff4_emp_title, m.child_doc, staff5.emp_title AS staff5_emp_title, m.guide, staff6.emp_title AS
       staff6_emp_title, m.writer, staff7.emp_title AS staff7_emp_title, m.signed_at, m.state, m.made_at,
       m.edited_at, card.bed_txt AS card_bed_txt, card.born AS card_born, card.nth_stay AS card_nth_stay,
       card.pat_ref AS card_pat_ref, card.room_txt AS card_room_txt, card.stay_no AS card_stay_no,
       card.unit_no AS card_unit_no, card.ward_no AS card_ward_no, unit.dept_title AS unit_dept_title,
       ward.dept_title AS ward_dept_title
  FROM cs_note m
  LEFT JOIN cs_course cs_course ON cs_course.cs_key = m.cs_key
  LEFT JOIN cs_inside cs_inside ON cs_inside.cs_key = m.cs_key
  LEFT JOIN cs_after cs_after ON cs_after.cs_key = m.cs_key
  LEFT JOIN cs_child cs_child ON cs_child.cs_key = m.cs_key
  LEFT JOIN sys_emp staff ON staff.emp_no = m.cutter
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.numb_doc
  LEFT JOIN sys_emp staff3 ON staff3.emp_no = m.scrub
  LEFT JOIN sys_emp staff4 ON staff4.emp_no = m.helper
  LEFT JOIN sys_emp staff5 ON staff5.emp_no = m.child_doc
  LEFT JOIN sys_emp staff6 ON staff6.emp_no = m.guide
  LEFT JOIN sys_emp staff7 ON staff7.emp_no = m.writer
  LEFT JOIN ward_card card ON card.enc_no = m.enc_no
  LEFT JOIN sys_dept unit ON unit.dept_no = card.unit_no
  LEFT JOIN sys_dept ward ON ward.dept_no = card.ward_no
