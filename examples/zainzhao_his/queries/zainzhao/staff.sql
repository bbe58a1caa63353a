-- 人员。角色管的是权限，职称写着医师的按医师归类，其余看角色；没有修改时间，更新时间即建账号的时间。
-- gender 不取：人员界面没有性别一项，新增时固定写入 0
SELECT
  s.id,
  s.name,
  s.title,
  CASE WHEN s.title REGEXP '医师$' THEN '医师' ELSE r.name END AS post,
  s.dept_id,
  d.name AS dept_name,
  s.status,
  s.create_time
FROM sms_staff s
LEFT JOIN sms_dept d ON d.id = s.dept_id
LEFT JOIN sms_role r ON r.id = s.role_id
