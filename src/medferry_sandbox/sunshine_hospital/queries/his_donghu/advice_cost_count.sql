SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM zy_fymx
 GROUP BY substr(cjsj, 1, 10)
