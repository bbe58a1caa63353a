SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM zl_syjl
 GROUP BY substr(cjsj, 1, 10)
