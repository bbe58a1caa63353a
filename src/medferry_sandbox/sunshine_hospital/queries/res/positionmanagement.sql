SELECT m.post_key, m.site_no, m.post_no, m.post_title, m.kind, m.pay_lv, m.series, m.both_yn, m.key_yn,
       m.unit_key, dept.subject AS dept_subject, dept.unit_title AS dept_unit_title, m.trade,
       m.min_study, m.min_grade, m.duties, m.contract, m.seats, m.seats_plan, m.seats_free, m.emp_key,
       staff.emp_title AS staff_emp_title, m.hired, m.hired_to, m.hired_how, m.paper_no, m.paper_by,
       m.paper_day, m.since, m.run_state, m.counted, m.state, m.made_at, m.edited_at
  FROM post_plan m
  LEFT JOIN unit_info dept ON dept.unit_key = m.unit_key
  LEFT JOIN person_file staff ON staff.emp_key = m.emp_key
