SELECT m.kid, m.brid, m.klx, m.klxmc, m.kh, m.xz, m.fkjg, m.fkdq, m.fkrq, m.sxrq, m.yxq, m.kzt, m.ztsj, m.mrk, m.ckr, m.bz,
       m.zfbz, m.cjsj, m.gxsj
  FROM br_kxx m
