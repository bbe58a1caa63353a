SELECT m.RX_NO, m.PAT_NO, m.VISIT_NO, m.RX_LABEL, visit.KIND_CD AS visit_KIND_CD, visit.OP_NO AS visit_OP_NO,
       patient.PAT_NAME AS patient_PAT_NAME, patient.CERT_KIND AS patient_CERT_KIND, patient.CERT_NO AS
       patient_CERT_NO, patient.SEX_CD AS patient_SEX_CD, patient.BIRTH_DAY AS patient_BIRTH_DAY, m.AGE_Y,
       m.KG, m.RX_CLASS, m.RX_KIND, m.DEPT_NO, dept.DEPT_NM AS dept_DEPT_NM, m.RX_TM, m.VALID_DAY, m.ICD_CD,
       m.ICD_NM, visit.TCM_DIS_CD AS visit_TCM_DIS_CD, visit.TCM_DIS_NM AS visit_TCM_DIS_NM, visit.TCM_SYN_CD
       AS visit_TCM_SYN_CD, visit.TCM_SYN_NM AS visit_TCM_SYN_NM, m.ALLERGY_YN, m.LINE_CNT, m.HERB_TXT,
       m.HERB_CNT, m.HERB_BOIL, m.HERB_USE, m.BOIL_YN, m.RULE_TXT, m.MEMO, m.AMT, m.DOC_NO, staff.EMP_NM AS
       staff_EMP_NM, m.CHK_EMP, staff2.EMP_NM AS staff2_EMP_NM, m.CHK_TM, m.CHK_CD, m.MIX_EMP, staff3.EMP_NM
       AS staff3_EMP_NM, m.MIX_TM, m.VERIFY_EMP, staff4.EMP_NM AS staff4_EMP_NM, m.VERIFY_TM, m.GIVE_EMP,
       staff5.EMP_NM AS staff5_EMP_NM, m.GIVE_TM, m.STORE_NO, dept2.DEPT_NM AS dept2_DEPT_NM, m.OUTSIDE_YN,
       m.CHRONIC_YN, m.PAID_CD, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM OPD_RX m
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = m.DEPT_NO
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.DOC_NO
  LEFT JOIN STAFF_DICT staff2 ON staff2.EMP_NO = m.CHK_EMP
  LEFT JOIN STAFF_DICT staff3 ON staff3.EMP_NO = m.MIX_EMP
  LEFT JOIN STAFF_DICT staff4 ON staff4.EMP_NO = m.VERIFY_EMP
  LEFT JOIN STAFF_DICT staff5 ON staff5.EMP_NO = m.GIVE_EMP
  LEFT JOIN DEPT_DICT dept2 ON dept2.DEPT_NO = m.STORE_NO
