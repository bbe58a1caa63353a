SELECT m.cut_no, m.obs_no, encoun_obs_m.pat_ref AS encoun_obs_m_pat_ref, encoun_obs_m.enc_ref AS
       encoun_obs_m_enc_ref, m.nth, m.what, m.where_no, m.where_txt, m.how_txt, m.times, m.from_tm, m.to_tm,
       m.numbing, m.hand_no, staff.emp_title AS staff_emp_title, m.unit_no, dept.dept_title AS
       dept_dept_title, m.notice, m.state, m.made_at, m.edited_at
  FROM obs_surgery m
  LEFT JOIN obs_note encoun_obs_m ON encoun_obs_m.obs_no = m.obs_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.hand_no
  LEFT JOIN sys_dept dept ON dept.dept_no = m.unit_no
