SELECT m.proc_id, m.sheet_no, sheet.visit_sn AS sheet_visit_sn, m.nth, m.proc_cd, m.proc_txt, m.grade,
       m.spot_cd, m.spot_txt, m.how_txt, m.times_n, sheet.began_at AS sheet_began_at, sheet.ended_at AS
       sheet_ended_at, m.numb_cd, m.done_by, staff.emp_title AS staff_emp_title, m.helped_by, staff2.emp_title
       AS staff2_emp_title, m.dept_no, dept.dept_title AS dept_dept_title, m.memo, m.proc_state, m.ins_at,
       m.upd_at
  FROM cure_proc m
  LEFT JOIN cure_sheet sheet ON sheet.sheet_no = m.sheet_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.done_by
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.helped_by
  LEFT JOIN sys_dept dept ON dept.dept_no = m.dept_no
