-- 住院医嘱：医嘱主表，药品信息取自药品字典，住院号与床号取自住院登记
SELECT m.ORD_SN, m.PAT_NO, m.VISIT_NO, m.SHEET_NO, m.GRP_NO, visit.IP_NO AS visit_IP_NO, m.DEPT_NO,
       dept.DEPT_NM AS dept_DEPT_NM, m.WARD_NO, dept2.DEPT_NM AS dept2_DEPT_NM, m.ROOM_LABEL, m.BED_LABEL,
       patient.PAT_NAME AS patient_PAT_NAME, patient.CERT_KIND AS patient_CERT_KIND, patient.CERT_NO AS
       patient_CERT_NO, patient.SEX_CD AS patient_SEX_CD, m.AGE_Y, m.TERM_CD, m.CLASS_CD, m.ITEM_NO,
       m.ITEM_TXT, m.ORD_TXT, m.NHSA_CD, m.STAT_YN, m.APPLY_NO, m.BEGIN_TM, m.FINISH_TM, ord_drug.DRUG_NO AS
       ord_drug_DRUG_NO, drug_dict.GENERIC_NM AS drug_dict_GENERIC_NM, drug_dict.SPEC AS drug_dict_SPEC,
       ord_drug.FORM_CD AS ord_drug_FORM_CD, ord_drug.DOSE_QTY AS ord_drug_DOSE_QTY, ord_drug.DOSE_UNIT AS
       ord_drug_DOSE_UNIT, m.FREQ_TXT, ord_drug.ROUTE_CD AS ord_drug_ROUTE_CD, ord_drug.ALL_DOSE AS
       ord_drug_ALL_DOSE, m.QTY, m.QTY_UNIT, ord_drug.DAY_NUM AS ord_drug_DAY_NUM, ord_drug.HERB_CD AS
       ord_drug_HERB_CD, ord_drug.SKIN_YN AS ord_drug_SKIN_YN, ord_drug.SKIN_RES AS ord_drug_SKIN_RES,
       ord_drug.ANTI_YN AS ord_drug_ANTI_YN, ord_drug.ANTI_LVL AS ord_drug_ANTI_LVL, ord_drug.ANTI_WHY AS
       ord_drug_ANTI_WHY, ord_drug.ONCO_YN AS ord_drug_ONCO_YN, ord_drug.CTRL_CD AS ord_drug_CTRL_CD,
       m.OWN_DRUG_YN, m.MEMO, m.DOC_NO, staff.EMP_NM AS staff_EMP_NM, m.ORD_TM, m.ORD_DEPT, dept3.DEPT_NM AS
       dept3_DEPT_NM, ord_drug.PHARM_NO AS ord_drug_PHARM_NO, staff2.EMP_NM AS staff2_EMP_NM,
       ord_drug.PHARM_TM AS ord_drug_PHARM_TM, m.CHK_NURSE, staff3.EMP_NM AS staff3_EMP_NM, m.CHK_TM,
       m.DO_EMP, staff4.EMP_NM AS staff4_EMP_NM, m.DO_TM, m.DO_DEPT, dept4.DEPT_NM AS dept4_DEPT_NM,
       m.STATE_CD, m.STOP_DOC, staff5.EMP_NM AS staff5_EMP_NM, m.STOP_TM, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM ORD_MAIN m
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = m.DEPT_NO
  LEFT JOIN DEPT_DICT dept2 ON dept2.DEPT_NO = m.WARD_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN ORD_DRUG ord_drug ON ord_drug.ORD_SN = m.ORD_SN
  LEFT JOIN DRUG_DICT drug_dict ON drug_dict.DRUG_NO = m.ITEM_NO
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.DOC_NO
  LEFT JOIN DEPT_DICT dept3 ON dept3.DEPT_NO = m.ORD_DEPT
  LEFT JOIN STAFF_DICT staff2 ON staff2.EMP_NO = ord_drug.PHARM_NO
  LEFT JOIN STAFF_DICT staff3 ON staff3.EMP_NO = m.CHK_NURSE
  LEFT JOIN STAFF_DICT staff4 ON staff4.EMP_NO = m.DO_EMP
  LEFT JOIN DEPT_DICT dept4 ON dept4.DEPT_NO = m.DO_DEPT
  LEFT JOIN STAFF_DICT staff5 ON staff5.EMP_NO = m.STOP_DOC
