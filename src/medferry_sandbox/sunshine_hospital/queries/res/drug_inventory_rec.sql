SELECT m.count_key, m.count_day, m.room_key, room.room_title, room.room_kind, m.drug_key, drug.nation_no AS
       drug_nation_no, drug.prov_no AS drug_prov_no, money.hi_no AS money_hi_no, drug.body_no AS drug_body_no,
       drug.trace_no AS drug_trace_no, drug.kind AS drug_kind, drug.inn_title AS drug_inn_title, drug.form AS
       drug_form, drug.pack_text AS drug_pack_text, drug.unit_big AS drug_unit_big, drug.per_big AS
       drug_per_big, drug.unit_small AS drug_unit_small, drug.maker AS drug_maker, drug.made_in AS
       drug_made_in, drug.permit_no AS drug_permit_no, m.lot, m.lot_span, m.packs_first, m.packs_in,
       m.packs_out, m.packs, m.pieces, m.packs_held, m.bounds, m.cost, money.price AS money_price, m.worth,
       m.put_at, m.seller, drug.basic_yn AS drug_basic_yn, drug.basic_lv AS drug_basic_lv, m.fit, m.shelf,
       m.checked, m.memo, m.state, m.made_at, m.edited_at
  FROM stock_count m
  LEFT JOIN drug_master drug ON drug.drug_key = m.drug_key
  LEFT JOIN drug_money money ON money.drug_key = m.drug_key
  LEFT JOIN store_room room ON room.room_key = m.room_key
