SELECT m.note_key, m.enc_no, m.wait_ref, m.gp, m.lmp, m.edc, m.weeks_txt, birth_course.in_room_at AS
       birth_course_in_room_at, birth_course.pains_at AS birth_course_pains_at, m.dx_in,
       birth_course.waters_at AS birth_course_waters_at, birth_course.fore_waters AS birth_course_fore_waters,
       birth_course.phase1 AS birth_course_phase1, birth_course.open_at AS birth_course_open_at,
       birth_course.phase2 AS birth_course_phase2, birth_course.born_at AS birth_course_born_at,
       birth_course.phase3 AS birth_course_phase3, birth_course.afterbirth_at AS birth_course_afterbirth_at,
       birth_course.phase_all AS birth_course_phase_all, birth_course.lies AS birth_course_lies,
       birth_course.helped AS birth_course_helped, birth_course.afterbirth_txt AS birth_course_afterbirth_txt,
       birth_course.skin_whole AS birth_course_skin_whole, birth_course.waters AS birth_course_waters,
       birth_course.cord_len AS birth_course_cord_len, birth_course.cord_turns AS birth_course_cord_turns,
       birth_course.cord_odd AS birth_course_cord_odd, birth_course.cord_txt AS birth_course_cord_txt,
       birth_course.given AS birth_course_given, birth_course.guarded AS birth_course_guarded,
       birth_course.cut_yn AS birth_course_cut_yn, birth_course.cut_where AS birth_course_cut_where,
       birth_course.stitches AS birth_course_stitches, birth_course.torn AS birth_course_torn,
       birth_course.clot_out AS birth_course_clot_out, birth_course.numb_kind AS birth_course_numb_kind,
       birth_course.numb_with AS birth_course_numb_with, birth_course.torn_in AS birth_course_torn_in,
       birth_course.clot_in AS birth_course_clot_in, birth_course.torn_neck AS birth_course_torn_neck,
       birth_after.rectal AS birth_after_rectal, birth_after.given_after AS birth_after_given_after, m.memo,
       m.womb_work, m.womb_txt, birth_after.flow_txt AS birth_after_flow_txt, birth_after.wound_txt AS
       birth_after_wound_txt, m.mend_txt, birth_course.cord_kept AS birth_course_cord_kept, m.dx_out,
       birth_after.watched_to AS birth_after_watched_to, birth_after.looked_min AS birth_after_looked_min,
       birth_after.bp AS birth_after_bp, birth_after.pulse AS birth_after_pulse, birth_after.heart AS
       birth_after_heart, birth_after.bled AS birth_after_bled, birth_after.womb_after AS
       birth_after_womb_after, birth_after.womb_top AS birth_after_womb_top, birth_after.bladder AS
       birth_after_bladder, m.babies, birth_child.nth AS birth_child_nth, birth_child.gender AS
       birth_child_gender, birth_child.heavy AS birth_child_heavy, birth_child.tall AS birth_child_tall,
       birth_child.bump AS birth_child_bump, birth_child.bump_where AS birth_child_bump_where,
       birth_child.score_when AS birth_child_score_when, birth_child.score AS birth_child_score,
       birth_child.score1 AS birth_child_score1, birth_child.score5 AS birth_child_score5, birth_child.score10
       AS birth_child_score10, birth_child.ended AS birth_child_ended, birth_child.odd AS birth_child_odd,
       m.catcher, staff.emp_title AS staff_emp_title, m.cutter, staff2.emp_title AS staff2_emp_title,
       m.child_doc, staff3.emp_title AS staff3_emp_title, m.helper, staff4.emp_title AS staff4_emp_title,
       m.guide, staff5.emp_title AS staff5_emp_title, m.writer, staff6.emp_title AS staff6_emp_title,
       m.signed_at, m.state, m.made_at, m.edited_at, card.bed_txt AS card_bed_txt, card.born AS card_born,
       card.nth_stay AS card_nth_stay, card.pat_ref AS card_pat_ref, card.room_txt AS card_room_txt,
       card.stay_no AS card_stay_no, card.unit_no AS card_unit_no, card.ward_no AS card_ward_no,
       unit.dept_title AS unit_dept_title, ward.dept_title AS ward_dept_title
  FROM birth_note m
  LEFT JOIN birth_course birth_course ON birth_course.note_key = m.note_key
  LEFT JOIN birth_after birth_after ON birth_after.note_key = m.note_key
  LEFT JOIN birth_child birth_child ON birth_child.note_key = m.note_key
  LEFT JOIN sys_emp staff ON staff.emp_no = m.catcher
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.cutter
  LEFT JOIN sys_emp staff3 ON staff3.emp_no = m.child_doc
  LEFT JOIN sys_emp staff4 ON staff4.emp_no = m.helper
  LEFT JOIN sys_emp staff5 ON staff5.emp_no = m.guide
  LEFT JOIN sys_emp staff6 ON staff6.emp_no = m.writer
  LEFT JOIN ward_card card ON card.enc_no = m.enc_no
  LEFT JOIN sys_dept unit ON unit.dept_no = card.unit_no
  LEFT JOIN sys_dept ward ON ward.dept_no = card.ward_no
