SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM unit_info
 GROUP BY substr(made_at, 1, 10)
