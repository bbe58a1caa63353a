SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM adr_form
 GROUP BY substr(made_at, 1, 10)
