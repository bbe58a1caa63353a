SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM bed_file
 GROUP BY substr(made_at, 1, 10)
