SELECT m.asset_key, m.card_no, m.survey_no, m.title, asset_buy.pieces AS asset_buy_pieces, m.cat_no, m.kind,
       m.big_kind, m.big_permit, m.maker_mark, m.make_no, m.plate_no, m.from_kind, m.from_land, m.maker,
       asset_buy.seller AS asset_buy_seller, m.made_day, asset_buy.bought AS asset_buy_bought, asset_buy.how
       AS asset_buy_how, asset_buy.fresh AS asset_buy_fresh, asset_buy.paid_by AS asset_buy_paid_by,
       asset_buy.price AS asset_buy_price, asset_buy.amount AS asset_buy_amount, m.life, m.use_state, m.begun,
       m.ended, m.site_no, m.unit_key, dept.unit_title AS dept_unit_title, m.place, m.emp_key, staff.emp_title
       AS staff_emp_title, m.gauge_yn, m.gauge_to, m.cared, m.gps_yn, m.year_uses, m.state, m.made_at,
       m.edited_at
  FROM asset_card m
  LEFT JOIN asset_buy asset_buy ON asset_buy.asset_key = m.asset_key
  LEFT JOIN unit_info dept ON dept.unit_key = m.unit_key
  LEFT JOIN person_file staff ON staff.emp_key = m.emp_key
