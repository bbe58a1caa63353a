-- 出院小结手术：一行一台手术，人员姓名取自 EMR 用户表
SELECT m.line_no, m.doc_no, m.nth, m.icd9, m.done, m.cut_at, m.closed_at, m.lvl, m.site, m.wound, m.heal,
       m.sleep, m.story, m.surgeon, staff.emp_title AS staff_emp_title, m.helper, staff2.emp_title AS
       staff2_emp_title, m.sleeper, staff3.emp_title AS staff3_emp_title, m.stay_no, stay.pat_no AS
       stay_pat_no, m.doc_state, m.born_at, m.saved_at
  FROM out_operation m
  LEFT JOIN sys_emp staff ON staff.emp_no = m.surgeon
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.helper
  LEFT JOIN sys_emp staff3 ON staff3.emp_no = m.sleeper
  LEFT JOIN emr_stay stay ON stay.stay_no = m.stay_no
