-- 收费项目：adm_charge_item_definition 中属于诊疗项目与门诊服务的；药品见 drug.sql
SELECT
  c.id,
  coalesce(a.name, c.charge_name) AS name,
  coalesce(a.yb_no, '') AS yb_no,
  c.yb_type,
  c.type_code,
  a.category_code,
  coalesce(u.dict_label, a.permitted_unit_code) AS billing_unit,
  c.price,
  (c.effective_start AT TIME ZONE 'Asia/Shanghai')::date AS effective_start,
  c.status_enum,
  c.description,
  c.delete_flag,
  c.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(c.update_time, c.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_charge_item_definition c
LEFT JOIN public.wor_activity_definition a ON c.instance_table = 'wor_activity_definition' AND a.id = c.instance_id
LEFT JOIN public.sys_dict_data u ON u.dict_type = 'unit_code' AND u.dict_value = a.permitted_unit_code
WHERE c.instance_table IN ('wor_activity_definition', 'adm_healthcare_service')
