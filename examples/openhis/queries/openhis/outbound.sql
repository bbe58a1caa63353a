-- 药品出库：门诊发药。真正发出（有发药时间、已发数量大于 0、未拒绝）的才算；
-- 发药单位是包装单位时填包装数量，是最小单位时按拆零比折算
SELECT
  x.id,
  x.bus_no,
  x.dispense_time AT TIME ZONE 'Asia/Shanghai' AS dispensed_at,
  CASE WHEN e.class_enum IN (2, 3, 4) THEN '03' WHEN e.class_enum = 1 THEN '04' END AS outbound_type,
  x.location_id,
  l.name AS location_name,
  o.id AS org_id,
  o.name AS org_name,
  x.medication_id,
  d.category_code,
  d.name,
  coalesce(f.dict_label, m.dose_form_code) AS dose_form,
  m.total_volume,
  d.unit_code AS package_unit,
  d.min_unit_code AS min_unit,
  d.part_percent,
  coalesce(d.manufacturer_text, s.name) AS manufacturer,
  d.approval_number,
  x.lot_number,
  CASE
    WHEN x.unit_code = d.unit_code THEN x.dispense_quantity::numeric
    WHEN x.unit_code = d.min_unit_code THEN round(x.dispense_quantity / nullif(d.part_percent, 0), 2)
  END AS quantity,
  CASE
    WHEN x.unit_code = d.unit_code THEN x.dispense_quantity * d.part_percent
    WHEN x.unit_code = d.min_unit_code THEN x.dispense_quantity::numeric
  END AS min_quantity,
  c.unit_price,
  c.total_price,
  pr.id AS operator_id,
  pr.name AS operator_name,
  CASE WHEN x.dispense_time IS NOT NULL AND x.dispense_quantity > 0 AND x.status_enum <> 7 THEN '1' ELSE '0' END AS left_store,
  x.delete_flag,
  x.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(x.update_time, x.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.med_medication_dispense x
LEFT JOIN public.adm_encounter e ON e.id = x.encounter_id
LEFT JOIN public.adm_location l ON l.id = x.location_id
LEFT JOIN public.adm_organization o ON o.id = l.organization_id
LEFT JOIN public.med_medication_definition d ON d.id = x.medication_id
LEFT JOIN LATERAL (
  SELECT * FROM public.med_medication y WHERE y.medication_def_id = d.id AND y.delete_flag = '0' ORDER BY y.id LIMIT 1
) m ON true
LEFT JOIN public.adm_supplier s ON s.id = d.manufacturer_id
LEFT JOIN public.adm_charge_item c ON c.service_id = x.med_req_id AND c.bus_no = x.bus_no AND c.delete_flag = '0'
LEFT JOIN public.adm_practitioner pr ON pr.id = x.practitioner_id
LEFT JOIN public.sys_dict_data f ON f.dict_type = 'dose_form_code' AND f.dict_value = m.dose_form_code
