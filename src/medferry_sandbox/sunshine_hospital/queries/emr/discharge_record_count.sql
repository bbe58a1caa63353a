SELECT substr(born_at, 1, 10) AS day, count(*) AS expected
  FROM out_note
 GROUP BY substr(born_at, 1, 10)
