SELECT m.org_key, m.full_title, m.other_title, m.uscc, m.uscc_body, m.hi_no, m.permit_no, m.permit_addr,
       m.permit_span, m.permit_from, m.permit_day, m.subject_nos, m.subject_names, m.kind, m.profit_kind,
       m.owner_kind, m.grade_lv, m.grade_cls, m.sponsor, m.gov_tie, m.area_no, m.addr_prov, m.addr_city,
       m.addr_county, m.addr_town, m.addr_road, m.addr_door, m.addr_all, m.zip, m.tel, m.site, m.chief,
       m.born_day, m.branch_yn, m.ethnic_yn, m.online_yn, m.teach_yn, m.union_kind, org_scale.beds_planned AS
       org_scale_beds_planned, org_scale.beds_real AS org_scale_beds_real, org_scale.beds_open AS
       org_scale_beds_open, org_scale.beds_vip AS org_scale_beds_vip, org_scale.beds_er AS org_scale_beds_er,
       org_scale.posts AS org_scale_posts, org_scale.people AS org_scale_people, org_scale.people_med AS
       org_scale_people_med, org_scale.people_doc AS org_scale_people_doc, org_scale.people_nur AS
       org_scale_people_nur, org_scale.area_all AS org_scale_area_all, org_scale.area_use AS
       org_scale_area_use, org_scale.key_prov AS org_scale_key_prov, org_scale.safe_lv AS org_scale_safe_lv,
       org_scale.emr_lv AS org_scale_emr_lv, org_scale.link_lv AS org_scale_link_lv, m.change_kind,
       m.run_state, m.about, m.state, m.made_at, m.edited_at
  FROM org_card m
  LEFT JOIN org_scale org_scale ON org_scale.org_key = m.org_key
