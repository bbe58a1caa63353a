SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM da_jkxx
 GROUP BY substr(cjsj, 1, 10)
