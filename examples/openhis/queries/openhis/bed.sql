-- 床位：adm_location 里编码挂在病房（form_enum 10）之下的位置；病房又挂在病区（form_enum 4）之下
SELECT
  b.id,
  b.name,
  h.name AS room_name,
  w.id AS ward_id,
  w.name AS ward_name,
  nullif(b.organization_id, 0) AS org_id,
  o.name AS org_name,
  CASE b.status_enum WHEN 1 THEN 'T' WHEN 2 THEN 'F' WHEN 3 THEN 'F' END AS is_open,
  b.operational_enum,
  b.delete_flag,
  b.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(b.update_time, b.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_location b
JOIN public.adm_location h ON h.form_enum = 10 AND b.bus_no LIKE h.bus_no || '.%'
JOIN public.adm_location w ON w.form_enum = 4 AND h.bus_no LIKE w.bus_no || '.%'
LEFT JOIN public.adm_organization o ON o.id = nullif(b.organization_id, 0)
