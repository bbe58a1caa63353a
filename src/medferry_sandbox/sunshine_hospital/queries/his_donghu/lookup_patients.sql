SELECT m.brid AS pat_id, m.brxm AS pat_name, m.bah AS case_no, m.sfzh AS cert_no,
       CASE m.zjlx WHEN '1' THEN '01' WHEN '2' THEN '02' WHEN '3' THEN '03' WHEN '4' THEN '04'
                   WHEN '6' THEN '06' WHEN '7' THEN '07' WHEN '10' THEN '10' WHEN '11' THEN '11' ELSE '99' END AS cert_kind
  FROM brxx m
