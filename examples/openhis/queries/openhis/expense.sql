-- 医疗费用：一次就诊已结算收费项目之和；自费账户的金额全由个人承担，其余账户 openhis 没有分担明细
SELECT
  c.encounter_id,
  min(c.patient_id) AS patient_id,
  e.bus_no,
  e.class_enum,
  p.name,
  p.gender_enum,
  ac.type_code AS account_type,
  sum(c.total_price) AS total,
  CASE WHEN ac.type_code = '1' THEN sum(c.total_price) END AS personal,
  CASE WHEN ac.type_code = '1' THEN 0 END AS insurance,
  coalesce(sum(c.total_price) FILTER (WHERE r.id IS NOT NULL), 0) AS drug_total,
  CASE WHEN bool_and(c.status_enum = 5) THEN '1' ELSE '2' END AS settlement_status,
  max(c.delete_flag::text) AS delete_flag,
  min(c.create_time) AT TIME ZONE 'Asia/Shanghai' AS created_at,
  max(coalesce(c.update_time, c.create_time)) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_charge_item c
LEFT JOIN public.adm_encounter e ON e.id = c.encounter_id
LEFT JOIN public.adm_patient p ON p.id = e.patient_id
LEFT JOIN LATERAL (
  SELECT type_code FROM public.adm_account x WHERE x.encounter_id = e.id AND x.delete_flag = '0' ORDER BY x.id LIMIT 1
) ac ON true
LEFT JOIN public.med_medication_request r
  ON r.id = c.service_id AND (c.service_table = 'med_medication_request' OR c.bus_no = r.bus_no)
WHERE c.status_enum = 5 AND c.delete_flag = '0' AND c.encounter_id IS NOT NULL
GROUP BY c.encounter_id, e.bus_no, e.class_enum, p.name, p.gender_enum, ac.type_code
