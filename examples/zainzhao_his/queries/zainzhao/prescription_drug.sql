-- 成药处方项。项上不存价格，系统各界面都取药品目录的现价，这里照样；开立时间取所属处方。
-- 用量单位在界面里 1 片、2 支（克误用了同一个 2）、3 瓶：2 有歧义，留空
SELECT
  t.id,
  t.prescription_id,
  g.patient_id,
  m.registration_id,
  ROW_NUMBER() OVER (PARTITION BY t.prescription_id ORDER BY t.id) AS seq,
  t.drug_id,
  TRIM(x.name) AS name,
  x.type_id,
  x.format,
  CASE WHEN f.name = '针剂' AND x.name REGEXP '^注射用' THEN '针剂（注射用）' ELSE f.name END AS dosage,
  f.name AS dosage_name,
  t.usage_num,
  CASE t.usage_num_unit WHEN 1 THEN '片' WHEN 3 THEN '瓶' END AS usage_unit,
  t.frequency,
  t.days,
  t.num,
  x.unit,
  x.price,
  x.price * t.num AS amount,
  NULLIF(TRIM(x.manufacturer), '') AS manufacturer,
  CASE WHEN t.refund_num > 0 THEN 'T' ELSE 'F' END AS refund_flag,
  m.status,
  m.create_time
FROM dms_medicine_item_record t
LEFT JOIN dms_medicine_prescription_record m ON m.id = t.prescription_id
LEFT JOIN dms_registration g ON g.id = m.registration_id
LEFT JOIN dms_drug x ON x.id = t.drug_id
LEFT JOIN dms_dosage f ON f.id = x.dosage_id
