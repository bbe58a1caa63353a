SELECT substr(ins_at, 1, 10) AS day, count(*) AS expected
  FROM lab_germ_drug
 GROUP BY substr(ins_at, 1, 10)
