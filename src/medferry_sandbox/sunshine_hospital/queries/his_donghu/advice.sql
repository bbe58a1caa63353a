-- 住院医嘱：医嘱主表，药品信息取自药品字典，住院号与床号取自住院登记
SELECT m.yzid, visit.brid AS visit_brid, m.zylsh, m.yzdh, m.zh, visit.zyh AS visit_zyh, m.brks, dept.ksmc AS
       dept_ksmc, m.bqdm, dept2.ksmc AS dept2_ksmc, m.fjh, visit.cwh AS visit_cwh, patient.brxm AS
       patient_brxm, patient.zjlx AS patient_zjlx, patient.sfzh AS patient_sfzh, patient.xb AS patient_xb,
       patient.csrq AS patient_csrq, visit.rysj AS visit_rysj, m.yzlb, m.xmlb, m.xmdm, COALESCE(yk_yp.ypmc,
       gy_sfxm.xmmc) AS item_title, m.yznr, m.gjbm, m.jjbz, m.sqdh, m.kssj, m.jssj, yk_yp.ypdm AS yk_yp_ypdm,
       yk_yp.tymc AS yk_yp_tymc, yk_yp.gg AS yk_yp_gg, m.jxdm, m.dcjl, m.jldw, m.pc, m.gytj, m.zjl, m.sl,
       m.sldw, m.ts, m.zyfl, m.psbz, m.psjg, m.kjbz, m.kjjb, m.kjmd, m.kzlbz, m.mjbz, m.zbyp, m.bz, m.kdys, staff.xm
       AS staff_xm, m.kdsj, m.kdks, dept3.ksmc AS dept3_ksmc, m.shys, staff2.xm AS staff2_xm, m.shsj, m.hdhs,
       staff3.xm AS staff3_xm, m.hdsj, m.zxr, staff4.xm AS staff4_xm, m.zxsj, m.zxks, dept4.ksmc AS
       dept4_ksmc, m.zt, m.tzys, staff5.xm AS staff5_xm, m.tzsj, m.zfbz, m.cjsj, m.gxsj
  FROM zy_yz m
  LEFT JOIN zy_dj visit ON visit.zylsh = m.zylsh
  LEFT JOIN gy_ks dept ON dept.ksdm = m.brks
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = m.bqdm
  LEFT JOIN brxx patient ON patient.brid = visit.brid
  LEFT JOIN yk_yp yk_yp ON yk_yp.ypdm = m.xmdm
  LEFT JOIN gy_sfxm gy_sfxm ON gy_sfxm.xmdm = m.xmdm
  LEFT JOIN gy_yg staff ON staff.gh = m.kdys
  LEFT JOIN gy_ks dept3 ON dept3.ksdm = m.kdks
  LEFT JOIN gy_yg staff2 ON staff2.gh = m.shys
  LEFT JOIN gy_yg staff3 ON staff3.gh = m.hdhs
  LEFT JOIN gy_yg staff4 ON staff4.gh = m.zxr
  LEFT JOIN gy_ks dept4 ON dept4.ksdm = m.zxks
  LEFT JOIN gy_yg staff5 ON staff5.gh = m.tzys
