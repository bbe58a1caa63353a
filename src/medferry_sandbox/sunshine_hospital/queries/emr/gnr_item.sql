SELECT m.act_no, m.sheet_no, sheet.enc_no AS sheet_enc_no, m.nth, m.act_kind, m.act_title, m.act_class,
       m.outcome, m.done_at, m.ord_ref, m.times_done, m.nur_no, staff.emp_title AS staff_emp_title, m.memo,
       m.state, m.made_at, m.edited_at, card.pat_ref AS card_pat_ref
  FROM nurse_act m
  LEFT JOIN nurse_sheet sheet ON sheet.sheet_no = m.sheet_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.nur_no
  LEFT JOIN ward_card card ON card.enc_no = sheet.enc_no
