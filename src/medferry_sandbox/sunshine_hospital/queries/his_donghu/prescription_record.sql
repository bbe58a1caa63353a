SELECT m.cfid, m.brid, m.jzlsh, m.cfh, visit.jzlb AS visit_jzlb, visit.mzh AS visit_mzh, patient.brxm AS
       patient_brxm, patient.zjlx AS patient_zjlx, patient.sfzh AS patient_sfzh, patient.xb AS patient_xb,
       patient.csrq AS patient_csrq, m.nl, m.tz, m.cflb, m.cfzl, m.kfks, dept.ksmc AS dept_ksmc, m.kfsj,
       m.yxts, m.zdbm, m.zdmc, visit.zybm AS visit_zybm, visit.zymc AS visit_zymc, visit.zzbm AS visit_zzbm,
       visit.zzmc AS visit_zzmc, m.gmbz, m.zts, mz_cf_cy.cfnr AS mz_cf_cy_cfnr, mz_cf_cy.fs AS mz_cf_cy_fs,
       mz_cf_cy.jzf AS mz_cf_cy_jzf, mz_cf_cy.fyff AS mz_cf_cy_fyff, mz_cf_cy.djbz AS mz_cf_cy_djbz,
       mz_cf_cy.zz AS mz_cf_cy_zz, m.bz, m.je, m.kfys, staff.xm AS staff_xm, m.shr, staff2.xm AS staff2_xm,
       m.shsj, m.shjg, m.tpr, staff3.xm AS staff3_xm, m.tpsj, m.hdr, staff4.xm AS staff4_xm, m.hdsj, m.fyr,
       staff5.xm AS staff5_xm, m.fysj, m.yfdm, dept2.ksmc AS dept2_ksmc, m.wpbz, m.mbbz, m.sfzt, m.zfbz,
       m.cjsj, m.gxsj
  FROM mz_cf m
  LEFT JOIN mz_gh visit ON visit.jzlsh = m.jzlsh
  LEFT JOIN brxx patient ON patient.brid = m.brid
  LEFT JOIN gy_ks dept ON dept.ksdm = m.kfks
  LEFT JOIN mz_cf_cy mz_cf_cy ON mz_cf_cy.cfid = m.cfid
  LEFT JOIN gy_yg staff ON staff.gh = m.kfys
  LEFT JOIN gy_yg staff2 ON staff2.gh = m.shr
  LEFT JOIN gy_yg staff3 ON staff3.gh = m.tpr
  LEFT JOIN gy_yg staff4 ON staff4.gh = m.hdr
  LEFT JOIN gy_yg staff5 ON staff5.gh = m.fyr
  LEFT JOIN gy_ks dept2 ON dept2.ksdm = m.yfdm
