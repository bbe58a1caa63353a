SELECT m.VISIT_NO, m.PAT_NO, patient.HC_NO AS patient_HC_NO, m.PAT_NAME, patient.CERT_KIND AS
       patient_CERT_KIND, patient.CERT_NO AS patient_CERT_NO, patient.SEX_CD AS patient_SEX_CD,
       patient.BIRTH_DAY AS patient_BIRTH_DAY, m.AGE_Y, m.KIND_CD, m.OP_NO, m.IP_NO, patient.MR_NO AS
       patient_MR_NO, m.NTH_TIME, m.REG_KIND, m.REG_TM, m.BOOKED_YN, m.FIRST_CD, m.DEPT_NO, dept.DEPT_NM AS
       dept_DEPT_NM, m.SEE_TM, m.SEE_END_TM, m.IN_TM, m.OUT_TM, m.OUT_DEPT, dept2.DEPT_NM AS dept2_DEPT_NM,
       m.WARD_NM, m.BED_LABEL, m.OBS_YN, m.SICK_TM, m.WHY_TXT, m.MAIN_DIAG, m.TCM_DIS_CD, m.TCM_DIS_NM,
       m.TCM_SYN_CD, m.TCM_SYN_NM, m.OTH_DIAG_CD, m.OTH_DIAG_NM, m.OP_CD, m.OP_NM, m.HERB_CD, m.EVAL_TXT,
       m.PLAN_TXT, m.DEATH_CD, m.DEATH_NM, m.RESULT_CD, m.DOC_NO, staff.EMP_NM AS staff_EMP_NM, staff.TITLE_CD
       AS staff_TITLE_CD, m.INSU_KIND, m.INSU_NO, m.PAY_KIND, m.LOCAL_YN, m.REFER_YN, m.INFECT_YN, m.STATE_CD,
       m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM VISIT_REG m
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = m.DEPT_NO
  LEFT JOIN DEPT_DICT dept2 ON dept2.DEPT_NO = m.OUT_DEPT
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.DOC_NO
