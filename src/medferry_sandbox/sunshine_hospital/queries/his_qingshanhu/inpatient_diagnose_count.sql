SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM MR_OTH_DX
 GROUP BY substr(INS_TM, 1, 8)
