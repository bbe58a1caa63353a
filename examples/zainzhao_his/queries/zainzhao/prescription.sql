-- 成药处方（西药与中成药）。开立科室取挂号的科室；诊断取病历的初步诊断
SELECT
  m.id,
  g.patient_id,
  m.registration_id,
  k.code AS rank_code,
  p.name,
  p.gender,
  DATE(p.date_of_birth) AS birth_date,
  DATE(m.create_time) AS prescribed_on,
  m.type,
  g.dept_id,
  d.name AS dept_name,
  m.create_time,
  i.icd,
  i.name AS disease_name,
  (SELECT COUNT(*) FROM dms_medicine_item_record t WHERE t.prescription_id = m.id) AS drug_count,
  m.amount,
  s.id AS prescriber_id,
  s.name AS prescriber_name,
  m.status
FROM dms_medicine_prescription_record m
LEFT JOIN dms_registration g ON g.id = m.registration_id
LEFT JOIN pms_patient p ON p.id = g.patient_id
LEFT JOIN sms_dept d ON d.id = g.dept_id
LEFT JOIN sms_skd w ON w.id = g.skd_id
LEFT JOIN sms_staff y ON y.id = w.staff_id
LEFT JOIN sms_registration_rank k ON k.id = y.registration_rank_id
LEFT JOIN sms_staff s ON s.id = m.create_staff_id
LEFT JOIN dms_case_history c ON c.id = (SELECT MAX(z.id) FROM dms_case_history z WHERE z.registration_id = g.id)
LEFT JOIN dms_dise i ON i.id = SUBSTRING_INDEX(c.priliminary_dise_id_list, ',', 1)
