SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM BILL_HEAD
 GROUP BY substr(INS_TM, 1, 8)
