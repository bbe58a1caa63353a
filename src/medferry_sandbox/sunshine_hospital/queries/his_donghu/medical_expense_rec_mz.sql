SELECT m.jsid, visit.brid AS visit_brid, m.jzlsh, visit.jzlb AS visit_jzlb, patient.jkkh AS patient_jkkh,
       patient.brxm AS patient_brxm, patient.sfzh AS patient_sfzh, patient.xb AS patient_xb, visit.mzh AS
       visit_mzh, m.yblx, m.fffs, m.jsfs, m.jslsh, m.jssj, m.zje, m.grje, m.ybje, m.zhje, m.xjje, m.qtje,
       m.ypje, m.jszt, m.zfbz, m.cjsj, m.gxsj
  FROM mz_js m
  LEFT JOIN mz_gh visit ON visit.jzlsh = m.jzlsh
  LEFT JOIN brxx patient ON patient.brid = visit.brid
