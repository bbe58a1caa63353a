-- 入院记录：病史与体格检查两张表一对一，病区床位取自 EMR 住院索引，证件与地址取自 HIS 病人主档
SELECT m.doc_no, m.teller, m.teller_kin, m.trusted, m.cc, m.hpi, m.healthy, m.pmh, m.contagious, m.contagion,
       m.wed_story, m.allergies, m.shots, m.ops_before, m.blood_before, m.habits, m.menses, m.kin_story,
       adm_exam.temp AS adm_exam_temp, adm_exam.pulse AS adm_exam_pulse, adm_exam.breath AS adm_exam_breath,
       adm_exam.bp AS adm_exam_bp, adm_exam.tall_cm AS adm_exam_tall_cm, adm_exam.heavy_kg AS
       adm_exam_heavy_kg, adm_exam.look AS adm_exam_look, adm_exam.skin AS adm_exam_skin, adm_exam.nodes AS
       adm_exam_nodes, adm_exam.head AS adm_exam_head, adm_exam.neck AS adm_exam_neck, adm_exam.chest AS
       adm_exam_chest, adm_exam.belly AS adm_exam_belly, adm_exam.anus AS adm_exam_anus, adm_exam.genitals AS
       adm_exam_genitals, adm_exam.spine AS adm_exam_spine, adm_exam.limbs AS adm_exam_limbs, adm_exam.nerves
       AS adm_exam_nerves, adm_exam.special AS adm_exam_special, adm_exam.tests AS adm_exam_tests, m.dx1,
       m.dx1_day, m.dx2, m.dx2_day, m.dx_order, m.written_at, m.sealed_at, m.stay_no, stay.pat_no AS
       stay_pat_no, stay.ip_no AS stay_ip_no, stay.dept AS stay_dept, dept.dept_title AS dept_dept_title,
       stay.ward AS stay_ward, ward.dept_title AS ward_dept_title, stay.room AS stay_room, stay.bed AS
       stay_bed, stay.person AS stay_person, stay.sex AS stay_sex, stay.born AS stay_born, stay.in_tm AS
       stay_in_tm, m.wed, m.trade, stay.res_doc AS stay_res_doc, emp.emp_title AS emp_emp_title, stay.att_doc
       AS stay_att_doc, emp2.emp_title AS emp2_emp_title, stay.chief_doc AS stay_chief_doc, emp3.emp_title AS
       emp3_emp_title, m.doc_state, m.born_at, m.saved_at
  FROM adm_note m
  LEFT JOIN adm_exam adm_exam ON adm_exam.doc_no = m.doc_no
  LEFT JOIN emr_stay stay ON stay.stay_no = m.stay_no
  LEFT JOIN sys_dept dept ON dept.dept_no = stay.dept
  LEFT JOIN sys_dept ward ON ward.dept_no = stay.ward
  LEFT JOIN sys_emp emp ON emp.emp_no = stay.res_doc
  LEFT JOIN sys_emp emp2 ON emp2.emp_no = stay.att_doc
  LEFT JOIN sys_emp emp3 ON emp3.emp_no = stay.chief_doc
