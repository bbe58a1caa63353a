SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM ORD_MAIN
 GROUP BY substr(INS_TM, 1, 8)
