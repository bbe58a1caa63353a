-- 人员：岗位角色在 adm_practitioner_role，一人可有多个；只有一种临床角色时才取它
SELECT
  p.id,
  p.bus_no,
  p.name,
  p.gender_enum,
  (p.birth_date AT TIME ZONE 'Asia/Shanghai')::date AS birth_date,
  p.phone,
  p.address,
  p.org_id,
  o.name AS org_name,
  r.role_code,
  p.active_flag,
  p.delete_flag,
  p.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(p.update_time, p.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_practitioner p
LEFT JOIN public.adm_organization o ON o.id = p.org_id
LEFT JOIN (
  SELECT practitioner_id, CASE WHEN count(DISTINCT role_code) = 1 THEN min(role_code) END AS role_code
  FROM public.adm_practitioner_role
  WHERE role_code IN ('doctor', 'nurse', 'pharmacist') AND delete_flag = '0'
  GROUP BY practitioner_id
) r ON r.practitioner_id = p.id
