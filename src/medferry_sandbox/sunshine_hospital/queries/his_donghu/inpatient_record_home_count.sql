SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM ba_sy
 GROUP BY substr(cjsj, 1, 10)
