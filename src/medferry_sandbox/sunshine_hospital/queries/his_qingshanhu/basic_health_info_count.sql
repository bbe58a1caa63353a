SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM HEALTH_FILE
 GROUP BY substr(INS_TM, 1, 8)
