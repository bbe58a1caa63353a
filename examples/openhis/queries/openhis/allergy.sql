-- 过敏：只取阳性（ClinicalStatus 1）与已解决（3）的记录；阴性皮试不是过敏原
SELECT
  a.id,
  a.patient_id,
  row_number() OVER (PARTITION BY a.patient_id ORDER BY a.id) AS seq,
  a.category_code,
  a.code,
  a.description,
  a.note,
  a.clinical_status_enum,
  a.onset_date_time AT TIME ZONE 'Asia/Shanghai' AS onset_at,
  a.recorded_date AT TIME ZONE 'Asia/Shanghai' AS recorded_at,
  pr.id AS recorder_id,
  pr.name AS recorder_name,
  CASE WHEN a.delete_flag = '1' THEN '1' ELSE '0' END AS delete_flag,
  a.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(a.update_time, a.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.cli_allergy_intolerance a
LEFT JOIN public.adm_practitioner pr ON pr.id = a.practitioner_id
WHERE a.clinical_status_enum IN (1, 3)
