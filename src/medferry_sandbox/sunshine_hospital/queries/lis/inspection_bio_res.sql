SELECT m.germ_key, m.rpt_key, inspection_r.rpt_sn AS inspection_r_rpt_sn, m.plate_no, inspection_r.tube_no AS
       inspection_r_tube_no, inspection_r.panel_no AS inspection_r_panel_no, inspection_r.panel_txt AS
       inspection_r_panel_txt, m.grow_txt, m.grew_yn, m.germ_cd, m.germ_txt, m.smear_txt, m.colonies,
       m.medium_txt, m.grown_for, m.air_txt, m.seen_by, m.gram, m.esbl_yn, m.carba_yn, m.mdr_yn, m.mdr_kind,
       m.mach_no, m.mach_txt, inspection_r.run_at AS inspection_r_run_at, inspection_r.run_by AS
       inspection_r_run_by, staff.etext AS staff_etext, inspection_r.signed_by AS inspection_r_signed_by,
       staff2.etext AS staff2_etext, inspection_r.out_at AS inspection_r_out_at, m.germ_state, m.ins_at,
       m.upd_at, tube.req_no AS tube_req_no, tube.sample_txt AS tube_sample_txt
  FROM lab_germ m
  LEFT JOIN lab_report inspection_r ON inspection_r.rpt_key = m.rpt_key
  LEFT JOIN lab_emp staff ON staff.eno = inspection_r.run_by
  LEFT JOIN lab_emp staff2 ON staff2.eno = inspection_r.signed_by
  LEFT JOIN lab_tube tube ON tube.tube_no = inspection_r.tube_no
