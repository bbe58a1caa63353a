-- 健康信息：血型在患者档案里；过敏来自 cli_allergy_intolerance 的阳性（ClinicalStatus 1）记录。
-- 没有阳性记录不等于没有过敏史，故不写“否”
SELECT
  p.id,
  p.name,
  p.gender_enum,
  (p.birth_date AT TIME ZONE 'Asia/Shanghai')::date AS birth_date,
  p.blood_abo,
  p.blood_rh,
  CASE WHEN a.patient_id IS NOT NULL THEN 'T' END AS allergy_flag,
  a.note AS allergy_history,
  greatest(coalesce(p.update_time, p.create_time), a.recorded) AT TIME ZONE 'Asia/Shanghai' AS recorded_at,
  p.delete_flag,
  p.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  greatest(coalesce(p.update_time, p.create_time), a.changed) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_patient p
LEFT JOIN (
  SELECT
    patient_id,
    string_agg(coalesce(description, note), '；' ORDER BY id) AS note,
    max(recorded_date) AS recorded,
    max(coalesce(update_time, create_time)) AS changed
  FROM public.cli_allergy_intolerance
  WHERE clinical_status_enum = 1 AND delete_flag <> '1'
  GROUP BY patient_id
) a ON a.patient_id = p.id
WHERE p.blood_abo IS NOT NULL OR p.blood_rh IS NOT NULL OR a.patient_id IS NOT NULL
