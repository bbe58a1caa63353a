SELECT m.med_id, m.sheet_no, sheet.visit_sn AS sheet_visit_sn, m.nth, m.med_no, m.med_txt, m.pack_txt,
       m.form_cd, m.herb_cd, m.use_txt, m.freq, m.dose_n, m.dose_uom, m.dose_sum, m.way_cd, m.set_no,
       m.skin_cd, sheet.began_at AS sheet_began_at, sheet.ended_at AS sheet_ended_at, m.anti_yn, sheet.done_by
       AS sheet_done_by, staff.emp_title AS staff_emp_title, m.med_state, m.ins_at, m.upd_at
  FROM cure_med m
  LEFT JOIN cure_sheet sheet ON sheet.sheet_no = m.sheet_no
  LEFT JOIN sys_emp staff ON staff.emp_no = sheet.done_by
