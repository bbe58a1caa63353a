SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM post_plan
 GROUP BY substr(made_at, 1, 10)
