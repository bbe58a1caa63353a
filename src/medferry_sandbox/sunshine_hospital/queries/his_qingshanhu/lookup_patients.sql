SELECT m.PAT_NO AS pat_id, m.PAT_NAME AS pat_name, m.MR_NO AS case_no, m.CERT_NO AS cert_no,
       CASE m.CERT_KIND WHEN 'ID' THEN '01' WHEN 'HK' THEN '02' WHEN 'PP' THEN '03' WHEN 'JG' THEN '04'
                        WHEN 'GA' THEN '06' WHEN 'TB' THEN '07' WHEN 'GJ' THEN '10' WHEN 'TJ' THEN '11' ELSE '99' END AS cert_kind
  FROM PAT_MASTER m
