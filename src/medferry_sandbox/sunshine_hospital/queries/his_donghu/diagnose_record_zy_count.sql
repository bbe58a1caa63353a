SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM zy_zd
 GROUP BY substr(cjsj, 1, 10)
