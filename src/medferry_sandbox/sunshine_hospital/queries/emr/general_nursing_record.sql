SELECT m.sheet_no, m.enc_no, m.infant, m.noted_at, m.care_lv, m.care_kind, nurse_vital.heavy AS
       nurse_vital_heavy, nurse_vital.temp AS nurse_vital_temp, nurse_vital.breath AS nurse_vital_breath,
       nurse_vital.pulse AS nurse_vital_pulse, nurse_vital.bp AS nurse_vital_bp, nurse_vital.spo2 AS
       nurse_vital_spo2, nurse_vital.foot_pulse AS nurse_vital_foot_pulse, m.appetite, m.tube_txt,
       m.airway_kind, m.lying_txt, m.skin_txt, m.feed_txt, m.meal, m.mind_kind, m.guard_kind, m.state_txt,
       m.watched, m.watched_txt, m.op_list, m.op_risk, m.apart_yn, m.apart_kind, m.nur_no, staff.emp_title AS
       staff_emp_title, m.signed_at, m.state, m.made_at, m.edited_at, card.allergic AS card_allergic,
       card.allergy_txt AS card_allergy_txt, card.bed_txt AS card_bed_txt, card.born AS card_born, card.dx AS
       card_dx, card.gender AS card_gender, card.pat_ref AS card_pat_ref, card.room_txt AS card_room_txt,
       card.stay_no AS card_stay_no, card.unit_no AS card_unit_no, card.ward_no AS card_ward_no,
       unit.dept_title AS unit_dept_title, ward.dept_title AS ward_dept_title
  FROM nurse_sheet m
  LEFT JOIN nurse_vital nurse_vital ON nurse_vital.sheet_no = m.sheet_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.nur_no
  LEFT JOIN ward_card card ON card.enc_no = m.enc_no
  LEFT JOIN sys_dept unit ON unit.dept_no = card.unit_no
  LEFT JOIN sys_dept ward ON ward.dept_no = card.ward_no
