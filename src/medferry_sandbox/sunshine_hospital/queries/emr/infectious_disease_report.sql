SELECT m.card_no, m.pat_ref, m.enc_ref, m.enc_kind, m.card_tag, m.turn, m.turns_from, m.person, m.guardian,
       m.paper, m.paper_no, m.gender, m.born, m.years, m.years_in, m.works_at, m.call_no, m.kin, m.kin_call,
       m.comes_from, m.live_area, m.live, m.live_town, m.live_road, m.live_door, m.live_txt, m.home_area,
       m.home_txt, m.people, m.sure, m.acute, m.ill_from, m.found_at, m.law_class, m.ill, m.ill_txt,
       m.dx_code, m.dx_text, card_hbv.hbs_since AS card_hbv_hbs_since, card_hbv.hbv_from AS card_hbv_hbv_from,
       card_hbv.alt AS card_hbv_alt, card_hbv.igm AS card_hbv_igm, card_hbv.puncture AS card_hbv_puncture,
       card_hbv.turned AS card_hbv_turned, m.hfm_grave, m.hfm_virus, m.others_ill, m.sender_area, m.sender,
       m.sender_txt, m.sender_call, m.unit_no, dept.dept_title AS dept_dept_title, m.doc_no, staff.emp_title
       AS staff_emp_title, m.filled_at, m.checked, m.checker, m.checked_at, m.sent, m.sent_at, m.notice,
       m.state, m.made_at, m.edited_at
  FROM card_main m
  LEFT JOIN card_hbv card_hbv ON card_hbv.card_no = m.card_no
  LEFT JOIN sys_dept dept ON dept.dept_no = m.unit_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.doc_no
