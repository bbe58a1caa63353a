-- 按申请单号查就诊：检验、检查系统只认申请单号
SELECT s.sqdh AS req_no, s.jzlsh AS visit_no, COALESCE(g.brid, z.brid) AS pat_no, COALESCE(g.jzlb, 'ZY') AS visit_kind,
       g.mzh AS op_no, z.zyh AS ip_no, b.brxm AS pat_name, b.xb AS pat_sex, b.csrq AS pat_born, b.sfzh AS pat_cert,
       b.lxdh AS pat_tel, COALESCE(g.ksdm, z.ryks) AS dept_no, jk.ksmc AS dept_nm, s.bqdm AS ward_no, bq.ksmc AS ward_nm,
       s.cwh AS bed, COALESCE(g.zdbm, z.zdbm) AS diag_no, COALESCE(g.zdmc, z.zdmc) AS diag_nm, s.yzid AS advice_no,
       s.sqks AS ask_dept, sk.ksmc AS ask_dept_nm, s.sqys AS ask_doc, y.xm AS ask_doc_nm, s.sqsj AS asked_at
  FROM yj_sqd s
  LEFT JOIN mz_gh g ON g.jzlsh = s.jzlsh
  LEFT JOIN zy_dj z ON z.zylsh = s.jzlsh
  LEFT JOIN brxx b ON b.brid = COALESCE(g.brid, z.brid)
  LEFT JOIN gy_ks jk ON jk.ksdm = COALESCE(g.ksdm, z.ryks)
  LEFT JOIN gy_ks bq ON bq.ksdm = s.bqdm
  LEFT JOIN gy_ks sk ON sk.ksdm = s.sqks
  LEFT JOIN gy_yg y ON y.gh = s.sqys
