-- 病案首页：基本信息、地址、诊疗与费用四张表一对一
SELECT m.HOME_NO, m.PAT_NO, m.VISIT_NO, m.ORG_CERT, m.PAY_KIND, m.HC_NO, m.NTH_TIME, m.IP_NO, m.MR_NO,
       m.PAT_NAME, m.SEX_CD, m.BIRTH_DAY, m.AGE_Y, m.COUNTRY_CD, mr_clin.NB_WEIGHT AS mr_clin_NB_WEIGHT,
       mr_addr.BORN_PROV AS mr_addr_BORN_PROV, mr_addr.BORN_CITY AS mr_addr_BORN_CITY, mr_addr.BORN_CNTY AS
       mr_addr_BORN_CNTY, mr_addr.HOMETOWN AS mr_addr_HOMETOWN, patient.NATION_CD AS patient_NATION_CD,
       m.CERT_KIND, m.CERT_NO, m.JOB_CD, m.MARITAL_CD, patient2.PROV AS patient2_PROV, patient2.CITY AS
       patient2_CITY, patient2.CNTY AS patient2_CNTY, patient2.TOWN AS patient2_TOWN, patient2.ROAD AS
       patient2_ROAD, patient2.DOOR AS patient2_DOOR, patient2.AREA_CD AS patient2_AREA_CD, m.TEL_NO,
       patient2.ZIP AS patient2_ZIP, mr_addr.HK_PROV AS mr_addr_HK_PROV, mr_addr.HK_CITY AS mr_addr_HK_CITY,
       mr_addr.HK_CNTY AS mr_addr_HK_CNTY, mr_addr.HK_TOWN AS mr_addr_HK_TOWN, mr_addr.HK_ROAD AS
       mr_addr_HK_ROAD, mr_addr.HK_DOOR AS mr_addr_HK_DOOR, mr_addr.HK_AREA AS mr_addr_HK_AREA, mr_addr.HK_ZIP
       AS mr_addr_HK_ZIP, mr_addr.FIRM_NM AS mr_addr_FIRM_NM, mr_addr.FIRM_TEL AS mr_addr_FIRM_TEL,
       mr_addr.FIRM_ZIP AS mr_addr_FIRM_ZIP, m.LINK_NM, m.LINK_REL, mr_addr.LINK_PROV AS mr_addr_LINK_PROV,
       mr_addr.LINK_CITY AS mr_addr_LINK_CITY, mr_addr.LINK_CNTY AS mr_addr_LINK_CNTY, m.LINK_TEL, m.IN_WAY,
       visit.IN_TM AS visit_IN_TM, m.IN_DEPT, dept.DEPT_NM AS dept_DEPT_NM, m.IN_ROOM, visit.OUT_TM AS
       visit_OUT_TM, m.OUT_DEPT, dept2.DEPT_NM AS dept2_DEPT_NM, m.MOVED_DEPT, dept3.DEPT_NM AS dept3_DEPT_NM, m.OUT_ROOM, m.STAY_DAYS, mr_clin.OPD_DX AS
       mr_clin_OPD_DX, visit.MAIN_DIAG AS visit_MAIN_DIAG, mr_clin.IN_STATE AS mr_clin_IN_STATE,
       mr_clin.SURE_DAY AS mr_clin_SURE_DAY, mr_clin.MAIN_DX_CD AS mr_clin_MAIN_DX_CD, mr_clin.MAIN_DX_NM AS
       mr_clin_MAIN_DX_NM, mr_clin.MAIN_DX_POA AS mr_clin_MAIN_DX_POA, mr_clin.MAIN_DX_RES AS
       mr_clin_MAIN_DX_RES, mr_clin.OTH_DX_NUM AS mr_clin_OTH_DX_NUM, mr_clin.HURT_CD AS mr_clin_HURT_CD,
       mr_clin.HURT_NM AS mr_clin_HURT_NM, mr_clin.PATH_CD AS mr_clin_PATH_CD, mr_clin.PATH_NM AS mr_clin_PATH_NM, mr_clin.PATH_SN AS
       mr_clin_PATH_SN, mr_clin.GRADE_CD AS mr_clin_GRADE_CD, mr_clin.TNM_TXT AS mr_clin_TNM_TXT,
       mr_clin.BASIS_CD AS mr_clin_BASIS_CD, mr_clin.ALLERGY_CD AS mr_clin_ALLERGY_CD, mr_clin.ALLERGY_TXT AS
       mr_clin_ALLERGY_TXT, mr_clin.AUTOPSY_CD AS mr_clin_AUTOPSY_CD, mr_clin.BLOOD_ABO AS mr_clin_BLOOD_ABO,
       mr_clin.VENT_HRS AS mr_clin_VENT_HRS, mr_clin.BLOOD_RH AS mr_clin_BLOOD_RH, m.HEAD_DOC, staff.EMP_NM AS staff_EMP_NM, m.CHIEF_DOC,
       staff2.EMP_NM AS staff2_EMP_NM, m.ATTEND_DOC, staff3.EMP_NM AS staff3_EMP_NM, m.RES_DOC, staff4.EMP_NM
       AS staff4_EMP_NM, m.DUTY_NURSE, staff5.EMP_NM AS staff5_EMP_NM, m.CODE_EMP, staff6.EMP_NM AS
       staff6_EMP_NM, m.GRADE_CD, m.QC_DOC, staff7.EMP_NM AS staff7_EMP_NM, m.QC_NURSE, staff8.EMP_NM AS
       staff8_EMP_NM, m.QC_DAY, mr_clin.OP_YN AS mr_clin_OP_YN, mr_clin.OP_NUM AS mr_clin_OP_NUM, m.OUT_WAY,
       m.BACK31_CD, m.BACK31_TXT, mr_clin.PATHWAY_YN AS mr_clin_PATHWAY_YN, mr_clin.DAYOP_YN AS
       mr_clin_DAYOP_YN, mr_clin.SINGLE_YN AS mr_clin_SINGLE_YN, mr_clin.RESCUE_NUM AS mr_clin_RESCUE_NUM,
       mr_clin.SAVED_NUM AS mr_clin_SAVED_NUM, mr_clin.CRIT_YN AS mr_clin_CRIT_YN, mr_clin.HARD_YN AS
       mr_clin_HARD_YN, mr_clin.HAI_YN AS mr_clin_HAI_YN, mr_clin.SORE_YN AS mr_clin_SORE_YN, mr_clin.FALL_YN
       AS mr_clin_FALL_YN, mr_clin.BLOOD_YN AS mr_clin_BLOOD_YN, mr_clin.BLOOD_RES AS mr_clin_BLOOD_RES,
       mr_clin.CARE1_DAYS AS mr_clin_CARE1_DAYS, mr_clin.CARE2_DAYS AS mr_clin_CARE2_DAYS, mr_clin.FIT_OPD AS
       mr_clin_FIT_OPD, mr_clin.FIT_IN AS mr_clin_FIT_IN, mr_clin.FIT_OP AS mr_clin_FIT_OP, mr_clin.FIT_PATH
       AS mr_clin_FIT_PATH, mr_clin.ANTI_YN AS mr_clin_ANTI_YN, mr_clin.INFECT_YN AS mr_clin_INFECT_YN,
       m.LEAD_DOC, staff9.EMP_NM AS staff9_EMP_NM, mr_fee.D01 AS mr_fee_D01, mr_fee.D09 AS mr_fee_D09,
       mr_fee.D11 AS mr_fee_D11, mr_fee.D12 AS mr_fee_D12, mr_fee.D13 AS mr_fee_D13, mr_fee.D14 AS mr_fee_D14,
       mr_fee.D15 AS mr_fee_D15, mr_fee.D16 AS mr_fee_D16, mr_fee.D17 AS mr_fee_D17, mr_fee.D18 AS mr_fee_D18,
       mr_fee.D19 AS mr_fee_D19, mr_fee.D19X1 AS mr_fee_D19X1, mr_fee.D20 AS mr_fee_D20, mr_fee.D20X1 AS
       mr_fee_D20X1, mr_fee.D20X2 AS mr_fee_D20X2, mr_fee.D21 AS mr_fee_D21, mr_fee.D22 AS mr_fee_D22,
       mr_fee.D23 AS mr_fee_D23, mr_fee.D23X1 AS mr_fee_D23X1, mr_fee.D24 AS mr_fee_D24, mr_fee.D25 AS
       mr_fee_D25, mr_fee.D26 AS mr_fee_D26, mr_fee.D27 AS mr_fee_D27, mr_fee.D28 AS mr_fee_D28, mr_fee.D29 AS
       mr_fee_D29, mr_fee.D30 AS mr_fee_D30, mr_fee.D31 AS mr_fee_D31, mr_fee.D32 AS mr_fee_D32, mr_fee.D33 AS
       mr_fee_D33, mr_fee.D34 AS mr_fee_D34, m.SETTLE_SN, m.FILED_TM, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM MR_HOME m
  LEFT JOIN DEPT_DICT dept3 ON dept3.DEPT_NO = m.MOVED_DEPT
  LEFT JOIN MR_CLIN mr_clin ON mr_clin.HOME_NO = m.HOME_NO
  LEFT JOIN MR_ADDR mr_addr ON mr_addr.HOME_NO = m.HOME_NO
  LEFT JOIN PAT_MASTER patient ON patient.PAT_NO = m.PAT_NO
  LEFT JOIN PAT_ADDR patient2 ON patient2.PAT_NO = m.PAT_NO
  LEFT JOIN VISIT_REG visit ON visit.VISIT_NO = m.VISIT_NO
  LEFT JOIN DEPT_DICT dept ON dept.DEPT_NO = m.IN_DEPT
  LEFT JOIN DEPT_DICT dept2 ON dept2.DEPT_NO = m.OUT_DEPT
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = m.HEAD_DOC
  LEFT JOIN STAFF_DICT staff2 ON staff2.EMP_NO = m.CHIEF_DOC
  LEFT JOIN STAFF_DICT staff3 ON staff3.EMP_NO = m.ATTEND_DOC
  LEFT JOIN STAFF_DICT staff4 ON staff4.EMP_NO = m.RES_DOC
  LEFT JOIN STAFF_DICT staff5 ON staff5.EMP_NO = m.DUTY_NURSE
  LEFT JOIN STAFF_DICT staff6 ON staff6.EMP_NO = m.CODE_EMP
  LEFT JOIN STAFF_DICT staff7 ON staff7.EMP_NO = m.QC_DOC
  LEFT JOIN STAFF_DICT staff8 ON staff8.EMP_NO = m.QC_NURSE
  LEFT JOIN STAFF_DICT staff9 ON staff9.EMP_NO = m.LEAD_DOC
  LEFT JOIN MR_FEE mr_fee ON mr_fee.HOME_NO = m.HOME_NO
