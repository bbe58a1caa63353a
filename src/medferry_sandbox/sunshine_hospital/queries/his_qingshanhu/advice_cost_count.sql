SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM IP_BILL_LINE
 GROUP BY substr(INS_TM, 1, 8)
