-- 药品医嘱：成药处方项一条一行，开立时间、开立人取所属处方；处方没有修改时间，更新时间即开立时间。
-- 序号从 1001 起，不与检查、检验、处置项的序号相重
SELECT
  CONCAT('D', t.id) AS order_id,
  t.id,
  g.patient_id,
  m.registration_id,
  1000 + ROW_NUMBER() OVER (PARTITION BY m.registration_id ORDER BY t.id) AS seq,
  t.drug_id,
  TRIM(x.name) AS item_name,
  t.num,
  x.unit,
  t.prescription_id,
  t.medical_advice,
  g.dept_id,
  d.name AS dept_name,
  s.id AS doctor_id,
  s.name AS doctor_name,
  m.status,
  m.create_time
FROM dms_medicine_item_record t
LEFT JOIN dms_medicine_prescription_record m ON m.id = t.prescription_id
LEFT JOIN dms_registration g ON g.id = m.registration_id
LEFT JOIN dms_drug x ON x.id = t.drug_id
LEFT JOIN sms_dept d ON d.id = g.dept_id
LEFT JOIN sms_staff s ON s.id = m.create_staff_id
