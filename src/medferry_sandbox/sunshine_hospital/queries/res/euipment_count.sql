SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM asset_card
 GROUP BY substr(made_at, 1, 10)
