-- 非药品收费项目。费用科目表是空的，收费类别取项目类型；“规格”一栏填的是计价单位。
-- 检查由影像科室（科室分类 28）执行的归影像学诊断
SELECT
  n.id,
  n.name,
  n.format,
  n.price,
  n.record_type,
  CASE WHEN n.record_type = 1 AND d.cat_id = 28 THEN '1-影像' ELSE n.record_type END AS category,
  n.dept_id,
  d.name AS dept_name,
  n.status,
  n.create_date
FROM dms_non_drug n
LEFT JOIN sms_dept d ON d.id = n.dept_id
