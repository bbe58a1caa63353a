-- 日常病程记录，病区床位取自 EMR 住院索引，证件与地址取自 HIS 病人主档
SELECT m.doc_no, m.written_at, m.kind, m.headline, m.story, m.changed_orders, m.gravity, m.writer_rank,
       m.writer, staff.emp_title AS staff_emp_title, m.checker, staff2.emp_title AS staff2_emp_title,
       m.sealed_at, m.stay_no, stay.pat_no AS stay_pat_no, stay.ip_no AS stay_ip_no, stay.nth AS stay_nth,
       stay.dept AS stay_dept, dept.dept_title AS dept_dept_title, stay.ward AS stay_ward, ward.dept_title AS
       ward_dept_title, stay.room AS stay_room, stay.bed AS stay_bed, stay.person AS stay_person, stay.sex AS
       stay_sex, stay.born AS stay_born, stay.in_tm AS stay_in_tm, m.doc_state, m.born_at, m.saved_at
  FROM course_note m
  LEFT JOIN sys_emp staff ON staff.emp_no = m.writer
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.checker
  LEFT JOIN emr_stay stay ON stay.stay_no = m.stay_no
  LEFT JOIN sys_dept dept ON dept.dept_no = stay.dept
  LEFT JOIN sys_dept ward ON ward.dept_no = stay.ward
