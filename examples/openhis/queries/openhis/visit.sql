-- 就诊：接诊医生是参与者类型 1 的人员；就诊本身没有主诊断列，取该就诊标为主诊断且编码形如 ICD-10 的一条
SELECT
  e.id,
  e.patient_id,
  e.bus_no,
  p.name,
  CASE WHEN p.id IS NOT NULL THEN p.gender_enum END AS gender_enum,
  (p.birth_date AT TIME ZONE 'Asia/Shanghai')::date AS birth_date,
  (coalesce(e.start_time, e.create_time) AT TIME ZONE 'Asia/Shanghai')::date AS visit_date,
  e.class_enum,
  e.first_enum,
  h.type_code AS service_type,
  e.organization_id,
  o.name AS org_name,
  e.start_time AT TIME ZONE 'Asia/Shanghai' AS start_at,
  e.end_time AT TIME ZONE 'Asia/Shanghai' AS end_at,
  x.code AS diagnosis_code,
  x.name AS diagnosis_name,
  d.id AS doctor_id,
  d.name AS doctor_name,
  a.type_code AS account_type,
  e.status_enum,
  e.delete_flag,
  e.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(e.update_time, e.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_encounter e
LEFT JOIN public.adm_patient p ON p.id = e.patient_id
LEFT JOIN public.adm_organization o ON o.id = e.organization_id
LEFT JOIN public.adm_healthcare_service h ON h.id = e.service_type_id
LEFT JOIN LATERAL (
  SELECT pr.id, pr.name
  FROM public.adm_encounter_participant ep
  JOIN public.adm_practitioner pr ON pr.id = ep.practitioner_id
  WHERE ep.encounter_id = e.id AND ep.type_code IN ('1', '01') ORDER BY ep.id LIMIT 1
) d ON true
LEFT JOIN LATERAL (
  SELECT type_code FROM public.adm_account ac WHERE ac.encounter_id = e.id AND ac.delete_flag = '0' ORDER BY ac.id LIMIT 1
) a ON true
LEFT JOIN LATERAL (
  SELECT cd.condition_code AS code, cd.name
  FROM public.adm_encounter_diagnosis ed
  JOIN public.cli_condition c ON c.id = ed.condition_id
  JOIN public.cli_condition_definition cd ON cd.id = c.definition_id
  WHERE ed.encounter_id = e.id AND ed.maindise_flag = 1 AND cd.condition_code ~ '^[A-Z][0-9]{2}[.]'
  ORDER BY ed.id LIMIT 1
) x ON true
