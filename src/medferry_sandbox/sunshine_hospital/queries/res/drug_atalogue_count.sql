SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM drug_master
 GROUP BY substr(made_at, 1, 10)
