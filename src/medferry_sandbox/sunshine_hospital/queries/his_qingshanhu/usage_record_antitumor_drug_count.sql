SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM ONC_USE
 GROUP BY substr(INS_TM, 1, 8)
