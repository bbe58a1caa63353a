SELECT m.fyid, visit.brid AS visit_brid, m.jzlsh, visit.jzlb AS visit_jzlb, visit.mzh AS visit_mzh,
       patient.brxm AS patient_brxm, m.jslsh, inv.fphm AS inv_fphm, inv.ly AS inv_ly, inv.sfsj AS inv_sfsj,
       inv.fpje AS inv_fpje, inv.fpyb AS inv_fpyb, inv.fpgr AS inv_fpgr, inv.sfy AS inv_sfy, cashier.xm AS
       cashier_xm, m.sftf, m.yfyid, m.jzsj, m.fyfl, m.fyflmc, m.xmdm, drug.ypmc AS drug_ypmc, drug.gg AS
       drug_gg, drug.dw AS drug_dw, item.xmmc AS item_xmmc, item.dw AS item_dw, m.ybbm, m.xmlx, m.cfid,
       m.mxid, m.sqdh, m.dj, m.sl, m.fs, m.je, m.yhje, m.ybje, m.grje, m.zfje, m.zfbl, m.xmdj, visit.yblx AS
       visit_yblx, visit.fffs AS visit_fffs, m.kdks, dept.ksmc AS dept_ksmc, m.kdys, staff.xm AS staff_xm,
       m.zxks, dept2.ksmc AS dept2_ksmc, m.tfyy, m.bz, m.zfbz, m.cjsj, m.gxsj
  FROM mz_fymx m
  LEFT JOIN mz_gh visit ON visit.jzlsh = m.jzlsh
  LEFT JOIN brxx patient ON patient.brid = visit.brid
  LEFT JOIN gy_ks dept ON dept.ksdm = m.kdks
  LEFT JOIN gy_yg staff ON staff.gh = m.kdys
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = m.zxks
  LEFT JOIN mz_fp inv ON inv.jslsh = m.jslsh
  LEFT JOIN gy_yg cashier ON cashier.gh = inv.sfy
  LEFT JOIN yk_yp drug ON drug.ypdm = m.xmdm
  LEFT JOIN gy_sfxm item ON item.xmdm = m.xmdm
