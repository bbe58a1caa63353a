-- 门诊医嘱之一：用药请求。与诊疗请求的 id 各自编号，故加 MR- 区分
SELECT
  'MR-' || r.id AS order_id,
  r.id,
  r.patient_id,
  r.encounter_id,
  row_number() OVER (PARTITION BY r.encounter_id ORDER BY r.id) AS seq,
  r.medication_id,
  d.name,
  r.quantity,
  coalesce(un.dict_label, r.unit_code) AS unit,
  r.group_id,
  nullif(r.prescription_no, '') AS prescription_no,
  e.organization_id,
  o.name AS org_name,
  pr.id AS doctor_id,
  pr.name AS doctor_name,
  coalesce(r.req_authored_time, r.create_time) AT TIME ZONE 'Asia/Shanghai' AS ordered_at,
  xp.id AS executor_id,
  xp.name AS executor_name,
  xo.id AS exec_org_id,
  xo.name AS exec_org_name,
  CASE WHEN r.status_enum = 3 THEN r.status_changed_time AT TIME ZONE 'Asia/Shanghai' END AS executed_at,
  r.status_enum,
  r.delete_flag,
  r.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(r.update_time, r.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.med_medication_request r
LEFT JOIN public.med_medication_definition d ON d.id = r.medication_id
LEFT JOIN public.adm_encounter e ON e.id = r.encounter_id
LEFT JOIN public.adm_organization o ON o.id = e.organization_id
LEFT JOIN public.adm_practitioner pr ON pr.id = r.practitioner_id
-- RequestStatus 3 已完成：执行人与执行科室才是事实，此前只是计划
LEFT JOIN public.adm_practitioner xp ON r.status_enum = 3 AND xp.id = r.performer_id
LEFT JOIN public.adm_organization xo ON r.status_enum = 3 AND xo.id = r.perform_org
LEFT JOIN public.sys_dict_data un ON un.dict_type = 'unit_code' AND un.dict_value = r.unit_code
