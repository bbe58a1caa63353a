-- 就诊：一次挂号一行。专家号绑定排班，由排班得到医生与挂号级别；普通号不绑定，两项都不知道。
-- 主诉与初步诊断在病历里（诊断是编号列表，取第一个）；没有修改时间，更新时间即挂号时间
SELECT
  g.id,
  g.patient_id,
  p.name,
  p.gender,
  DATE(p.date_of_birth) AS birth_date,
  DATE(g.attendance_date) AS visit_date,
  k.code AS rank_code,
  g.create_time,
  g.dept_id,
  d.name AS dept_name,
  g.attendance_date,
  c.chief_complaint,
  i.icd,
  i.name AS disease_name,
  CASE
    WHEN EXISTS (SELECT 1 FROM dms_herbal_prescription_record h WHERE h.registration_id = g.id AND h.status <> 0) THEN '3'
    WHEN EXISTS (
      SELECT 1 FROM dms_medicine_prescription_record m
      JOIN dms_medicine_item_record t ON t.prescription_id = m.id
      JOIN dms_drug x ON x.id = t.drug_id
      WHERE m.registration_id = g.id AND m.status <> 0 AND x.type_id = 102
    ) THEN '2'
    ELSE '1'
  END AS tcm_use,
  s.id AS doctor_id,
  s.name AS doctor_name,
  g.status
FROM dms_registration g
LEFT JOIN pms_patient p ON p.id = g.patient_id
LEFT JOIN sms_dept d ON d.id = g.dept_id
LEFT JOIN sms_skd w ON w.id = g.skd_id
LEFT JOIN sms_staff s ON s.id = w.staff_id
LEFT JOIN sms_registration_rank k ON k.id = s.registration_rank_id
LEFT JOIN dms_case_history c ON c.id = (SELECT MAX(y.id) FROM dms_case_history y WHERE y.registration_id = g.id)
LEFT JOIN dms_dise i ON i.id = SUBSTRING_INDEX(c.priliminary_dise_id_list, ',', 1)
