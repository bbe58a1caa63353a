-- Every record's newest version, for the score. `{day}` is a partition's day; everything else is bound.

-- name: walk_versions
SELECT v.seq, v.stream_id, v.key, v.source_time, b.route_id, b.put_at, coalesce(q.state, s.state), coalesce(s.at, 0)
FROM versions_{day} v
LEFT JOIN queue q ON q.seq = v.seq
LEFT JOIN settled_{day} s ON s.seq = v.seq
LEFT JOIN batches_{day} b ON b.batch_no = v.batch_no
WHERE v.seq > ? ORDER BY v.seq LIMIT ?;

-- name: keys_among
SELECT v.seq, v.key FROM json_each(?) j CROSS JOIN versions_{day} v ON v.seq = j.value;

-- name: first_batches
SELECT route_id, min(put_at) FROM batches_{day} GROUP BY route_id;

-- name: findings_between
SELECT f.seq, r.check_name, r.code, r.field, r.severity, r.rule_id FROM findings_{day} f JOIN reasons r USING (reason_id)
WHERE f.seq BETWEEN ? AND ?;
