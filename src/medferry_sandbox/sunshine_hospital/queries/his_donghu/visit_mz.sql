SELECT m.jzlsh, m.brid, patient.jkkh AS patient_jkkh, patient.brxm AS patient_brxm, patient.zjlx AS
       patient_zjlx, patient.sfzh AS patient_sfzh, patient.xb AS patient_xb, patient.csrq AS patient_csrq,
       m.jzlb, m.mzh, m.jzcs, m.ghlb, m.ghsj, m.yybz, m.cfz, m.ksdm, dept.ksmc AS dept_ksmc, m.jzsj, m.jssj,
       m.lgbz, m.fbsj, m.zs, m.zdbm, m.zdmc, m.zybm, m.zymc, m.zzbm, m.zzmc, m.qtzdbm, m.qtzdmc, m.ssbm,
       m.ssmc, m.zysy, m.jkpg, m.czjh, m.ysgh, staff.xm AS staff_xm, staff.zcdm AS staff_zcdm, m.yblx, m.ybh,
       m.fffs, m.bdbz, m.zzbz, m.crbbz, m.jzzt, m.zfbz, m.cjsj, m.gxsj
  FROM mz_gh m
  LEFT JOIN brxx patient ON patient.brid = m.brid
  LEFT JOIN gy_ks dept ON dept.ksdm = m.ksdm
  LEFT JOIN gy_yg staff ON staff.gh = m.ysgh
