-- 病案首页其他诊断：一行一个诊断，编码员取自首页
SELECT m.DX_LINE_NO, m.HOME_NO, m.PAT_NO, m.VISIT_NO, m.SEQ_NO, m.KIND_CD, m.DX_CD, m.DX_NM, m.POA_CD,
       m.RESULT_CD, m.HAI_YN, m.COMPL_YN, m.DX_DAY, staff.EMP_NM AS staff_EMP_NM, m.VALID_YN, m.INS_TM,
       m.UPD_TM
  FROM MR_OTH_DX m
  LEFT JOIN MR_HOME inpatient_re ON inpatient_re.HOME_NO = m.HOME_NO
  LEFT JOIN STAFF_DICT staff ON staff.EMP_NO = inpatient_re.CODE_EMP
