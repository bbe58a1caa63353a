-- 药品目录：定义在 med_medication_definition，剂型规格在 med_medication，售价与医保等级在 adm_charge_item_definition。
-- 单位栏有的存字典代码、有的存文字：先按字典 unit_code 换成文字，字典里没有的按原文
SELECT
  d.id,
  d.name,
  d.merchandise_name,
  d.name_en,
  d.category_code,
  coalesce(f.dict_label, m.dose_form_code) AS dose_form,
  m.total_volume,
  nullif(m.dose, 0) AS dose,
  CASE WHEN m.dose > 0 THEN coalesce(du.dict_label, m.dose_unit_code) END AS dose_unit,
  coalesce(mu.dict_label, d.min_unit_code) AS min_unit,
  coalesce(pu.dict_label, d.unit_code) AS package_unit,
  d.part_percent,
  coalesce(d.manufacturer_text, s.name) AS manufacturer,
  d.approval_number,
  d.yb_no,
  c.yb_type,
  c.price,
  (c.effective_start AT TIME ZONE 'Asia/Shanghai')::date AS effective_start,
  CASE d.basic_flag WHEN 1 THEN 'T' WHEN 2 THEN 'F' WHEN 0 THEN 'F' END AS basic_flag,
  CASE d.basic_flag WHEN 1 THEN '1' END AS basic_level,
  d.antibiotic_flag,
  d.characteristic,
  d.self_flag,
  d.inject_flag,
  d.skin_test_flag,
  d.active_flag,
  d.delete_flag,
  d.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(d.update_time, d.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.med_medication_definition d
LEFT JOIN LATERAL (
  SELECT * FROM public.med_medication x WHERE x.medication_def_id = d.id AND x.delete_flag = '0' ORDER BY x.id LIMIT 1
) m ON true
LEFT JOIN LATERAL (
  SELECT * FROM public.adm_charge_item_definition x
  WHERE x.instance_table = 'med_medication_definition' AND x.instance_id = d.id AND x.delete_flag = '0'
  ORDER BY x.id DESC LIMIT 1
) c ON true
LEFT JOIN public.adm_supplier s ON s.id = d.manufacturer_id
LEFT JOIN public.sys_dict_data f ON f.dict_type = 'dose_form_code' AND f.dict_value = m.dose_form_code
LEFT JOIN public.sys_dict_data du ON du.dict_type = 'unit_code' AND du.dict_value = m.dose_unit_code
LEFT JOIN public.sys_dict_data mu ON mu.dict_type = 'unit_code' AND mu.dict_value = d.min_unit_code
LEFT JOIN public.sys_dict_data pu ON pu.dict_type = 'unit_code' AND pu.dict_value = d.unit_code
