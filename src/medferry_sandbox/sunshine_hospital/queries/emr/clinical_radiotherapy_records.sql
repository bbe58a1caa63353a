SELECT m.ray_no, m.pat_ref, m.enc_ref, m.enc_kind, m.card, m.ward_no, m.ward_nth, m.gender, m.years, m.born,
       m.dx, m.tnm, m.nth, m.aim, m.mode, m.way, m.run, m.machine, m.machine_tag, m.beam, m.where_txt,
       m.target_txt, m.day_one, m.day_last, ray_dose.plan_days AS ray_dose_plan_days, ray_dose.plan_total AS
       ray_dose_plan_total, ray_dose.plan_times AS ray_dose_plan_times, ray_dose.plan_each AS
       ray_dose_plan_each, ray_dose.done_total AS ray_dose_done_total, ray_dose.done_times AS
       ray_dose_done_times, m.whole_yn, m.chemo_yn, m.chemo_txt, m.target_yn, m.target_drug, m.judged_on,
       m.answer, m.harm_txt, m.unit_no, dept.dept_title AS dept_dept_title, m.doc_no, staff.emp_title AS
       staff_emp_title, m.physicist, m.operator, m.state, m.made_at, m.edited_at
  FROM ray_course m
  LEFT JOIN ray_dose ray_dose ON ray_dose.ray_no = m.ray_no
  LEFT JOIN sys_dept dept ON dept.dept_no = m.unit_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.doc_no
