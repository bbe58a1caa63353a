-- 病案首页手术操作：一行一台手术
SELECT m.basslsh, m.basyh, inpatient_re.brid AS inpatient_re_brid, inpatient_re.zylsh AS inpatient_re_zylsh,
       m.xh, m.zyss, m.ssbm, m.ssmc, m.sslx, m.sssj, m.kssj, m.jssj, m.ssjb, m.ssbw, m.sz, staff.xm AS
       staff_xm, m.yz, staff2.xm AS staff2_xm, m.qklb, m.yhdj, m.mzfs, m.asa, m.mzys, staff3.xm AS staff3_xm,
       m.zq, m.fjhzss, m.bfz, m.qkgr, m.yfkj, m.zrw, m.zfbz, m.cjsj, m.gxsj
  FROM ba_ss m
  LEFT JOIN ba_sy inpatient_re ON inpatient_re.basyh = m.basyh
  LEFT JOIN gy_yg staff ON staff.gh = m.sz
  LEFT JOIN gy_yg staff2 ON staff2.gh = m.yz
  LEFT JOIN gy_yg staff3 ON staff3.gh = m.mzys
