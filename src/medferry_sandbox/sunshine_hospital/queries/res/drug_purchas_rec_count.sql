SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM stock_in
 GROUP BY substr(made_at, 1, 10)
