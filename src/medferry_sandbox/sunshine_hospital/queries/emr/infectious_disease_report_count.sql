SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM card_main
 GROUP BY substr(made_at, 1, 10)
