-- How everything stands. `{day}` is a partition's day; everything else is bound.

-- name: counts_open
SELECT stream_id, state, count(*), min(put_at) FROM queue GROUP BY stream_id, state;

-- name: counts_final
SELECT stream_id, state, rows FROM tallies;

-- name: last_batches
SELECT route, loop, max(read_at) AS read_at, rows_read FROM batches_{day} JOIN routes USING (route_id) GROUP BY route, loop;

-- name: held_reasons
SELECT q.stream_id, q.state, r.check_name, r.code, r.field, r.rule_id, count(DISTINCT q.seq)
FROM queue q CROSS JOIN findings_{day} f ON f.seq = q.seq JOIN reasons r USING (reason_id)
WHERE q.state IN ('held', 'refused') AND r.severity = 'error' AND q.seq >= :first_seq AND q.seq < :end_seq
GROUP BY q.stream_id, q.state, f.reason_id;

-- name: contested_reasons
SELECT reason_id FROM reasons WHERE check_name = ? AND severity IN ('error', 'warning');

-- name: contested_versions
-- Versions that stand or have arrived though another source row gave their key, newest first; walks over a day's findings.
SELECT DISTINCT f.seq FROM findings_{day} f JOIN reasons r USING (reason_id)
LEFT JOIN settled_{day} s ON s.seq = f.seq LEFT JOIN queue q ON q.seq = f.seq
WHERE r.check_name = ? AND r.severity IN ('error', 'warning')
    AND coalesce(q.state, s.state) NOT IN ('superseded', 'voided')
ORDER BY f.seq DESC LIMIT ?;

-- name: held_by_route
SELECT r.route, q.stream_id, count(*)
FROM queue q CROSS JOIN versions_{day} v ON v.seq = q.seq JOIN batches_{day} b USING (batch_no) JOIN routes r USING (route_id)
WHERE q.state = 'held' AND q.seq >= :first_seq AND q.seq < :end_seq
GROUP BY r.route, q.stream_id;

-- name: unexplained
-- Rows given up without a finding: attempts used up, too large, parked by a person.
SELECT stream_id, state, '', '', '', '', count(*) FROM queue WHERE state = 'parked' GROUP BY stream_id;

-- name: waiting_reasons
-- Rows that wait, by what stands in the way: the parent's own state, or that it never came.
SELECT stream_id, reason, count(*) FROM (
    SELECT q.stream_id, coalesce(min(p.state), 'absent') AS reason
    FROM queue q JOIN waits w ON w.seq = q.seq LEFT JOIN queue p ON p.head_id = w.parent_id
    WHERE q.state = 'waiting_parent' GROUP BY q.seq
) GROUP BY stream_id, reason;

-- name: sequences_in_state
SELECT q.seq FROM queue q JOIN streams s USING (stream_id)
WHERE q.state = ? AND s.table_name = ? ORDER BY q.seq LIMIT ?;
