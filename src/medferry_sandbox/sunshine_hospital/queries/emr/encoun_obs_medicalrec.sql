SELECT m.obs_no, m.pat_ref, m.enc_ref, m.clinic_no, m.req_sheet, m.unit_no, dept.dept_title AS
       dept_dept_title, m.gender, m.born, m.years, m.call_no, m.allergic, m.allergy_txt, m.seen_at,
       m.first_kind, m.stay_from, m.stay_to, m.bed_tag, m.triage, m.complaint, m.illness_now, m.illness_past,
       m.body_check, m.aux_names, m.aux_outcome, m.temp, m.pulse, m.breath, m.bp, m.tall, m.heavy, m.dx_code,
       m.dx_text, m.dx_more, m.course_txt, m.saved_yn, obs_saving.from_tm AS obs_saving_from_tm,
       obs_saving.to_tm AS obs_saving_to_tm, obs_saving.how_txt AS obs_saving_how_txt, obs_saving.who_txt AS
       obs_saving_who_txt, obs_saving.lead_title AS obs_saving_lead_title, obs_saving.outcome AS
       obs_saving_outcome, m.mind_txt, m.goes_to, m.goes_txt, m.lead_no, staff.emp_title AS staff_emp_title,
       m.doc_no, staff2.emp_title AS staff2_emp_title, m.noted_at, m.state, m.made_at, m.edited_at
  FROM obs_note m
  LEFT JOIN sys_dept dept ON dept.dept_no = m.unit_no
  LEFT JOIN obs_saving obs_saving ON obs_saving.obs_no = m.obs_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.lead_no
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.doc_no
