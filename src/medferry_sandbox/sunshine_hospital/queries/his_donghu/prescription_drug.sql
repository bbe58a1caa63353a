SELECT m.mxid, m.cfid, prescription.brid AS prescription_brid, prescription.jzlsh AS prescription_jzlsh, m.xh,
       m.zh, m.ypdm, m.ybbm, drug.tymc AS drug_tymc, drug.ypmc AS drug_ypmc, drug.gg AS drug_gg, drug.dw AS
       drug_dw, m.yplx, m.jx, m.jxmc, m.dcjl, m.jldw, m.pc, m.pcmc, m.yf, m.yfmc, m.zjl, m.ts, m.sl, m.bzxs,
       m.dj, m.je, m.sccj, m.pzwh, m.ph, m.psbz, m.psjg, m.kjbz, m.kjjb, m.kjmd, m.ddd, m.dmbz, m.jybz,
       m.jyjb, m.sybz, m.zsbz, m.zbbz, m.jz, m.kssj, prescription.fysj AS prescription_fysj, m.tybz, m.yysm,
       m.zfbz, m.cjsj, m.gxsj
  FROM mz_cfmx m
  LEFT JOIN mz_cf prescription ON prescription.cfid = m.cfid
  LEFT JOIN yk_yp drug ON drug.ypdm = m.ypdm
