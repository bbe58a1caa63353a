SELECT m.gmid, m.jkid, basic_health.brid AS basic_health_brid, m.xh, m.lx, m.gmydm, m.gmymc, m.ypdm, m.ypmc,
       m.zz, m.cd, m.fssj, m.qr, m.zt, m.jlr, staff.xm AS staff_xm, m.jlsj, m.bz, m.zfbz, m.cjsj, m.gxsj
  FROM da_gmy m
  LEFT JOIN da_jkxx basic_health ON basic_health.jkid = m.jkid
  LEFT JOIN gy_yg staff ON staff.gh = m.jlr
