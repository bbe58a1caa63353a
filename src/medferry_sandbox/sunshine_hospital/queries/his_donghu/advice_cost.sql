-- 住院费用明细：一行一笔记账，开单信息取自所属医嘱
SELECT m.fymxid, visit.brid AS visit_brid, m.zylsh, m.yzid, advice.zh AS advice_zh, visit.zyh AS visit_zyh,
       patient.brxm AS patient_brxm, patient.xb AS patient_xb, visit.fffs AS visit_fffs, visit.yblx AS
       visit_yblx, m.fysj, m.jfsj, m.xmlx, m.fpxm, m.basyfl, m.xmdm, COALESCE(yk_yp.ypmc, gy_sfxm.xmmc) AS
       item_title, advice.gjbm AS advice_gjbm, m.gg, advice.jxdm AS advice_jxdm, m.cj, COALESCE(yk_yp.dw,
       gy_sfxm.dw) AS item_unit, m.sl, m.dj, m.je, m.ybdj, m.tfbz, m.yfymxid, advice.kdks AS advice_kdks,
       dept.ksmc AS dept_ksmc, advice.kdys AS advice_kdys, staff.xm AS staff_xm, m.zxks, dept2.ksmc AS
       dept2_ksmc, advice.kjbz AS advice_kjbz, m.jbywbz, m.jsbz, m.jslsh, m.jssj, m.zfbz, m.cjsj, m.gxsj
  FROM zy_fymx m
  LEFT JOIN zy_dj visit ON visit.zylsh = m.zylsh
  LEFT JOIN zy_yz advice ON advice.yzid = m.yzid
  LEFT JOIN brxx patient ON patient.brid = visit.brid
  LEFT JOIN yk_yp yk_yp ON yk_yp.ypdm = m.xmdm
  LEFT JOIN gy_sfxm gy_sfxm ON gy_sfxm.xmdm = m.xmdm
  LEFT JOIN gy_ks dept ON dept.ksdm = advice.kdks
  LEFT JOIN gy_yg staff ON staff.gh = advice.kdys
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = m.zxks
