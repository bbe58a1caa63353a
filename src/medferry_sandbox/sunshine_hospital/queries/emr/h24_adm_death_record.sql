-- 24小时内入院死亡记录，病区床位取自 EMR 住院索引，证件与地址取自 HIS 病人主档
SELECT m.doc_no, m.teller, m.teller_kin, m.trusted, m.cc, m.came, m.dx_in, m.course_story, m.cause, m.dx_out,
       m.written_at, m.sealed_at, m.stay_no, stay.pat_no AS stay_pat_no, stay.ip_no AS stay_ip_no, stay.dept
       AS stay_dept, dept.dept_title AS dept_dept_title, ward.dept_title AS ward_dept_title, stay.bed AS
       stay_bed, stay.person AS stay_person, stay.sex AS stay_sex, stay.born AS stay_born, stay.in_tm AS
       stay_in_tm, m.wed, m.trade, stay.out_tm AS stay_out_tm, stay.res_doc AS stay_res_doc, emp.emp_title AS
       emp_emp_title, stay.att_doc AS stay_att_doc, emp2.emp_title AS emp2_emp_title, stay.chief_doc AS
       stay_chief_doc, emp3.emp_title AS emp3_emp_title, m.doc_state, m.born_at, m.saved_at
  FROM day_death_note m
  LEFT JOIN emr_stay stay ON stay.stay_no = m.stay_no
  LEFT JOIN sys_dept dept ON dept.dept_no = stay.dept
  LEFT JOIN sys_dept ward ON ward.dept_no = stay.ward
  LEFT JOIN sys_emp emp ON emp.emp_no = stay.res_doc
  LEFT JOIN sys_emp emp2 ON emp2.emp_no = stay.att_doc
  LEFT JOIN sys_emp emp3 ON emp3.emp_no = stay.chief_doc
