SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM VISIT_REG
 GROUP BY substr(INS_TM, 1, 8)
