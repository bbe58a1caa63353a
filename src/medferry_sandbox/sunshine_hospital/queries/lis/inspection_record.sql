SELECT m.rpt_key, m.rpt_sn, m.kind, m.headline, m.section_txt, m.panel_no, m.panel_txt, m.method_txt,
       m.tube_no, m.tube_state, m.run_at, m.run_by, staff.etext AS staff_etext, m.lab_dno, dept.dtext AS
       dept_dtext, m.out_at, m.verdict, m.out_by, staff2.etext AS staff2_etext, m.signed_by, staff3.etext AS
       staff3_etext, m.signed_at, m.memo, m.odd_yn, m.panic_yn, m.called_at, m.stat_yn, m.sent_out,
       m.shared_yn, m.price, m.printed_at, m.pdf_at, m.rpt_state, m.ins_at, m.upd_at, tube.req_no AS
       tube_req_no, tube.sample_txt AS tube_sample_txt, tube.drawn_at AS tube_drawn_at, tube.got_at AS
       tube_got_at, tube.sample_cd AS tube_sample_cd, tube.drawn_by AS tube_drawn_by, nurse.etext AS
       nurse_etext
  FROM lab_report m
  LEFT JOIN lab_emp staff ON staff.eno = m.run_by
  LEFT JOIN lab_dept dept ON dept.dno = m.lab_dno
  LEFT JOIN lab_emp staff2 ON staff2.eno = m.out_by
  LEFT JOIN lab_emp staff3 ON staff3.eno = m.signed_by
  LEFT JOIN lab_tube tube ON tube.tube_no = m.tube_no
  LEFT JOIN lab_emp nurse ON nurse.eno = tube.drawn_by
