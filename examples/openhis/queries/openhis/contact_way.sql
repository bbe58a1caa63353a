-- 联系方式：患者本人电话一条，联系人电话一条
SELECT
  p.id || '-P' AS way_id,
  p.id AS patient_id,
  NULL::bigint AS contact_id,
  '1' AS owner_type,
  CASE WHEN p.phone ~ '^1[0-9]{10}$' THEN '04' ELSE '01' END AS way_type,
  p.phone AS value,
  p.delete_flag,
  p.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(p.update_time, p.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_patient p
WHERE coalesce(p.phone, '') <> ''
UNION ALL
SELECT
  p.id || '-L',
  p.id,
  p.id,
  '2',
  CASE WHEN p.link_telcom ~ '^1[0-9]{10}$' THEN '04' ELSE '02' END,
  p.link_telcom,
  p.delete_flag,
  p.create_time AT TIME ZONE 'Asia/Shanghai',
  coalesce(p.update_time, p.create_time) AT TIME ZONE 'Asia/Shanghai'
FROM public.adm_patient p
WHERE coalesce(p.link_telcom, '') <> '' AND coalesce(p.link_name, '') <> ''
