SELECT m.in_no, m.med_no, m.med_txt, m.brand, m.maker, m.permit, m.form, m.spec_txt, m.pack_size, m.pack_in,
       m.price, m.packs, m.money, m.bought_at, m.pay_kind, m.insu_no, m.grade, m.kind, m.way, m.lot,
       m.good_until, m.seller, m.in_from, m.state, m.made_at, m.edited_at
  FROM onc_stock_in m
