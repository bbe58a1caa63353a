SELECT substr(made_at, 1, 10) AS day, count(*) AS expected
  FROM cs_note
 GROUP BY substr(made_at, 1, 10)
