SELECT m.out_key, m.sheet_no, m.given_at, m.kind, m.room_key, room.room_title, room.room_kind, m.unit_from,
       dept.unit_title AS dept_unit_title, m.unit_to, dept2.unit_title AS dept2_unit_title, m.drug_key,
       drug.nation_no AS drug_nation_no, drug.prov_no AS drug_prov_no, money.hi_no AS money_hi_no, drug.kind
       AS drug_kind, drug.inn_title AS drug_inn_title, drug.form AS drug_form, drug.pack_text AS
       drug_pack_text, drug.unit_big AS drug_unit_big, drug.unit_small AS drug_unit_small, drug.per_big AS
       drug_per_big, drug.maker AS drug_maker, drug.permit_no AS drug_permit_no, lot.lot AS lot_lot,
       lot.lot_ends AS lot_lot_ends, m.packs, m.pieces, lot.cost AS lot_cost, money.price AS money_price,
       m.worth, m.packs_left, m.in_key, m.back_to, m.why, m.giver, staff.emp_title AS staff_emp_title,
       m.checker, staff2.emp_title AS staff2_emp_title, m.taker, m.memo, m.state, m.made_at, m.edited_at
  FROM stock_out m
  LEFT JOIN unit_info dept ON dept.unit_key = m.unit_from
  LEFT JOIN unit_info dept2 ON dept2.unit_key = m.unit_to
  LEFT JOIN drug_master drug ON drug.drug_key = m.drug_key
  LEFT JOIN drug_money money ON money.drug_key = m.drug_key
  LEFT JOIN stock_in lot ON lot.in_key = m.in_key
  LEFT JOIN person_file staff ON staff.emp_key = m.giver
  LEFT JOIN person_file staff2 ON staff2.emp_key = m.checker
  LEFT JOIN store_room room ON room.room_key = m.room_key
