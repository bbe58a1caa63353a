SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM mz_cfmx
 GROUP BY substr(cjsj, 1, 10)
