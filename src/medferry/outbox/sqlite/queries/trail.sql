-- One record and all its versions. `{day}` is a partition's day; everything else is bound.

-- name: head_of_key
SELECT key_hash, last_seq, accepted_seq, at_platform FROM heads WHERE short_hash IN ({many});

-- name: version_at
SELECT v.seq, v.stream_id, v.key, v.source_time, v.digest, v.sound, v.prev_seq, v.patient_key, v.visit_key,
    b.batch_id, r.route, b.put_at, coalesce(q.state, s.state) AS state, s.at AS state_at, coalesce(q.attempts, 0) AS attempts,
    coalesce(q.not_before, 0) AS not_before
FROM versions_{day} v
LEFT JOIN queue q ON q.seq = v.seq
LEFT JOIN settled_{day} s ON s.seq = v.seq
LEFT JOIN batches_{day} b ON b.batch_no = v.batch_no
LEFT JOIN routes r ON r.route_id = b.route_id
WHERE v.seq = ?;

-- name: warned_versions
-- Versions under way or accepted of which a check warned, newest first; walks over a day's findings.
SELECT DISTINCT f.seq FROM findings_{day} f JOIN reasons r USING (reason_id)
LEFT JOIN settled_{day} s ON s.seq = f.seq LEFT JOIN queue q ON q.seq = f.seq
WHERE r.check_name = ? AND r.severity = 'warning' AND coalesce(s.state, q.state) NOT IN ('held', 'superseded', 'voided')
ORDER BY f.seq DESC LIMIT ?;

-- name: payload_at
SELECT first_seq, rows, codec, key_id, blob FROM payload_{day} WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1;

-- name: image_at
SELECT codec, key_id, blob FROM images_{day} WHERE seq = ?;

-- name: messages_of_seq
SELECT message_id, created_at FROM messages_{day}
WHERE stream_id = :stream_id AND first_seq <= :seq AND last_seq >= :seq
  AND EXISTS (SELECT 1 FROM json_each(sequences) WHERE value = :seq)
ORDER BY message_no;

-- name: message_at
SELECT message_id FROM messages_{day} WHERE message_no = ?;

-- name: steps_of_seq
SELECT seq, at, state, message_no, code, field, text FROM steps_{day} WHERE seq = ? ORDER BY step_id;

-- name: findings_of_seq
SELECT f.seq, r.check_name, r.code, r.field, r.severity, r.rule_id FROM findings_{day} f JOIN reasons r USING (reason_id)
WHERE f.seq = ? ORDER BY f.reason_id;

-- name: keys_by_patient
SELECT DISTINCT stream_id, key FROM versions_{day} WHERE patient_key = ? LIMIT ?;

-- name: keys_by_visit
SELECT DISTINCT stream_id, key FROM versions_{day} WHERE visit_key = ? LIMIT ?;
