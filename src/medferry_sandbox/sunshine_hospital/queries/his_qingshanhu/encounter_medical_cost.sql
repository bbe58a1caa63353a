SELECT m.FEE_SN, m.PAT_NO, m.VISIT_NO, visit.KIND_CD AS visit_KIND_CD, visit.OP_NO AS visit_OP_NO,
       patient.PAT_NAME AS patient_PAT_NAME, m.SETTLE_SN, inv.INV_NUM AS inv_INV_NUM, inv.PAY_AT AS
       inv_PAY_AT, inv.PAY_TM AS inv_PAY_TM, inv.INV_AMT AS inv_INV_AMT, inv.INV_FUND AS inv_INV_FUND,
       inv.INV_SELF AS inv_INV_SELF, inv.PAY_EMP AS inv_PAY_EMP, cashier.EMP_NM AS cashier_EMP_NM, m.SIGN_CD,
       m.OLD_SN, m.FEE_TM, m.FEE_KIND, m.KIND_NM, m.ITEM_NO, drug.DRUG_NM AS drug_DRUG_NM, drug.SPEC AS
       drug_SPEC, drug.PKG_UNIT AS drug_PKG_UNIT, item.ITEM_NM AS item_ITEM_NM, item.UNIT_NM AS item_UNIT_NM,
       m.INSU_NUM, m.ITEM_KIND, m.RX_NO, m.RX_LINE, m.REQ_SHEET, m.PRICE, m.QTY, m.HERB_CNT, m.AMT, m.OFF_AMT,
       m.FUND_AMT, m.SELF_AMT, m.OWN_AMT, m.SELF_RATE, m.GRADE_CD, visit.INSU_KIND AS visit_INSU_KIND,
       visit.PAY_KIND AS visit_PAY_KIND, m.DEPT_NO, dept.DEPT_NM AS dept_DEPT_NM, m.DOC_NO, staff.EMP_NM AS
       staff_EMP_NM, m.DO_DEPT, dept2.DEPT_NM AS dept2_DEPT_NM, m.BACK_TXT, m.MEMO, m.VALID_YN, m.INS_TM,
       m.UPD_TM
  FROM OPD_FEE m
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = m.DEPT_NO
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.DOC_NO
  LEFT JOIN DEPT_DICT dept2 ON dept2.DEPT_NO = m.DO_DEPT
  LEFT JOIN OPD_INVOICE inv ON inv.SETTLE_SN = m.SETTLE_SN
  LEFT JOIN STAFF_DICT cashier ON cashier.EMP_NO = inv.PAY_EMP
  LEFT JOIN DRUG_DICT drug ON drug.DRUG_NO = m.ITEM_NO
  LEFT JOIN ITEM_DICT item ON item.ITEM_NO = m.ITEM_NO
