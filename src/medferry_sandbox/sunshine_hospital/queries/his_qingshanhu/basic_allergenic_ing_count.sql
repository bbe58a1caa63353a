SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM ALLERGY_REC
 GROUP BY substr(INS_TM, 1, 8)
