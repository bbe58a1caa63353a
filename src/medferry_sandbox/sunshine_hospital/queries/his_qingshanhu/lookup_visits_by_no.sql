-- 按就诊流水号查就诊；列名与东湖院区的同名对照表一致，值仍是本院区的原样（姓名、病区为 GBK 字节，诊断为 编码|名称）
SELECT v.VISIT_NO AS visit_no, v.PAT_NO AS pat_no, v.KIND_CD AS visit_kind, v.OP_NO AS op_no, v.IP_NO AS ip_no,
       p.PAT_NAME AS pat_name, p.SEX_CD AS pat_sex, p.BIRTH_DAY AS pat_born, p.CERT_NO AS pat_cert, v.DEPT_NO AS dept_no,
       d.DEPT_NM AS dept_nm, v.WARD_NM AS ward_nm, v.BED_LABEL AS bed, v.MAIN_DIAG AS diag_no, v.MAIN_DIAG AS diag_nm
  FROM VISIT_REG v
  LEFT JOIN PAT_MASTER p ON p.PAT_NO = v.PAT_NO
  LEFT JOIN DEPT_DICT d ON d.DEPT_NO = v.DEPT_NO
