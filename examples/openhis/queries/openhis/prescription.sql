-- 处方：openhis 没有处方表，处方是同一 prescription_no 的用药请求；金额取对应收费项目之和
SELECT
  r.prescription_no,
  r.patient_id,
  r.encounter_id,
  e.bus_no,
  e.class_enum,
  p.name,
  p.gender_enum,
  (p.birth_date AT TIME ZONE 'Asia/Shanghai')::date AS birth_date,
  min(r.authored)::date AS prescribed_on,
  min(r.authored) AS prescribed_at,
  CASE WHEN bool_or(d.category_code = '4') THEN '2' WHEN bool_and(d.category_code IN ('1', '2')) THEN '1' END
    AS prescription_class,
  e.organization_id,
  o.name AS org_name,
  count(*) AS drug_count,
  sum(c.total_price) AS amount,
  CASE WHEN bool_and(c.status_enum = 5) THEN '2' WHEN bool_and(c.status_enum IN (1, 2)) THEN '1' END AS charge_status,
  min(pr.id) AS prescriber_id,
  CASE WHEN count(DISTINCT pr.id) = 1 THEN min(pr.name) END AS prescriber_name,
  max(r.delete_flag::text) AS delete_flag,
  min(r.create_time) AT TIME ZONE 'Asia/Shanghai' AS created_at,
  greatest(max(coalesce(r.update_time, r.create_time)), max(coalesce(c.update_time, c.create_time)))
    AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM (
  SELECT x.*, coalesce(x.req_authored_time, x.create_time) AT TIME ZONE 'Asia/Shanghai' AS authored
  FROM public.med_medication_request x
  WHERE coalesce(x.prescription_no, '') <> ''
) r
LEFT JOIN public.med_medication_definition d ON d.id = r.medication_id
LEFT JOIN public.adm_encounter e ON e.id = r.encounter_id
LEFT JOIN public.adm_organization o ON o.id = e.organization_id
LEFT JOIN public.adm_patient p ON p.id = r.patient_id
LEFT JOIN public.adm_practitioner pr ON pr.id = r.practitioner_id
LEFT JOIN public.adm_charge_item c
  ON c.service_id = r.id AND (c.service_table = 'med_medication_request' OR c.bus_no = r.bus_no) AND c.delete_flag = '0'
GROUP BY r.prescription_no, r.patient_id, r.encounter_id, e.bus_no, e.class_enum, p.name, p.gender_enum, p.birth_date,
  e.organization_id, o.name
