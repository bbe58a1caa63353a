-- 患者。本表没有时间列，但病历号由系统在建档那一刻生成：年月日时分（12 位）加证件号后四位，
-- 建档时间取病历号前 12 位（精确到分）；不成时间的病历号不猜，行被扣留。患者资料的修改不留时间，更新时间即建档时间。
-- 身份证号只有校验码成立才给出（valid_id_no），不成立的号码不上报，由 patient_certificate 的扣留说明
SELECT
  p.id,
  p.name,
  p.gender,
  DATE(p.date_of_birth) AS birth_date,
  p.identification_no,
  CASE WHEN k.valid = 1 THEN UPPER(p.identification_no) END AS valid_id_no,
  CASE WHEN k.valid = 1 THEN '01' END AS valid_id_type,
  p.home_address,
  p.phone_no,
  CASE WHEN p.phone_no REGEXP '^1[0-9]{10}$' THEN p.phone_no END AS mobile,
  CASE WHEN p.phone_no REGEXP '^1[0-9]{10}$' THEN '04' ELSE '01' END AS way_type,
  CASE WHEN p.medical_record_no REGEXP '^20[0-9]{14}$' THEN STR_TO_DATE(LEFT(p.medical_record_no, 12), '%Y%m%d%H%i') END
    AS archived_at
FROM pms_patient p
LEFT JOIN (
  SELECT
    x.id,
    SUBSTRING('10X98765432', 1 + MOD(
      7 * SUBSTRING(x.no, 1, 1) + 9 * SUBSTRING(x.no, 2, 1) + 10 * SUBSTRING(x.no, 3, 1) + 5 * SUBSTRING(x.no, 4, 1)
      + 8 * SUBSTRING(x.no, 5, 1) + 4 * SUBSTRING(x.no, 6, 1) + 2 * SUBSTRING(x.no, 7, 1) + 1 * SUBSTRING(x.no, 8, 1)
      + 6 * SUBSTRING(x.no, 9, 1) + 3 * SUBSTRING(x.no, 10, 1) + 7 * SUBSTRING(x.no, 11, 1) + 9 * SUBSTRING(x.no, 12, 1)
      + 10 * SUBSTRING(x.no, 13, 1) + 5 * SUBSTRING(x.no, 14, 1) + 8 * SUBSTRING(x.no, 15, 1)
      + 4 * SUBSTRING(x.no, 16, 1) + 2 * SUBSTRING(x.no, 17, 1), 11), 1) = RIGHT(x.no, 1) AS valid
  FROM (
    SELECT id, UPPER(identification_no) AS no FROM pms_patient WHERE identification_no REGEXP '^[0-9]{17}[0-9Xx]$'
  ) x
) k ON k.id = p.id
