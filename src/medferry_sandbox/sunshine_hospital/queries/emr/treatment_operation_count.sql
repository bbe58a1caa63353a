SELECT substr(ins_at, 1, 10) AS day, count(*) AS expected
  FROM cure_proc
 GROUP BY substr(ins_at, 1, 10)
