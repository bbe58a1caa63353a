SELECT m.BILL_NO, m.PAT_NO, m.VISIT_NO, visit.KIND_CD AS visit_KIND_CD, patient.HC_NO AS patient_HC_NO,
       patient.PAT_NAME AS patient_PAT_NAME, patient.CERT_NO AS patient_CERT_NO, patient.SEX_CD AS
       patient_SEX_CD, visit.OP_NO AS visit_OP_NO, visit.IP_NO AS visit_IP_NO, m.INSU_KIND, m.PAY_KIND,
       m.WAY_CD, m.SETTLE_SN, m.SETTLE_TM, m.OP_AMT, m.IP_AMT, m.ALL_AMT, m.SELF_AMT, m.FUND_AMT, m.ACCT_AMT,
       m.CASH_AMT, m.OTH_AMT, m.DRUG_AMT, m.STATE_CD, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM BILL_HEAD m
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
