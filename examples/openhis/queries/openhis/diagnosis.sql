-- 诊断：编码形如 ICD-10 的才进西医诊断编码，院内自编码只送名称，不冒充 ICD-10。
-- 既无编码也无名称的行（界面保存时没有写 definition_id）没有可报的内容，算未就绪
SELECT
  ed.id,
  ed.encounter_id,
  coalesce(e.patient_id, c.patient_id) AS patient_id,
  e.bus_no,
  e.class_enum,
  p.name,
  CASE WHEN coalesce(cd.condition_code, c.bus_no) ~ '^[A-Z][0-9]{2}[.]' THEN coalesce(cd.condition_code, c.bus_no) END
    AS icd_code,
  coalesce(cd.name, c.description) AS diagnosis_name,
  CASE WHEN coalesce(cd.name, c.description, '') <> '' THEN '1' ELSE '0' END AS has_content,
  CASE coalesce(cd.source_enum, 1) WHEN 5 THEN '2' WHEN 6 THEN '3' ELSE '1' END AS diagnosis_class,
  CASE WHEN coalesce(cd.condition_code, c.bus_no) ~ '^[A-Z][0-9]{2}[.]' THEN '01' ELSE '99' END AS coding_system,
  CASE ed.maindise_flag WHEN 1 THEN 'T' WHEN 0 THEN 'F' END AS main_flag,
  row_number() OVER (PARTITION BY ed.encounter_id ORDER BY ed.maindise_flag DESC, ed.create_time, ed.id) AS seq,
  coalesce(c.recorded_datetime, c.create_time) AT TIME ZONE 'Asia/Shanghai' AS diagnosed_at,
  pr.id AS doctor_id,
  pr.name AS doctor_name,
  e.organization_id,
  o.name AS org_name,
  ed.delete_flag,
  ed.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  greatest(coalesce(ed.update_time, ed.create_time), c.update_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_encounter_diagnosis ed
LEFT JOIN public.cli_condition c ON c.id = ed.condition_id
LEFT JOIN public.cli_condition_definition cd ON cd.id = c.definition_id
LEFT JOIN public.adm_encounter e ON e.id = ed.encounter_id
LEFT JOIN public.adm_patient p ON p.id = coalesce(e.patient_id, c.patient_id)
LEFT JOIN public.adm_organization o ON o.id = e.organization_id
LEFT JOIN public.sys_user su ON su.user_name = ed.create_by
LEFT JOIN LATERAL (
  SELECT x.id, x.name FROM public.adm_practitioner x
  WHERE x.id = c.recorder_id OR x.user_id = su.user_id
  ORDER BY (x.id = c.recorder_id) DESC LIMIT 1
) pr ON true
