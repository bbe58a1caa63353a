SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM DIAG_LIST
 GROUP BY substr(INS_TM, 1, 8)
