SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM org_card
 GROUP BY substr(made_at, 1, 10)
