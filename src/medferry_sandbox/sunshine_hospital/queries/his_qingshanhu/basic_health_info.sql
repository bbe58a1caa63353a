SELECT m.FILE_NO, m.PAT_NO, patient.HC_NO AS patient_HC_NO, patient.PAT_NAME AS patient_PAT_NAME,
       patient.CERT_KIND AS patient_CERT_KIND, patient.CERT_NO AS patient_CERT_NO, patient.SEX_CD AS
       patient_SEX_CD, patient.BIRTH_DAY AS patient_BIRTH_DAY, m.BLOOD_ABO, m.BLOOD_RH, m.HIST_ILL,
       m.HIST_INF, m.HIST_VAC, m.HIST_OP, m.HIST_BLD, m.ALLERGY_YN, m.ALLERGY_TXT, m.HIST_SELF, m.HIST_MARRY,
       m.HIST_MENS, m.HIST_FAM, m.DRUG_ALL_YN, m.OP_YN, m.BLD_YN, m.ASTHMA_YN, m.HEART_YN, m.DIAB_YN,
       m.PACE_YN, m.ALERT_TXT, m.SMOKE_CD, m.HEIGHT_CM, m.WEIGHT_KG, m.REC_EMP, staff.EMP_NM AS staff_EMP_NM,
       m.REC_TM, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM HEALTH_FILE m
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.REC_EMP
