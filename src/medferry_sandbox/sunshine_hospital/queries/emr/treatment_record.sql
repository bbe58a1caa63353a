SELECT m.sheet_no, m.visit_sn, m.kg, m.ask_no, m.advice_sn, m.advice_txt, m.inv_yn, m.alg_yn, m.alg_txt,
       m.memo, m.next_txt, m.fu_way, m.fu_day, m.fu_cycle, m.began_at, m.ended_at, m.done_by, staff.emp_title
       AS staff_emp_title, m.signed_at, m.sheet_state, m.ins_at, m.upd_at
  FROM cure_sheet m
  LEFT JOIN sys_emp staff ON staff.emp_no = m.done_by
