SELECT m.jsid, visit.brid AS visit_brid, m.zylsh, patient.jkkh AS patient_jkkh, patient.brxm AS patient_brxm,
       patient.sfzh AS patient_sfzh, patient.xb AS patient_xb, visit.zyh AS visit_zyh, m.yblx, m.fffs, m.jsfs,
       m.jslsh, m.jssj, m.zje, m.grje, m.ybje, m.zhje, m.xjje, m.qtje, m.ypje, m.jszt, m.zfbz, m.cjsj, m.gxsj
  FROM zy_js m
  LEFT JOIN zy_dj visit ON visit.zylsh = m.zylsh
  LEFT JOIN brxx patient ON patient.brid = visit.brid
