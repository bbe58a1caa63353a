SELECT m.in_key, m.sheet_no, m.prov_sheet, m.asked_at, m.way, drug.bulk_yn AS drug_bulk_yn, m.won_yn,
       m.drug_key, money.nation_no AS money_nation_no, money.prov_no AS money_prov_no, drug.hi_no AS
       drug_hi_no, money.body_no AS money_body_no, money.kind AS money_kind, money.inn_title AS
       money_inn_title, money.form AS money_form, money.pack_text AS money_pack_text, money.unit_big AS
       money_unit_big, money.per_big AS money_per_big, money.unit_small AS money_unit_small, money.maker AS
       money_maker, money.made_in AS money_made_in, money.permit_no AS money_permit_no, m.lot, m.lot_made,
       m.lot_ends, m.seller_no, m.seller, m.seller_uscc, m.packs, m.pieces, m.cost, m.money, m.cost_before,
       m.cost_won, drug.price AS drug_price, m.tax, m.packs_come, money.basic_yn AS money_basic_yn, m.put_no,
       m.put_at, m.packs_put, m.room_key, room.room_title, room.room_kind, m.checked, stock_bill.bill_no AS
       stock_bill_bill_no, stock_bill.bill_day AS stock_bill_bill_day, stock_bill.paid_day AS
       stock_bill_paid_day, m.buyer, staff.emp_title AS staff_emp_title, m.taker, staff2.emp_title AS
       staff2_emp_title, m.memo, m.state, m.made_at, m.edited_at
  FROM stock_in m
  LEFT JOIN drug_money drug ON drug.drug_key = m.drug_key
  LEFT JOIN drug_master money ON money.drug_key = m.drug_key
  LEFT JOIN stock_bill stock_bill ON stock_bill.in_key = m.in_key
  LEFT JOIN person_file staff ON staff.emp_key = m.buyer
  LEFT JOIN person_file staff2 ON staff2.emp_key = m.taker
  LEFT JOIN store_room room ON room.room_key = m.room_key
