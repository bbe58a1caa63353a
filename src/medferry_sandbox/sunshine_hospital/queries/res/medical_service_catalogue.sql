SELECT m.item_key, m.item_title, m.prov_no, m.prov_title, m.hi_no, m.hi_kind, m.hi_own, m.basis, m.own_yn,
       m.chapter, m.fee_kind, m.front_kind, m.per, m.amount, m.amount_max, m.price_kind, m.price_lv,
       m.paper_no, m.icd9, m.test_kind, m.unit_key, dept.unit_title AS dept_unit_title, m.since, m.use_state,
       m.state, m.made_at, m.edited_at
  FROM price_item m
  LEFT JOIN unit_info dept ON dept.unit_key = m.unit_key
