SELECT m.zylsh, m.brid, patient.jkkh AS patient_jkkh, patient.brxm AS patient_brxm, patient.zjlx AS
       patient_zjlx, patient.sfzh AS patient_sfzh, patient.xb AS patient_xb, patient.csrq AS patient_csrq,
       m.zyh, patient.bah AS patient_bah, m.zycs, m.ryks, dept.ksmc AS dept_ksmc, m.rysj, m.cysj, m.cyks,
       dept2.ksmc AS dept2_ksmc, m.bqmc, m.cwh, m.fbsj, m.ryyy, m.zdbm, m.zdmc, m.qtzdbm, m.qtzdmc, m.ssbm,
       m.ssmc, m.zysy, m.jkpg, m.czjh, m.swyybm, m.swyymc, m.zgqk, m.zrys, staff.xm AS staff_xm, staff.zcdm AS
       staff_zcdm, m.yblx, m.ybh, m.fffs, m.bdbz, m.zzbz, m.crbbz, m.zyzt, m.zfbz, m.cjsj, m.gxsj
  FROM zy_dj m
  LEFT JOIN brxx patient ON patient.brid = m.brid
  LEFT JOIN gy_ks dept ON dept.ksdm = m.ryks
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = m.cyks
  LEFT JOIN gy_yg staff ON staff.gh = m.zrys
