SELECT substr(born_at, 1, 10) AS day, count(*) AS expected
  FROM day_death_note
 GROUP BY substr(born_at, 1, 10)
