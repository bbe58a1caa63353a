SELECT m.yzid, m.brid, m.jzlsh, m.xh, m.yzlb, m.yzlbmc, m.xmdm, m.yznr, m.sl, m.dw, m.zh, m.cfid, m.sqdh,
       m.bz, m.jhsj, m.jhjs, m.kdks, dept.ksmc AS dept_ksmc, m.kdys, staff.xm AS staff_xm, m.kdsj, m.shr, staff2.xm AS
       staff2_xm, m.shsj, m.zxks, dept2.ksmc AS dept2_ksmc, m.zxr, staff3.xm AS staff3_xm, m.zxsj, m.zxzt, m.qxr, staff4.xm AS staff4_xm, m.qxsj,
       m.zfbz, m.cjsj, m.gxsj
  FROM lg_yz m
  LEFT JOIN gy_ks dept ON dept.ksdm = m.kdks
  LEFT JOIN gy_yg staff ON staff.gh = m.kdys
  LEFT JOIN gy_yg staff2 ON staff2.gh = m.shr
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = m.zxks
  LEFT JOIN gy_yg staff3 ON staff3.gh = m.zxr
  LEFT JOIN gy_yg staff4 ON staff4.gh = m.qxr
