-- 检查、检验、处置项：开立、登记、执行各有时间，最晚的一个就是最后修改时间
SELECT
  CONCAT('S', r.id) AS order_id,
  r.id,
  g.patient_id,
  r.registration_id,
  ROW_NUMBER() OVER (PARTITION BY r.registration_id ORDER BY r.id) AS seq,
  r.type,
  r.no_drug_id,
  n.name AS item_name,
  r.demand,
  g.dept_id,
  d.name AS dept_name,
  s.id AS doctor_id,
  s.name AS doctor_name,
  r.excute_dept_id,
  ed.name AS excute_dept_name,
  es.id AS executor_id,
  es.name AS executor_name,
  r.excute_time,
  r.status,
  r.create_time,
  GREATEST(r.create_time, COALESCE(r.log_datetime, r.create_time), COALESCE(r.excute_time, r.create_time)) AS changed_at
FROM dms_non_drug_item_record r
LEFT JOIN dms_registration g ON g.id = r.registration_id
LEFT JOIN dms_non_drug n ON n.id = r.no_drug_id
LEFT JOIN sms_dept d ON d.id = g.dept_id
LEFT JOIN sms_staff s ON s.id = r.create_staff_id
LEFT JOIN sms_dept ed ON ed.id = r.excute_dept_id
LEFT JOIN sms_staff es ON es.id = r.excute_staff_id
