SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM OPD_FEE
 GROUP BY substr(INS_TM, 1, 8)
