SELECT substr(cjsj, 1, 10) AS day, count(*) AS expected
  FROM lg_yz
 GROUP BY substr(cjsj, 1, 10)
