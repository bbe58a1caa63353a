-- What the platform refused, beside what was found of the same rows before they left. `{day}` is a partition's day.

-- name: refusals_by_field
SELECT v.stream_id, p.code, p.field, count(*) AS rows
FROM findings_{day} f JOIN reasons p USING (reason_id) JOIN versions_{day} v ON v.seq = f.seq
WHERE p.check_name = 'platform' GROUP BY v.stream_id, p.code, p.field;

-- name: refusals_beside_findings
SELECT v.stream_id, p.code AS said_code, p.field AS said_field,
       r.check_name, r.code, r.field, r.severity, r.rule_id, count(*) AS rows
FROM findings_{day} f JOIN reasons p ON p.reason_id = f.reason_id AND p.check_name = 'platform'
JOIN findings_{day} g ON g.seq = f.seq JOIN reasons r ON r.reason_id = g.reason_id AND r.check_name <> 'platform'
JOIN versions_{day} v ON v.seq = f.seq
GROUP BY v.stream_id, f.reason_id, g.reason_id;

-- name: findings_of_accepted
SELECT v.stream_id, r.check_name, r.code, r.field, r.severity, r.rule_id, count(*) AS rows
FROM settled_{day} s JOIN findings_{day} g ON g.seq = s.seq JOIN reasons r USING (reason_id)
JOIN versions_{day} v ON v.seq = s.seq
WHERE s.state = 'accepted' AND r.severity IN ('warning', 'waived') GROUP BY v.stream_id, g.reason_id;
