SELECT substr(born_at, 1, 10) AS day, count(*) AS expected
  FROM out_operation
 GROUP BY substr(born_at, 1, 10)
