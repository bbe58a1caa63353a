-- 科室。本表没有任何时间列，库中也没有别处记着科室何时设立：创建与更新时间如实空着，行被扣留
SELECT
  d.id,
  d.name,
  d.code,
  d.cat_id,
  CASE WHEN d.cat_id = 20 OR d.name REGEXP '^中医' THEN 'T' ELSE 'F' END AS is_tcm,
  d.status,
  CAST(NULL AS datetime) AS created_at
FROM sms_dept d
