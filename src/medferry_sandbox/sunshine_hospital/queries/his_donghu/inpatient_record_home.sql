-- 病案首页：基本信息、地址、诊疗与费用四张表一对一
SELECT m.basyh, m.brid, m.zylsh, m.zzjgdm, visit.fffs AS visit_fffs, patient.jkkh AS patient_jkkh, visit.zycs
       AS visit_zycs, visit.zyh AS visit_zyh, patient.bah AS patient_bah, patient.brxm AS patient_brxm,
       patient.xb AS patient_xb, patient.csrq AS patient_csrq, visit.rysj AS visit_rysj, m.gjdm, m.xsecstz,
       ba_dz.csds AS ba_dz_csds, ba_dz.csdc AS ba_dz_csdc, ba_dz.csdx AS ba_dz_csdx, ba_dz.jgs AS ba_dz_jgs,
       ba_dz.jgc AS ba_dz_jgc, patient.mzdm AS patient_mzdm, patient.zjlx AS patient_zjlx, m.sfzh, m.zydm,
       m.hyzk, patient2.sf AS patient2_sf, patient2.cs AS patient2_cs, patient2.qx AS patient2_qx, patient2.jd
       AS patient2_jd, patient2.lu AS patient2_lu, patient2.mph AS patient2_mph, patient2.xzqh AS
       patient2_xzqh, m.lxdh, patient2.yb AS patient2_yb, ba_dz.hks AS ba_dz_hks, ba_dz.hkc AS ba_dz_hkc,
       ba_dz.hkx AS ba_dz_hkx, ba_dz.hkz AS ba_dz_hkz, ba_dz.hkl AS ba_dz_hkl, ba_dz.hkmp AS ba_dz_hkmp,
       ba_dz.hkqh AS ba_dz_hkqh, ba_dz.hkyb AS ba_dz_hkyb, m.gzdw, m.gzdwdh, m.gzdwyb, m.lxrxm, m.lxrgx,
       ba_dz.lxs AS ba_dz_lxs, ba_dz.lxc AS ba_dz_lxc, ba_dz.lxx AS ba_dz_lxx, m.lxrdh, m.rytj, visit.ryks AS
       visit_ryks, dept.ksmc AS dept_ksmc, m.rybf, visit.cysj AS visit_cysj, visit.cyks AS visit_cyks,
       dept2.ksmc AS dept2_ksmc, m.zkks, dept3.ksmc AS dept3_ksmc, m.cybf, m.zyts, ba_zd.mzzdbm AS ba_zd_mzzdbm, ba_zd.mzzdmc AS ba_zd_mzzdmc,
       visit.zdbm AS visit_zdbm, visit.zdmc AS visit_zdmc, ba_zd.ryqk AS ba_zd_ryqk, ba_zd.qzrq AS ba_zd_qzrq,
       ba_zd.zyzdbm AS ba_zd_zyzdbm, ba_zd.zyzdmc AS ba_zd_zyzdmc, ba_zd.zyzdrybq AS ba_zd_zyzdrybq,
       ba_zd.zyzdzg AS ba_zd_zyzdzg, ba_zd.qtzds AS ba_zd_qtzds, ba_zd.sswybm AS ba_zd_sswybm, ba_zd.sswymc AS
       ba_zd_sswymc, ba_zd.blbm AS ba_zd_blbm, ba_zd.blmc AS ba_zd_blmc, ba_zd.blh AS ba_zd_blh, ba_zd.fhcd AS
       ba_zd_fhcd, ba_zd.tnm AS
       ba_zd_tnm, ba_zd.zgzdyj AS ba_zd_zgzdyj, ba_zd.ywgm AS ba_zd_ywgm, ba_zd.gmyw AS ba_zd_gmyw, ba_zd.sj
       AS ba_zd_sj, ba_zd.xx AS ba_zd_xx, ba_zd.rh AS ba_zd_rh, m.kzr, staff.xm AS staff_xm, m.zrys, staff2.xm
       AS staff2_xm, m.zzys, staff3.xm AS staff3_xm, m.zyys, staff4.xm AS staff4_xm, m.zrhs, staff5.xm AS
       staff5_xm, m.bmy, staff6.xm AS staff6_xm, m.bazl, m.zkys, staff7.xm AS staff7_xm, m.zkhs, staff8.xm AS
       staff8_xm, m.zkrq, m.ssbz, m.sss, m.lyfs, m.zzyjh, m.zzymd, ba_zd.lclj AS ba_zd_lclj, ba_zd.dbz AS
       ba_zd_dbz, ba_zd.qjcs AS ba_zd_qjcs, ba_zd.qjcg AS ba_zd_qjcg, ba_zd.wz AS ba_zd_wz, ba_zd.yn AS
       ba_zd_yn, ba_zd.yngr AS ba_zd_yngr, ba_zd.yc AS ba_zd_yc, ba_zd.dd AS ba_zd_dd, ba_zd.sx AS ba_zd_sx,
       ba_zd.hxjsj AS ba_zd_hxjsj, ba_zd.sxfy AS ba_zd_sxfy, ba_zd.yjhl AS ba_zd_yjhl, ba_zd.ejhl AS ba_zd_ejhl, ba_zd.mzcyfh AS
       ba_zd_mzcyfh, ba_zd.rycyfh AS ba_zd_rycyfh, ba_zd.sqshfh AS ba_zd_sqshfh, ba_zd.lcblfh AS ba_zd_lcblfh,
       ba_zd.kjyw AS ba_zd_kjyw, ba_zd.crbbg AS ba_zd_crbbg, m.zzyszz, staff9.xm AS staff9_xm, ba_fy.zfy AS
       ba_fy_zfy, ba_fy.zfje AS ba_fy_zfje, ba_fy.ybylfw AS ba_fy_ybylfw, ba_fy.ybzlcz AS ba_fy_ybzlcz,
       ba_fy.hlf AS ba_fy_hlf, ba_fy.zhqt AS ba_fy_zhqt, ba_fy.blzdf AS ba_fy_blzdf, ba_fy.syszdf AS
       ba_fy_syszdf, ba_fy.yxxzdf AS ba_fy_yxxzdf, ba_fy.lczdf AS ba_fy_lczdf, ba_fy.fsszlf AS ba_fy_fsszlf,
       ba_fy.lcwlzlf AS ba_fy_lcwlzlf, ba_fy.sszlf AS ba_fy_sszlf, ba_fy.mzf AS ba_fy_mzf, ba_fy.ssf AS
       ba_fy_ssf, ba_fy.kff AS ba_fy_kff, ba_fy.zyzlf AS ba_fy_zyzlf, ba_fy.xyf AS ba_fy_xyf, ba_fy.kjywf AS
       ba_fy_kjywf, ba_fy.zchengyf AS ba_fy_zchengyf, ba_fy.zcaoyf AS ba_fy_zcaoyf, ba_fy.xf AS ba_fy_xf,
       ba_fy.bdbf AS ba_fy_bdbf, ba_fy.qdbf AS ba_fy_qdbf, ba_fy.nxyzf AS ba_fy_nxyzf, ba_fy.xbyzf AS
       ba_fy_xbyzf, ba_fy.jcclf AS ba_fy_jcclf, ba_fy.zlclf AS ba_fy_zlclf, ba_fy.ssclf AS ba_fy_ssclf,
       ba_fy.qtf AS ba_fy_qtf, m.jslsh, m.gdsj, m.zfbz, m.cjsj, m.gxsj
  FROM ba_sy m
  LEFT JOIN zy_dj visit ON visit.zylsh = m.zylsh
  LEFT JOIN brxx patient ON patient.brid = m.brid
  LEFT JOIN ba_dz ba_dz ON ba_dz.basyh = m.basyh
  LEFT JOIN brxx_kz patient2 ON patient2.brid = m.brid
  LEFT JOIN gy_ks dept ON dept.ksdm = visit.ryks
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = visit.cyks
  LEFT JOIN gy_ks dept3 ON dept3.ksdm = m.zkks
  LEFT JOIN ba_zd ba_zd ON ba_zd.basyh = m.basyh
  LEFT JOIN gy_yg staff ON staff.gh = m.kzr
  LEFT JOIN gy_yg staff2 ON staff2.gh = m.zrys
  LEFT JOIN gy_yg staff3 ON staff3.gh = m.zzys
  LEFT JOIN gy_yg staff4 ON staff4.gh = m.zyys
  LEFT JOIN gy_yg staff5 ON staff5.gh = m.zrhs
  LEFT JOIN gy_yg staff6 ON staff6.gh = m.bmy
  LEFT JOIN gy_yg staff7 ON staff7.gh = m.zkys
  LEFT JOIN gy_yg staff8 ON staff8.gh = m.zkhs
  LEFT JOIN gy_yg staff9 ON staff9.gh = m.zzyszz
  LEFT JOIN ba_fy ba_fy ON ba_fy.basyh = m.basyh
