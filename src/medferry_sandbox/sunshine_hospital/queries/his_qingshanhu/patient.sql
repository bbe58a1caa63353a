SELECT m.PAT_NO, m.HC_NO, m.MR_NO, m.CERT_KIND, m.CERT_NO, m.NO_CERT_WHY, m.PAT_NAME, m.SEX_CD, m.BIRTH_DAY,
       m.BIRTH_TM, m.COUNTRY_CD, m.NATION_CD, m.NATION_NM, m.MARITAL_CD, m.JOB_CD, m.EDU_CD, m.INSU_KIND,
       m.INSU_NO, pat_addr.PROV AS pat_addr_PROV, pat_addr.CITY AS pat_addr_CITY, pat_addr.CNTY AS
       pat_addr_CNTY, pat_addr.TOWN AS pat_addr_TOWN, pat_addr.ROAD AS pat_addr_ROAD, pat_addr.DOOR AS
       pat_addr_DOOR, pat_addr.AREA_CD AS pat_addr_AREA_CD, pat_addr.ADDR_TXT AS pat_addr_ADDR_TXT,
       pat_addr.ZIP AS pat_addr_ZIP, pat_addr.HK_TXT AS pat_addr_HK_TXT, m.BORN_AREA, m.TEL_NO, m.MOB_NO,
       m.LINK_NM, m.LINK_REL, m.LINK_TEL, m.NEWBORN_YN, m.TWIN_YN, m.MOTHER_PAT, m.MOTHER_NM, m.MOTHER_CERT,
       m.DEATH_TM, m.OPEN_TM, m.OPEN_ORG, m.OPEN_ORG_NM, m.OPEN_ORG_TEL, m.OPEN_EMP, m.OPEN_EMP_NM, m.MEMO,
       m.VALID_YN, m.INS_TM, m.UPD_TM
  FROM PAT_MASTER m
  LEFT JOIN PAT_ADDR pat_addr ON pat_addr.PAT_NO = m.PAT_NO
