SELECT m.lxrid, m.brid, m.xh, m.xm, m.gx, m.gxmc, m.jhr, m.sx, m.zjlx, m.sfzh, m.xb, m.csrq, m.dh, m.sj, patient.xzz
       AS patient_xzz, m.bz, m.zfbz, m.cjsj, m.gxsj
  FROM br_lxr m
  LEFT JOIN brxx patient ON patient.brid = m.brid
