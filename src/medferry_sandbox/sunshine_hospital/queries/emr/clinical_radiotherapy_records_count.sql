SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM ray_course
 GROUP BY substr(made_at, 1, 10)
