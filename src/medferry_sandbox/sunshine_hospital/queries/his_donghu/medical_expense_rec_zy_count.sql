SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM zy_js
 GROUP BY substr(cjsj, 1, 10)
