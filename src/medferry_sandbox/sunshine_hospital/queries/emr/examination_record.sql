SELECT m.study_key, m.req_no, m.clin_txt, m.sick_at, m.well_at, m.special_yn, m.proc_cd, m.proc_txt, m.proc_site,
       m.proc_place, m.proc_way, m.proc_n, m.proc_end, m.jar_no, m.modality, m.class_txt, m.tech_txt,
       m.part_txt, m.mach_no, m.mach_txt, m.scan_at, m.tech_by, staff.emp_title AS staff_emp_title, m.scan_by,
       staff2.emp_title AS staff2_emp_title, doc.doc_no AS doc_doc_no, m.room_no, dept.dept_title AS
       dept_dept_title, doc.seen_txt AS doc_seen_txt, doc.think_txt AS doc_think_txt, doc.verdict AS
       doc_verdict, doc.pos_yn AS doc_pos_yn, doc.advice_txt AS doc_advice_txt, doc.memo AS doc_memo,
       doc.out_at AS doc_out_at, doc.wrote_by AS doc_wrote_by, staff3.emp_title AS staff3_emp_title,
       doc.signed_by AS doc_signed_by, staff4.emp_title AS staff4_emp_title, doc.signed_at AS doc_signed_at,
       doc.panic_yn AS doc_panic_yn, doc.called_at AS doc_called_at, m.image_yn, m.dicom_uid, m.acc_no,
       m.shared_yn, m.price, doc.pdf_at AS doc_pdf_at, m.study_state, m.ins_at, m.upd_at
  FROM ris_study m
  LEFT JOIN sys_emp staff ON staff.emp_no = m.tech_by
  LEFT JOIN sys_emp staff2 ON staff2.emp_no = m.scan_by
  LEFT JOIN ris_report doc ON doc.study_key = m.study_key
  LEFT JOIN sys_dept dept ON dept.dept_no = m.room_no
  LEFT JOIN sys_emp staff3 ON staff3.emp_no = doc.wrote_by
  LEFT JOIN sys_emp staff4 ON staff4.emp_no = doc.signed_by
