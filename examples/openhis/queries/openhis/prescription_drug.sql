-- 处方用药：一条用药请求一行；价格取对应收费项目，字典代码先换成文字。皮试结果在过敏记录里，按用药请求找
SELECT
  r.id,
  r.prescription_no,
  r.patient_id,
  r.encounter_id,
  row_number() OVER (PARTITION BY r.prescription_no ORDER BY r.id) AS seq,
  coalesce(r.group_id::text, '0') AS group_no,
  r.medication_id,
  d.yb_no,
  d.name,
  d.merchandise_name,
  d.category_code,
  m.total_volume,
  coalesce(f.dict_label, m.dose_form_code) AS dose_form,
  nullif(r.dose, 0) AS dose,
  CASE WHEN r.dose > 0 THEN coalesce(du.dict_label, r.dose_unit_code) END AS dose_unit,
  upper(coalesce(rt.dict_label, r.rate_code)) AS rate,
  coalesce(mt.dict_label, r.method_code) AS method,
  nullif(r.dispense_per_duration, 0) AS use_days,
  r.quantity,
  coalesce(un.dict_label, r.unit_code) AS unit,
  c.unit_price,
  c.total_price,
  coalesce(d.manufacturer_text, s.name) AS manufacturer,
  d.approval_number,
  r.lot_number,
  r.skin_test_flag,
  k.clinical_status_enum AS skin_test_result,
  d.antibiotic_flag,
  d.characteristic,
  CASE d.basic_flag WHEN 1 THEN 'T' WHEN 2 THEN 'F' WHEN 0 THEN 'F' END AS basic_flag,
  CASE d.basic_flag WHEN 1 THEN '1' END AS basic_level,
  r.infusion_flag,
  d.inject_flag,
  CASE WHEN x.refunded THEN 'T' ELSE 'F' END AS refund_flag,
  x.dispensed_at,
  r.effective_dose_start AT TIME ZONE 'Asia/Shanghai' AS start_at,
  r.effective_dose_end AT TIME ZONE 'Asia/Shanghai' AS end_at,
  r.delete_flag,
  r.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  greatest(coalesce(r.update_time, r.create_time), c.update_time, x.changed, k.changed) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.med_medication_request r
LEFT JOIN public.med_medication_definition d ON d.id = r.medication_id
LEFT JOIN LATERAL (
  SELECT * FROM public.med_medication y WHERE y.medication_def_id = d.id AND y.delete_flag = '0' ORDER BY y.id LIMIT 1
) m ON true
LEFT JOIN public.adm_supplier s ON s.id = d.manufacturer_id
LEFT JOIN public.adm_charge_item c
  ON c.service_id = r.id AND (c.service_table = 'med_medication_request' OR c.bus_no = r.bus_no) AND c.delete_flag = '0'
LEFT JOIN LATERAL (
  SELECT
    bool_or(y.status_enum IN (10, 12)) AS refunded,
    min(y.dispense_time) FILTER (WHERE y.dispense_quantity > 0 AND y.status_enum <> 7) AT TIME ZONE 'Asia/Shanghai'
      AS dispensed_at,
    max(coalesce(y.update_time, y.create_time)) AS changed
  FROM public.med_medication_dispense y WHERE y.med_req_id = r.id AND y.delete_flag = '0'
) x ON true
LEFT JOIN LATERAL (
  SELECT y.clinical_status_enum, coalesce(y.update_time, y.create_time) AS changed
  FROM public.cli_allergy_intolerance y
  WHERE y.request_id = r.id AND y.patient_id = r.patient_id AND y.delete_flag <> '1' ORDER BY y.id DESC LIMIT 1
) k ON true
LEFT JOIN public.sys_dict_data f ON f.dict_type = 'dose_form_code' AND f.dict_value = m.dose_form_code
LEFT JOIN public.sys_dict_data du ON du.dict_type = 'unit_code' AND du.dict_value = r.dose_unit_code
LEFT JOIN public.sys_dict_data un ON un.dict_type = 'unit_code' AND un.dict_value = r.unit_code
LEFT JOIN public.sys_dict_data rt ON rt.dict_type = 'rate_code' AND rt.dict_value = r.rate_code
LEFT JOIN public.sys_dict_data mt ON mt.dict_type = 'method_code' AND mt.dict_value = r.method_code
WHERE coalesce(r.prescription_no, '') <> ''
