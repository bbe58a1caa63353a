SELECT
  d.id,
  d.bus_no,
  d.name,
  d.model_number,
  d.serial_number,
  d.manufacturer,
  (d.manufacture_date AT TIME ZONE 'Asia/Shanghai')::date AS manufacture_date,
  d.org_id,
  o.name AS org_name,
  d.delete_flag,
  d.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(d.update_time, d.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_device d
LEFT JOIN public.adm_organization o ON o.id = d.org_id
