SELECT m.RX_LINE, m.RX_NO, m.PAT_NO, m.VISIT_NO, m.LINE_NO, m.GRP_NO, m.DRUG_NO, m.INSU_NUM, drug.GENERIC_NM
       AS drug_GENERIC_NM, drug.DRUG_NM AS drug_DRUG_NM, drug.SPEC AS drug_SPEC, drug.PKG_UNIT AS
       drug_PKG_UNIT, m.DRUG_KIND, m.FORM_CD, m.FORM_NM, m.DOSE_AMT, m.DOSE_UN, m.FREQ_CD, m.FREQ_NM,
       m.ROUTE_CD, m.ROUTE_NM, m.TOTAL_AMT, m.DAY_CNT, m.QTY, m.PKG_CNT, m.PRICE, m.AMT, m.MAKER_NM,
       m.PERMIT_NO, m.LOT_NO, m.SKIN_YN, m.SKIN_CD, m.ANTIB_YN, m.ANTIB_LV, m.ANTIB_AIM, m.DDD_AMT, m.CTRL_CD,
       m.BASIC_YN, m.BASIC_LV, m.DRIP_YN, m.INJ_YN, m.OWN_YN, m.FOOT_TXT, m.BEG_TM, prescription.GIVE_TM AS
       prescription_GIVE_TM, m.BACK_YN, m.HOW_TXT, m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM OPD_RX_ITEM m
  LEFT JOIN OPD_RX prescription ON prescription.RX_NO = m.RX_NO
  LEFT JOIN DRUG_DICT drug ON drug.DRUG_NO = m.DRUG_NO
