-- 按申请单号查就诊；列名与东湖院区的同名对照表一致，值仍是本院区的原样（姓名为 GBK 字节，诊断为 编码|名称）
SELECT s.REQ_NO AS req_no, s.VISIT_NO AS visit_no, v.PAT_NO AS pat_no, v.KIND_CD AS visit_kind, v.OP_NO AS op_no,
       v.IP_NO AS ip_no, p.PAT_NAME AS pat_name, p.SEX_CD AS pat_sex, p.BIRTH_DAY AS pat_born, p.CERT_NO AS pat_cert,
       p.TEL_NO AS pat_tel, v.DEPT_NO AS dept_no, d.DEPT_NM AS dept_nm, s.WARD_NO AS ward_no, w.DEPT_NM AS ward_nm,
       s.BED_LABEL AS bed, v.MAIN_DIAG AS diag_no, v.MAIN_DIAG AS diag_nm, s.ADVICE_NO AS advice_no,
       s.ASK_DEPT AS ask_dept, a.DEPT_NM AS ask_dept_nm, s.ASK_DOC AS ask_doc, e.EMP_NM AS ask_doc_nm, s.ASK_TM AS asked_at
  FROM TECH_REQ s
  LEFT JOIN VISIT_REG v ON v.VISIT_NO = s.VISIT_NO
  LEFT JOIN PAT_MASTER p ON p.PAT_NO = v.PAT_NO
  LEFT JOIN DEPT_DICT d ON d.DEPT_NO = v.DEPT_NO
  LEFT JOIN DEPT_DICT w ON w.DEPT_NO = s.WARD_NO
  LEFT JOIN DEPT_DICT a ON a.DEPT_NO = s.ASK_DEPT
  LEFT JOIN STAFF_DICT e ON e.EMP_NO = s.ASK_DOC
