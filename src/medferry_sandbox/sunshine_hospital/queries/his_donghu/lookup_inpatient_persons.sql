-- 住院病人主档与地址：供 EMR 病历文书按病人号补证件、民族、地址、联系人；代码保持本院区原值
SELECT b.brid AS pat_no, b.bah AS mr_no, b.jkkh AS health_card, b.zjlx AS id_kind, b.sfzh AS id_no, b.mzdm AS nation,
       b.lxrxm AS linkman, b.lxrdh AS linkman_tel,
       k.sf AS prov, k.cs AS city, k.qx AS county, k.jd AS town, k.lu AS road, k.mph AS door, k.yb AS zip
  FROM brxx b
  LEFT JOIN brxx_kz k ON k.brid = b.brid
 WHERE b.bah IS NOT NULL
