SELECT m.DIAG_SN, m.PAT_NO, m.VISIT_NO, visit.KIND_CD AS visit_KIND_CD, visit.OP_NO AS visit_OP_NO,
       visit.IP_NO AS visit_IP_NO, m.IP_NTH, patient.PAT_NAME AS patient_PAT_NAME, patient.CERT_KIND AS
       patient_CERT_KIND, patient.CERT_NO AS patient_CERT_NO, m.KIND_CD, m.KIND_NM, m.CLASS_CD, m.CODING_CD,
       m.MAIN_YN, m.SEQ_NO, m.ICD_CD, m.ICD_NM, m.TCM_DIS_CD, m.TCM_DIS_NM, m.TCM_SYN_CD, m.TCM_SYN_NM,
       m.DOC_TXT, m.NOTE_TXT, m.STATE_CD, m.ON_ADMIT, m.RESULT_CD, m.BASIS_CD, m.BASIS_NM, m.DIAG_TM,
       m.SICK_DAY, m.INFECT_YN, m.DOC_NO, staff.EMP_NM AS staff_EMP_NM, m.DEPT_NO, dept.DEPT_NM AS
       dept_DEPT_NM, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM DIAG_LIST m
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.DOC_NO
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = m.DEPT_NO
