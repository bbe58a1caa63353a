SELECT m.drug_key, m.nation_no, m.prov_no, m.body_no, m.trace_no, drug_money.hi_no AS drug_money_hi_no,
       drug_money.hi_kind AS drug_money_hi_kind, drug_money.deal_yn AS drug_money_deal_yn, m.inn_title,
       m.shelf_title, m.kind, m.form, m.pack_text, m.strength, m.strength_unit, m.unit_small, m.unit_big,
       m.per_big, m.maker, m.made_in, m.permit_no, drug_money.cost AS drug_money_cost, drug_money.price AS
       drug_money_price, drug_money.since AS drug_money_since, m.ddd, m.ddd_unit, m.rx_kind, m.basic_yn,
       m.basic_lv, drug_money.bulk_yn AS drug_money_bulk_yn, m.equal_yn, m.anti_yn, m.anti_lv, m.onco_yn,
       m.onco_lv, m.onco_kind, m.guard, m.inject_yn, m.alert_yn, m.skin_yn, m.route_no, m.keep_kind,
       m.shelf_life, drug_money.seller AS drug_money_seller, m.since, m.use_state, m.state, m.made_at,
       m.edited_at
  FROM drug_master m
  LEFT JOIN drug_money drug_money ON drug_money.drug_key = m.drug_key
