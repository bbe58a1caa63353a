-- 住院费用明细：一行一笔记账，开单信息取自所属医嘱
SELECT m.LINE_SN, m.PAT_NO, m.VISIT_NO, m.ORD_SN, advice.GRP_NO AS advice_GRP_NO, visit.IP_NO AS visit_IP_NO,
       patient.PAT_NAME AS patient_PAT_NAME, patient.SEX_CD AS patient_SEX_CD, visit.PAY_KIND AS
       visit_PAY_KIND, visit.INSU_KIND AS visit_INSU_KIND, m.HAPPEN_TM, m.POST_TM, m.KIND_CD, m.FEE_CD,
       m.MR_FEE_CD, m.ITEM_NO, COALESCE(drug_dict.DRUG_NM, item_dict.ITEM_NM) AS item_title, m.NHSA_CD,
       m.SPEC_TXT, advice2.FORM_CD AS advice2_FORM_CD, m.MAKER_NM, m.UNIT_NM, m.QTY, m.PRICE, m.AMT,
       m.OFF_AMT, m.DUE_AMT, m.INSU_GRADE, m.REFUND_YN, m.FOR_LINE, advice.ORD_DEPT AS advice_ORD_DEPT,
       dept.DEPT_NM AS dept_DEPT_NM, m.DOC_NO, staff.EMP_NM AS staff_EMP_NM, m.DO_DEPT, dept2.DEPT_NM AS
       dept2_DEPT_NM, advice2.ANTI_YN AS advice2_ANTI_YN, m.BASIC_YN, m.SETTLED_YN, m.SETTLE_SN, m.SETTLE_TM,
       m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM IP_BILL_LINE m
  LEFT JOIN ORD_MAIN advice ON advice.ORD_SN = m.ORD_SN
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN DRUG_DICT drug_dict ON drug_dict.DRUG_NO = m.ITEM_NO
  LEFT JOIN ITEM_DICT item_dict ON item_dict.ITEM_NO = m.ITEM_NO
  LEFT JOIN ORD_DRUG advice2 ON advice2.ORD_SN = m.ORD_SN
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = advice.ORD_DEPT
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.DOC_NO
  LEFT JOIN DEPT_DICT dept2 ON dept2.DEPT_NO = m.DO_DEPT
