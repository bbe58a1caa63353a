SELECT m.zdlsh, visit.brid AS visit_brid, m.zylsh, visit.zyh AS visit_zyh, visit.zycs AS visit_zycs,
       patient.brxm AS patient_brxm, patient.zjlx AS patient_zjlx, patient.sfzh AS patient_sfzh, m.zdlx,
       m.zdlxmc, m.zzd, m.xh, m.zdbm, m.zdmc, m.yszd, m.zdsm, m.zdzt, m.rybq, m.zgqk, m.zdyj, m.zdyjmc,
       m.zdsj, m.fbrq, m.crbbz, m.ysgh, staff.xm AS staff_xm, m.ksdm, dept.ksmc AS dept_ksmc, m.zfbz, m.cjsj,
       m.gxsj
  FROM zy_zd m
  LEFT JOIN zy_dj visit ON visit.zylsh = m.zylsh
  LEFT JOIN brxx patient ON patient.brid = visit.brid
  LEFT JOIN gy_yg staff ON staff.gh = m.ysgh
  LEFT JOIN gy_ks dept ON dept.ksdm = m.ksdm
