-- 药品库存：wor_inventory_item 只存当前结存，结存日期取该行最后变动日；耗材（category 4）不是药品，不取
SELECT
  i.id,
  (coalesce(i.update_time, i.create_time) AT TIME ZONE 'Asia/Shanghai')::date AS stock_date,
  i.location_id,
  l.name AS location_name,
  CASE WHEN l.form_enum = 11 THEN '1' END AS warehouse_type,
  i.item_id,
  d.category_code,
  i.name,
  coalesce(f.dict_label, m.dose_form_code) AS dose_form,
  m.total_volume,
  i.base_unit_code,
  d.part_percent,
  i.min_unit_code,
  coalesce(d.manufacturer_text, s.name) AS manufacturer,
  d.approval_number,
  i.lot_number,
  (i.production_date AT TIME ZONE 'Asia/Shanghai')::date AS production_date,
  (i.expiration_date AT TIME ZONE 'Asia/Shanghai')::date AS expiry_date,
  i.base_quantity,
  i.min_quantity,
  i.price AS purchase_price,
  c.price AS retail_price,
  round(c.price * i.base_quantity, 2) AS retail_amount,
  v.name AS supplier_name,
  CASE d.basic_flag WHEN 1 THEN 'T' WHEN 2 THEN 'F' WHEN 0 THEN 'F' END AS basic_flag,
  CASE d.basic_flag WHEN 1 THEN '1' END AS basic_level,
  i.delete_flag::text AS delete_flag,
  i.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(i.update_time, i.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.wor_inventory_item i
LEFT JOIN public.adm_location l ON l.id = i.location_id
LEFT JOIN public.med_medication_definition d ON d.id = i.item_id
LEFT JOIN LATERAL (
  SELECT * FROM public.med_medication x WHERE x.medication_def_id = d.id AND x.delete_flag = '0' ORDER BY x.id LIMIT 1
) m ON true
LEFT JOIN LATERAL (
  SELECT * FROM public.adm_charge_item_definition x
  WHERE x.instance_table = 'med_medication_definition' AND x.instance_id = d.id AND x.delete_flag = '0'
  ORDER BY x.id DESC LIMIT 1
) c ON true
LEFT JOIN public.adm_supplier s ON s.id = d.manufacturer_id
LEFT JOIN public.adm_supplier v ON v.id = i.supplier_id
LEFT JOIN public.sys_dict_data f ON f.dict_type = 'dose_form_code' AND f.dict_value = m.dose_form_code
WHERE i.item_table = 'med_medication_definition'
