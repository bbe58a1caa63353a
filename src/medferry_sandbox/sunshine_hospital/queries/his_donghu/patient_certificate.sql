SELECT m.zjid, m.brid, m.zjxm, m.zjlx, m.zjlxmc, m.zjhm, m.fzjg, m.qsrq, m.zzrq, m.zjdz, m.zzj, m.hy, m.hysj,
       m.bz, m.zfbz, m.cjsj, m.gxsj
  FROM br_zj m
