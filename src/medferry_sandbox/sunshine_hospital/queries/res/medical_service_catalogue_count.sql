SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM price_item
 GROUP BY substr(made_at, 1, 10)
