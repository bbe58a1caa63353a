-- 药品目录。code 一栏在库中只有两个值，不是一品一码，不作本位码；generic_name 一栏填的是商品名或包装，不作通用名。
-- 剂型只分到“针剂”，药典里“注射用”即无菌粉末，据品名分出
SELECT
  x.id,
  TRIM(x.name) AS name,
  x.type_id,
  CASE WHEN f.name = '针剂' AND x.name REGEXP '^注射用' THEN '针剂（注射用）' ELSE f.name END AS dosage,
  f.name AS dosage_name,
  x.format,
  x.unit,
  NULLIF(TRIM(x.manufacturer), '') AS manufacturer,
  x.price,
  x.status,
  x.create_date
FROM dms_drug x
LEFT JOIN dms_dosage f ON f.id = x.dosage_id
