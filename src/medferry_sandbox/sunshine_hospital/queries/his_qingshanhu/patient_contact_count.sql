SELECT substr(INS_TM, 1, 8) AS day, count(*) AS expected
  FROM PAT_LINKMAN
 GROUP BY substr(INS_TM, 1, 8)
