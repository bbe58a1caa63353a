SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM onc_stock_in
 GROUP BY substr(made_at, 1, 10)
