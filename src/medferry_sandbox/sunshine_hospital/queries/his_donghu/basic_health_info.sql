SELECT m.jkid, m.brid, patient.jkkh AS patient_jkkh, patient.brxm AS patient_brxm, patient.zjlx AS
       patient_zjlx, patient.sfzh AS patient_sfzh, patient.xb AS patient_xb, patient.csrq AS patient_csrq,
       m.xx, m.rh, m.jws, m.crbs, m.yfjz, m.sss, m.sxs, m.gmsbz, m.gms, m.grs, m.hys, m.yjs, m.jzs, m.ywgmbz,
       m.sssbz, m.sxsbz, m.xcbz, m.xzbbz, m.tnbbz, m.qbqbz, m.qtjs, m.xyqk, m.sg, m.tz, m.jlr, staff.xm AS
       staff_xm, m.jlsj, m.zfbz, m.cjsj, m.gxsj
  FROM da_jkxx m
  LEFT JOIN brxx patient ON patient.brid = m.brid
  LEFT JOIN gy_yg staff ON staff.gh = m.jlr
