SELECT m.line_id, m.sheet_no, sheet.visit_sn AS sheet_visit_sn, m.nth, m.class_cd, m.svc_no, m.svc_txt,
       m.spot_txt, m.how_txt, m.times_n, m.uom, m.from_at, m.till_at, m.mach_txt, m.dept_no, dept.dept_title
       AS dept_dept_title, m.done_by, staff.emp_title AS staff_emp_title, m.price, m.total, m.memo,
       m.line_state, m.ins_at, m.upd_at
  FROM cure_item m
  LEFT JOIN cure_sheet sheet ON sheet.sheet_no = m.sheet_no
  LEFT JOIN sys_dept dept ON dept.dept_no = m.dept_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.done_by
