SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM ba_ss
 GROUP BY substr(cjsj, 1, 10)
