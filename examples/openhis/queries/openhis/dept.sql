-- 科室目录：adm_organization 既存机构也存科室，用 class_enum（OrganizationClass）区分门诊、住院、药房等
SELECT
  o.id,
  o.name,
  o.class_enum,
  o.active_flag,
  CASE o.class_enum WHEN 1 THEN 'T' WHEN 2 THEN 'F' END AS is_outpatient,
  CASE o.class_enum WHEN 2 THEN 'T' WHEN 1 THEN 'F' END AS is_inpatient,
  o.display_order,
  o.delete_flag,
  o.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(o.update_time, o.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_organization o
