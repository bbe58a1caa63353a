SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM OBS_ORDER
 GROUP BY substr(INS_TM, 1, 8)
