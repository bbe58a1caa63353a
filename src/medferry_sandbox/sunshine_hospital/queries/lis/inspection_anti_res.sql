SELECT m.ast_no, inspection_b.rpt_key AS inspection_b_rpt_key, m.germ_key, inspection_r.rpt_sn AS
       inspection_r_rpt_sn, m.line_no, inspection_b.germ_cd AS inspection_b_germ_cd, inspection_b.germ_txt AS
       inspection_b_germ_txt, m.drug_cd, m.drug_txt, m.drug_grade, m.way, m.way_txt, m.disk_ug, m.zone_mm,
       m.mic_txt, m.sir, m.sir_txt, m.memo, m.limits_txt, inspection_b.mach_no AS inspection_b_mach_no,
       inspection_b.mach_txt AS inspection_b_mach_txt, inspection_r.run_at AS inspection_r_run_at,
       inspection_r.run_by AS inspection_r_run_by, staff.etext AS staff_etext, inspection_r.out_at AS
       inspection_r_out_at, m.ast_state, m.ins_at, m.upd_at, tube.req_no AS tube_req_no, tube.sample_txt AS
       tube_sample_txt
  FROM lab_germ_drug m
  LEFT JOIN lab_germ inspection_b ON inspection_b.germ_key = m.germ_key
  LEFT JOIN lab_report inspection_r ON inspection_r.rpt_key = inspection_b.rpt_key
  LEFT JOIN lab_emp staff ON staff.eno = inspection_r.run_by
  LEFT JOIN lab_tube tube ON tube.tube_no = inspection_r.tube_no
