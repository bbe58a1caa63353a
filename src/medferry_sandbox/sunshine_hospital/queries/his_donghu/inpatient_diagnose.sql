-- 病案首页其他诊断：一行一个诊断，编码员取自首页
SELECT m.qtzdlsh, m.basyh, inpatient_re.brid AS inpatient_re_brid, inpatient_re.zylsh AS inpatient_re_zylsh,
       m.xh, m.zdbm, m.zdmc, m.rybq, m.zg, m.yngr, m.bfz, m.zdrq, staff.xm AS staff_xm, m.zfbz, m.cjsj, m.gxsj
  FROM ba_qtzd m
  LEFT JOIN ba_sy inpatient_re ON inpatient_re.basyh = m.basyh
  LEFT JOIN gy_yg staff ON staff.gh = inpatient_re.bmy
