SELECT m.lxfsid, m.brid, m.lxrid, m.gsdx, m.lx, m.lxmc, m.nr, m.yt, m.sx, m.hy, m.ksrq, m.jsrq, m.bz, m.zfbz, m.cjsj,
       m.gxsj
  FROM br_lxfs m
