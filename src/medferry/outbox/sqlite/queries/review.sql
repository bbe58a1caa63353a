-- What reviews find. `{day}` is a partition's day; everything else is bound.

-- name: add_review
INSERT INTO reviews (began_at) VALUES (?) RETURNING review_id;

-- name: end_review
UPDATE reviews SET ended_at = ?, rows = ?, left_out = ? WHERE review_id = ?;

-- name: last_review
SELECT review_id, began_at, ended_at, rows, left_out FROM reviews WHERE ended_at IS NOT NULL ORDER BY review_id DESC LIMIT 1;

-- name: add_review_finding
INSERT OR IGNORE INTO review_findings (review_id, stream_id, key, reason_id) VALUES (?, ?, ?, ?);

-- name: review_count
SELECT rows FROM review_counts WHERE review_id = ? AND stream_id = ? AND reason_id = ?;

-- name: add_review_count
INSERT INTO review_counts (review_id, stream_id, reason_id, rows) VALUES (?, ?, ?, ?)
ON CONFLICT (review_id, stream_id, reason_id) DO UPDATE SET rows = rows + excluded.rows;

-- name: forget_review_findings
DELETE FROM review_findings WHERE (review_id, stream_id, key, reason_id) IN (
    SELECT review_id, stream_id, key, reason_id FROM review_findings
    WHERE review_id < :newest AND review_id <> :kept LIMIT :many);

-- name: forget_review_counts
DELETE FROM review_counts WHERE review_id < :newest AND review_id <> :kept;

-- name: forget_reviews
DELETE FROM reviews WHERE review_id < :newest AND review_id <> :kept;

-- name: review_groups
SELECT c.stream_id, r.check_name, r.code, r.field, r.severity, r.rule_id, c.rows
FROM review_counts c JOIN reasons r USING (reason_id) WHERE c.review_id = ?;

-- name: review_findings_of_key
SELECT r.check_name, r.code, r.field, r.severity, r.rule_id FROM review_findings f JOIN reasons r USING (reason_id)
WHERE f.review_id = ? AND f.stream_id = ? AND f.key = ? ORDER BY f.reason_id;

-- name: review_findings_of_stream
SELECT f.key, r.check_name, r.code, r.field, r.severity, r.rule_id
FROM review_findings f JOIN reasons r USING (reason_id) WHERE f.review_id = ? AND f.stream_id = ?;

-- name: drop_review_findings
DELETE FROM review_findings WHERE review_id = :review AND stream_id = :stream_id
    AND key IN (SELECT value FROM json_each(:keys)) AND reason_id IN (SELECT value FROM json_each(:reasons))
RETURNING reason_id;

-- name: lower_review_count
UPDATE review_counts SET rows = rows - ? WHERE review_id = ? AND stream_id = ? AND reason_id = ?;

-- name: drop_review_counts
DELETE FROM review_counts WHERE review_id = ? AND rows <= 0;
