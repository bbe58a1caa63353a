SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM ba_qtzd
 GROUP BY substr(cjsj, 1, 10)
