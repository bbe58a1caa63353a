SELECT m.unit_key, m.site_no, m.unit_title, m.short_title, m.subject, m.up_key, dept.unit_title AS
       dept_unit_title, m.depth, m.kind, m.permit_subject, m.sees_out, m.sees_in, m.sees_er, m.icu_yn,
       m.cuts_yn, m.tcm_yn, m.ward_yn, m.key_lv, m.beds, m.beds_open, m.boss_key, staff.emp_title AS
       staff_emp_title, m.head_key, staff2.emp_title AS staff2_emp_title, m.tel, m.place, m.born_day,
       m.run_state, m.shown, m.state, m.made_at, m.edited_at
  FROM unit_info m
  LEFT JOIN unit_info dept ON dept.unit_key = m.up_key
  LEFT JOIN person_file staff ON staff.emp_key = m.boss_key
  LEFT JOIN person_file staff2 ON staff2.emp_key = m.head_key
