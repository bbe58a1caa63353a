SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM brxx
 GROUP BY substr(cjsj, 1, 10)
