SELECT m.sylsh, m.brid, m.zylsh, m.ypdm, drug.tymc AS drug_tymc, drug.ypmc AS drug_ypmc, drug.gg AS drug_gg,
       drug.dw AS drug_dw, m.sccj, m.pzwh, m.jx, m.bzl, m.dj, m.sl, m.je, m.ly, m.sfsj, m.fylx, m.jb, m.zl,
       m.yzid, m.dcjl, m.jldw, m.yf, m.pc, m.zdbm, m.zdmc, m.ksdm, dept.ksmc AS dept_ksmc, m.ysgh, staff.xm AS
       staff_xm, m.csms, m.zfbz, m.cjsj, m.gxsj
  FROM zl_syjl m
  LEFT JOIN gy_ks dept ON dept.ksdm = m.ksdm
  LEFT JOIN gy_yg staff ON staff.gh = m.ysgh
  LEFT JOIN yk_yp drug ON drug.ypdm = m.ypdm
