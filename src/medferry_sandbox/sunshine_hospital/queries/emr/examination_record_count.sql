SELECT substr(ins_at, 1, 10) AS day, count(*) AS expected
  FROM ris_study
 GROUP BY substr(ins_at, 1, 10)
