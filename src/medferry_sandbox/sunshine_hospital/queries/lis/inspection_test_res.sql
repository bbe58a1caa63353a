SELECT m.val_no, m.rpt_key, inspection_r.rpt_sn AS inspection_r_rpt_sn, m.line_no, inspection_r.panel_no AS
       inspection_r_panel_no, inspection_r.panel_txt AS inspection_r_panel_txt, m.item_no, m.item_txt,
       m.loinc, m.kind, m.val_txt, m.uom, m.verdict, m.arrow, m.range_txt, m.low_lim, m.high_lim, m.panic_yn,
       inspection_r.method_txt AS inspection_r_method_txt, m.mach_no, m.mach_txt, inspection_r.tube_state AS
       inspection_r_tube_state, inspection_r.run_at AS inspection_r_run_at, inspection_r.run_by AS
       inspection_r_run_by, staff.etext AS staff_etext, inspection_r.signed_by AS inspection_r_signed_by,
       staff2.etext AS staff2_etext, inspection_r.out_at AS inspection_r_out_at, m.memo, m.val_state,
       m.ins_at, m.upd_at, tube.req_no AS tube_req_no, tube.sample_txt AS tube_sample_txt, tube.drawn_at AS
       tube_drawn_at, tube.got_at AS tube_got_at
  FROM lab_value m
  LEFT JOIN lab_report inspection_r ON inspection_r.rpt_key = m.rpt_key
  LEFT JOIN lab_emp staff ON staff.eno = inspection_r.run_by
  LEFT JOIN lab_emp staff2 ON staff2.eno = inspection_r.signed_by
  LEFT JOIN lab_tube tube ON tube.tube_no = inspection_r.tube_no
