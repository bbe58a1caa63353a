SELECT m.item_key, m.study_key, report.doc_no AS report_doc_no, m.nth, m.svc_no, m.svc_txt, m.bill_txt,
       m.spot_txt, m.jar_kind, m.jar_txt, m.jar_state, m.fixed_in, m.cut_at, m.got_at, study.scan_at AS
       study_scan_at, m.verdict, m.note_txt, m.meas_num, m.meas_uom, m.times_n, m.price, m.item_state,
       m.ins_at, m.upd_at, study.req_no AS study_req_no
  FROM ris_item m
  LEFT JOIN ris_report report ON report.study_key = m.study_key
  LEFT JOIN ris_study study ON study.study_key = m.study_key
