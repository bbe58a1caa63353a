SELECT substr(ins_at, 1, 10) AS day, count(*) AS expected
  FROM lab_report
 GROUP BY substr(ins_at, 1, 10)
