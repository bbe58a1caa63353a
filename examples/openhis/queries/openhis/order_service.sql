-- 门诊医嘱之二：诊疗请求。执行记录也存在同一张表（requisition_id 指向原请求），不是医嘱，不取
SELECT
  'SR-' || r.id AS order_id,
  r.id,
  r.patient_id,
  r.encounter_id,
  row_number() OVER (PARTITION BY r.encounter_id ORDER BY r.id) AS seq,
  r.activity_id,
  a.name,
  a.category_code,
  r.quantity,
  coalesce(un.dict_label, r.unit_code) AS unit,
  r.bus_no,
  e.organization_id,
  o.name AS org_name,
  pr.id AS doctor_id,
  pr.name AS doctor_name,
  coalesce(r.authored_time, r.create_time) AT TIME ZONE 'Asia/Shanghai' AS ordered_at,
  r.occurrence_start_time AT TIME ZONE 'Asia/Shanghai' AS plan_start,
  r.occurrence_end_time AT TIME ZONE 'Asia/Shanghai' AS plan_end,
  r.status_enum,
  r.delete_flag::text AS delete_flag,
  r.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(r.update_time, r.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.wor_service_request r
LEFT JOIN public.wor_activity_definition a ON a.id = r.activity_id
LEFT JOIN public.adm_encounter e ON e.id = r.encounter_id
LEFT JOIN public.adm_organization o ON o.id = e.organization_id
LEFT JOIN public.adm_practitioner pr ON pr.id = r.requester_id
LEFT JOIN public.sys_dict_data un ON un.dict_type = 'unit_code' AND un.dict_value = r.unit_code
WHERE r.based_on_table IS NOT NULL
