-- 病人主档 + 地址扩展表（一对一）
SELECT b.brid, b.jkkh, b.bah, b.zjlx, b.sfzh, b.wzjyy, b.brxm, b.xb, b.csrq, b.cssj, b.gjdm, b.mzdm, b.mzmc,
       b.hyzk, b.zydm, b.xldm, b.yblx, b.ybh, b.xzz, b.csd, b.lxdh, b.sjh, b.lxrxm, b.lxrgx, b.lxrdh,
       b.xsebz, b.dtbz, b.mqbrid, b.mqxm, b.mqsfzh, b.swsj, b.jdsj, b.jdjg, b.jdjgmc, b.jdjgdh, b.jdr, b.jdrxm,
       b.bz, b.zfbz, b.cjsj, b.gxsj,
       k.sf, k.cs, k.qx, k.jd, k.lu, k.mph, k.xzqh, k.yb, k.hkdz
  FROM brxx b
  LEFT JOIN brxx_kz k ON k.brid = b.brid
