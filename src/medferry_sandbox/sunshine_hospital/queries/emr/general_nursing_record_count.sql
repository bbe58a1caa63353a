SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM nurse_sheet
 GROUP BY substr(made_at, 1, 10)
