SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM obs_surgery
 GROUP BY substr(made_at, 1, 10)
