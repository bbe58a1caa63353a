-- What a person decides: rows go again, or are withdrawn. `{day}` is a partition's day; everything else is bound.

-- name: requeue
UPDATE queue SET state = 'ready', attempts = 0, not_before = 0
WHERE seq IN (SELECT value FROM json_each(?)) AND state IN ('refused', 'parked') RETURNING seq;

-- name: answer_voided
INSERT INTO answered (seq, receipt, stream_id, head_id, source_time, outcome, text, state)
SELECT seq, 0, stream_id, head_id, source_time, 'voided', ?, 'voided' FROM queue
WHERE seq IN (SELECT value FROM json_each(?)) AND state IN ('held', 'waiting_parent', 'ready', 'refused', 'parked');

-- name: leave_waits
DELETE FROM waits WHERE seq IN (SELECT seq FROM answered WHERE state = 'voided');

-- name: count_answered
SELECT count(*) FROM answered;

-- name: voided_keys
SELECT a.head_id, h.last_seq, h.accepted_time, h.accepted_seq, h.accepted_digest
FROM answered a JOIN heads h USING (head_id) GROUP BY a.head_id;

-- name: version_in_chain
SELECT v.prev_seq, v.source_time, v.sound, v.digest, coalesce(s.state, '') AS state FROM versions_{day} v
LEFT JOIN settled_{day} s ON s.seq = v.seq WHERE v.seq = ?;

-- name: reset_head
UPDATE heads SET newest_time = ?, sound_time = ?, sound_seq = ?, sound_digest = ? WHERE head_id = ?;
