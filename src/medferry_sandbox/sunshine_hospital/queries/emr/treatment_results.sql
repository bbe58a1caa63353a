SELECT m.effect_no, m.sheet_no, sheet.visit_sn AS sheet_visit_sn, m.nth, m.effect, m.effect_txt, m.pre_txt,
       m.post_txt, m.adv_yn, m.adv_txt, m.adv_fix, m.odd_txt, m.next_txt, sheet.fu_day AS sheet_fu_day,
       m.judged_at, m.judged_by, staff.emp_title AS staff_emp_title, m.effect_state, m.ins_at, m.upd_at
  FROM cure_effect m
  LEFT JOIN cure_sheet sheet ON sheet.sheet_no = m.sheet_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.judged_by
