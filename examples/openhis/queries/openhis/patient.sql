-- 患者。时间列带时区，出生日期按北京时间取日；身份证号只有校验码成立才给出（valid_id_card），
-- 不成立的号码不上报，由 patient_certificate 的扣留说明
SELECT
  p.id,
  p.name,
  p.gender_enum,
  (p.birth_date AT TIME ZONE 'Asia/Shanghai')::date AS birth_date,
  p.id_card,
  CASE WHEN k.valid THEN upper(p.id_card) END AS valid_id_card,
  CASE WHEN k.valid THEN '01' END AS valid_id_type,
  p.country_code,
  p.nationality_code,
  p.marital_status_enum,
  p.prfs_enum,
  p.work_company,
  p.address,
  p.address_province,
  p.address_city,
  p.address_district,
  -- 街道一栏有的存乡镇街道，有的存路与门牌：带数字的是后者
  CASE WHEN p.address_street !~ '[0-9]' THEN p.address_street END AS address_town,
  CASE WHEN p.address_street ~ '[0-9]' THEN p.address_street END AS address_road,
  p.native_place,
  p.phone,
  CASE WHEN p.phone ~ '^1[0-9]{10}$' THEN p.phone END AS mobile,
  1 AS link_seq,  -- 患者档案只有一位联系人
  p.link_name,
  p.link_relation_code,
  p.link_telcom,
  p.deceased_date AT TIME ZONE 'Asia/Shanghai' AS deceased_at,
  p.create_by,
  u.nick_name AS creator_name,
  p.delete_flag,
  p.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(p.update_time, p.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_patient p
LEFT JOIN public.sys_user u ON u.user_name = p.create_by
CROSS JOIN LATERAL (
  SELECT upper(p.id_card) ~ '^[0-9]{17}[0-9X]$' AND substr('10X98765432', 1 + (
    SELECT sum(w.weight * substr(rpad(regexp_replace(p.id_card, '[^0-9]', '0', 'g'), 18, '0'), w.place::int, 1)::int)::int % 11
    FROM unnest(ARRAY[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) WITH ORDINALITY AS w (weight, place)
  ), 1) = upper(substr(p.id_card, 18, 1)) AS valid
) k
