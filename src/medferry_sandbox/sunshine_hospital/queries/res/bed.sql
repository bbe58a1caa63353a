SELECT m.bed_key, m.label, m.room, m.ward_key, ward.unit_title AS ward_unit_title, m.unit_key,
       unit.subject AS unit_subject, unit.unit_title AS unit_unit_title, m.site_no, m.house,
       m.plan_kind, m.kind, m.room_kind, m.for_whom, m.counted, m.in_use, m.icu_yn, m.neg_yn, m.rehab_yn,
       m.vip_yn, m.watch_yn, m.day_yn, m.now_state, m.now_at, m.fee_key, fee.amount AS fee_amount, m.doc_key, staff.emp_title AS
       staff_emp_title, m.nur_key, staff2.emp_title AS staff2_emp_title, m.open_day, m.state, m.made_at,
       m.edited_at
  FROM bed_file m
  LEFT JOIN unit_info ward ON ward.unit_key = m.ward_key
  LEFT JOIN unit_info unit ON unit.unit_key = m.unit_key
  LEFT JOIN person_file staff ON staff.emp_key = m.doc_key
  LEFT JOIN person_file staff2 ON staff2.emp_key = m.nur_key
  LEFT JOIN price_item fee ON fee.item_key = m.fee_key
