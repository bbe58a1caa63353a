SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM br_lxfs
 GROUP BY substr(cjsj, 1, 10)
