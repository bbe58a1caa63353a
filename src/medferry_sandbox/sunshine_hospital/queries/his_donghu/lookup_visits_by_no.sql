-- 按就诊流水号查就诊：门急诊与住院合在一起
SELECT g.jzlsh AS visit_no, g.brid AS pat_no, g.jzlb AS visit_kind, g.mzh AS op_no, NULL AS ip_no, b.brxm AS pat_name,
       b.xb AS pat_sex, b.csrq AS pat_born, b.sfzh AS pat_cert, g.ksdm AS dept_no, k.ksmc AS dept_nm, NULL AS ward_nm,
       NULL AS bed, g.zdbm AS diag_no, g.zdmc AS diag_nm
  FROM mz_gh g
  LEFT JOIN brxx b ON b.brid = g.brid
  LEFT JOIN gy_ks k ON k.ksdm = g.ksdm
UNION ALL
SELECT z.zylsh, z.brid, 'ZY', NULL, z.zyh, b.brxm, b.xb, b.csrq, b.sfzh, z.ryks, k.ksmc, z.bqmc, z.cwh, z.zdbm, z.zdmc
  FROM zy_dj z
  LEFT JOIN brxx b ON b.brid = z.brid
  LEFT JOIN gy_ks k ON k.ksdm = z.ryks
