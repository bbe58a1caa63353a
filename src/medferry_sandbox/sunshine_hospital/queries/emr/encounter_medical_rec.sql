SELECT m.note_no, m.pat_ref, m.enc_ref, m.enc_kind, m.clinic_no, m.req_sheet, m.unit_no, dept.dept_title AS
       dept_dept_title, m.gender, m.born, m.age_txt, m.allergic, m.allergy_txt, m.seen_at, m.first_kind,
       m.complaint, m.illness_now, m.illness_past, m.body_check, m.tcm_look, m.aux_names, m.aux_outcome,
       clinic_sign.temp AS clinic_sign_temp, clinic_sign.pulse AS clinic_sign_pulse, clinic_sign.breath AS
       clinic_sign_breath, clinic_sign.bp AS clinic_sign_bp, clinic_sign.tall AS clinic_sign_tall,
       clinic_sign.heavy AS clinic_sign_heavy, m.dx, m.tcm_dx, m.tcm_syn, m.dx_more, m.tcm_basis, m.tcm_rule,
       m.advice_txt, m.teach_txt, m.again_txt, m.rest, m.card_made, m.doc_no, staff.emp_title AS
       staff_emp_title, m.doc_rank, m.signed_at, m.state, m.made_at, m.edited_at
  FROM clinic_note m
  LEFT JOIN sys_dept dept ON dept.dept_no = m.unit_no
  LEFT JOIN clinic_sign clinic_sign ON clinic_sign.note_no = m.note_no
  LEFT JOIN sys_emp staff ON staff.emp_no = m.doc_no
