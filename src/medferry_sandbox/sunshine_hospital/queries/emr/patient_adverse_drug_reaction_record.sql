SELECT m.form_no, m.pat_ref, m.enc_ref, m.enc_kind, m.card, m.clinic_no, m.clinic_nth, m.ward_no, m.ward_nth,
       m.gender, m.born, m.years, m.folk, m.heavy, m.call_no, m.turn, m.kind, m.sent_at, m.dx, m.effect,
       m.kin_before, m.own_before, m.habits, m.what, m.seen_at, m.story, m.grade, m.grave_why, m.ended,
       m.stopped, m.again, m.sus_permit, m.sus_no, m.sus_brand, m.sus_txt, m.sus_maker, m.sus_lot, m.sus_dose,
       m.sus_way, m.sus_from, m.sus_to, m.sus_why, adr_other_dr.permit AS adr_other_dr_permit,
       adr_other_dr.med_no AS adr_other_dr_med_no, adr_other_dr.brand AS adr_other_dr_brand,
       adr_other_dr.med_txt AS adr_other_dr_med_txt, adr_other_dr.maker AS adr_other_dr_maker,
       adr_other_dr.lot AS adr_other_dr_lot, adr_other_dr.dose AS adr_other_dr_dose, adr_other_dr.way AS
       adr_other_dr_way, adr_other_dr.from_tm AS adr_other_dr_from_tm, adr_other_dr.why AS adr_other_dr_why,
       m.says_doc, m.says_org, m.doc_no, staff.emp_title AS staff_emp_title, m.doc_job, m.doc_call, m.unit_no,
       dept.dept_title AS dept_dept_title, m.nation_no, m.state, m.made_at, m.edited_at
  FROM adr_form m
  LEFT JOIN adr_other_drug adr_other_dr ON adr_other_dr.form_no = m.form_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.doc_no
  LEFT JOIN sys_dept dept ON dept.dept_no = m.unit_no
