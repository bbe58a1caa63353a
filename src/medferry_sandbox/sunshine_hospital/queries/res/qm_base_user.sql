SELECT m.emp_key, m.badge, m.site_no, m.emp_title, m.cert, m.gender, m.born, m.folk, m.party, m.works_since,
       m.joined, m.desk_tel, m.mobile, m.unit_key, dept.subject AS dept_subject,
       dept.unit_title AS dept_unit_title, m.job, m.trade, person_licen.doc_permit AS person_licen_doc_permit,
       person_licen.doc_exam AS person_licen_doc_exam, person_licen.doc_kind AS person_licen_doc_kind,
       person_licen.doc_scope AS person_licen_doc_scope, person_licen.doc_lv AS person_licen_doc_lv,
       person_licen.permit_kind AS person_licen_permit_kind, person_licen.multi_yn AS person_licen_multi_yn,
       person_licen.nur_permit AS person_licen_nur_permit, person_licen.pha_permit AS person_licen_pha_permit,
       person_licen.permit_from AS person_licen_permit_from, person_licen.permit_to AS person_licen_permit_to,
       person_licen.permit_by AS person_licen_permit_by, person_licen.trained AS person_licen_trained,
       person_licen.train_no AS person_licen_train_no, m.boss_kind, m.boss_title, m.grade, m.grade_lv,
       m.grade_since, m.study, m.degree, m.subject, m.school, m.good_at, m.contract, person_licen.gp_yn AS
       person_licen_gp_yn, m.it_yn, m.it_kind, m.star_yn, m.allow_yn, m.clinic_yn, person_licen.rx_yn AS
       person_licen_rx_yn, person_licen.rx_anti AS person_licen_rx_anti, person_licen.rx_onco AS
       person_licen_rx_onco, person_licen.rx_narc AS person_licen_rx_narc, person_licen.op_lv AS
       person_licen_op_lv, person_licen.hi_no AS person_licen_hi_no, m.on_duty, m.state, m.made_at,
       m.edited_at
  FROM person_file m
  LEFT JOIN unit_info dept ON dept.unit_key = m.unit_key
  LEFT JOIN person_licence person_licen ON person_licen.emp_key = m.emp_key
