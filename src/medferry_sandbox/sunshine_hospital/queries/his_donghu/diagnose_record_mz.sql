SELECT m.zdlsh, visit.brid AS visit_brid, m.jzlsh, visit.jzlb AS visit_jzlb, visit.mzh AS visit_mzh,
       patient.brxm AS patient_brxm, patient.zjlx AS patient_zjlx, patient.sfzh AS patient_sfzh, m.zdlx,
       m.zdlxmc, m.zdfl, m.bmtx, m.zzd, m.xh, m.zdbm, m.zdmc, m.zybm, m.zymc, m.zzbm, m.zzmc, m.yszd, m.zdsm,
       m.zdzt, m.zdyj, m.zdyjmc, m.zdsj, m.fbrq, m.crbbz, m.ysgh, staff.xm AS staff_xm, m.ksdm, dept.ksmc AS
       dept_ksmc, m.zfbz, m.cjsj, m.gxsj
  FROM mz_zd m
  LEFT JOIN mz_gh visit ON visit.jzlsh = m.jzlsh
  LEFT JOIN brxx patient ON patient.brid = visit.brid
  LEFT JOIN gy_yg staff ON staff.gh = m.ysgh
  LEFT JOIN gy_ks dept ON dept.ksdm = m.ksdm
