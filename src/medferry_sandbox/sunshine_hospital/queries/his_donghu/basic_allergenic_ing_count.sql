SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM da_gmy
 GROUP BY substr(cjsj, 1, 10)
