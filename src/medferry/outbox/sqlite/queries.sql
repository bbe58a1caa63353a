-- Every statement of the ledger. `{day}` is a partition's day; everything else is bound.

-- name: make_meta
INSERT INTO meta (one, schema_version, node, epoch, next_seq, next_head, next_message, next_batch)
VALUES (1, ?, ?, 0, 1, 1, 1, 1);

-- name: meta
SELECT schema_version, node, epoch, next_seq, next_head, next_message, next_batch FROM meta;

-- name: set_version
UPDATE meta SET schema_version = ?;

-- name: new_epoch
UPDATE meta SET epoch = max(epoch + 1, :seconds), node = :node;

-- name: end_leases
-- Only one process writes: whoever held these leases is gone. They are rescued at once, not when they expire.
UPDATE envelopes SET lease_until = 0 WHERE state = 'leased';

-- name: allot
UPDATE meta SET next_seq = ?, next_head = ?, next_message = ?, next_batch = ?;

-- name: days
SELECT day, first_seq FROM days ORDER BY day;

-- name: add_day
INSERT INTO days (day, first_seq) VALUES (?, ?);

-- name: streams
SELECT stream_id, table_name, campus, org_code, edition FROM streams;

-- name: add_stream
INSERT INTO streams (table_name, campus, org_code, edition) VALUES (?, ?, ?, ?) RETURNING stream_id;

-- name: routes
SELECT route_id, route FROM routes;

-- name: add_route
INSERT INTO routes (route) VALUES (?) RETURNING route_id;

-- name: reasons
SELECT reason_id, check_name, code, field, severity, rule_id FROM reasons;

-- name: add_reason
INSERT INTO reasons (check_name, code, field, severity, rule_id) VALUES (?, ?, ?, ?, ?) RETURNING reason_id;

-- name: cursor
SELECT place FROM cursors JOIN routes USING (route_id) WHERE route = ? AND loop = ?;

-- name: set_cursor
INSERT OR REPLACE INTO cursors (route_id, loop, place) VALUES (?, ?, ?);

-- name: set_mark
INSERT OR REPLACE INTO source_marks (mark_id, digest) VALUES (?, ?);

-- name: marks_among
SELECT mark_id, digest FROM source_marks WHERE mark_id IN ({many});

-- name: heads_among
-- May give a stranger that shares the first eight bytes: ask for the key by its whole hash afterwards.
SELECT key_hash, head_id, last_seq, newest_time, newest_digest, newest_sound, sound_time, sound_seq,
    sound_digest
FROM heads WHERE short_hash IN ({many});

-- name: sound_among
SELECT key_hash, sound_seq FROM heads WHERE short_hash IN ({many}) AND sound_seq IS NOT NULL;

-- name: open_among
SELECT head_id, seq, state, source_time, digest, stream_id FROM queue WHERE head_id IN ({many});

-- name: parents_among
SELECT key_hash, head_id, at_platform FROM heads WHERE short_hash IN ({many});

-- name: on_the_way_among
SELECT DISTINCT head_id FROM queue
WHERE head_id IN ({many}) AND state IN ('ready', 'leased', 'sent', 'unknown');

-- name: add_head
INSERT INTO heads (head_id, short_hash, key_hash, last_seq, newest_time, newest_digest, newest_sound, sound_time, sound_seq,
    sound_digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_heads_of_versions
-- Keys that are new altogether: all else of their heads stands in their only version. Values: head, short hash, hash, sequence.
INSERT INTO heads (head_id, short_hash, key_hash, last_seq, newest_time, newest_digest, newest_sound, sound_time, sound_seq,
    sound_digest)
SELECT a.column1, a.column2, a.column3, v.seq, v.source_time, v.digest, v.sound,
    iif(v.sound, v.source_time, NULL), iif(v.sound, v.seq, NULL), iif(v.sound, v.digest, NULL)
FROM (VALUES (?, ?, ?, ?)) a CROSS JOIN versions_{day} v ON v.seq = a.column4;

-- name: set_head
UPDATE heads SET last_seq = ?, newest_time = ?, newest_digest = ?, newest_sound = ?, sound_time = ?, sound_seq = ?,
    sound_digest = ?
WHERE head_id = ?;

-- name: add_parent
-- A key that is only heard of.
INSERT INTO heads (head_id, short_hash, key_hash) VALUES (?, ?, ?);

-- name: add_version
INSERT INTO versions_{day} (seq, stream_id, key, source_time, digest, sound, batch_no, prev_seq, patient_key, visit_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_payload
INSERT INTO payload_{day} (first_seq, rows, codec, key_id, blob) VALUES (?, ?, 'zstd', '', ?);

-- name: payload_at
SELECT first_seq, rows, codec, key_id, blob FROM payload_{day} WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1;

-- name: add_image
INSERT INTO images_{day} (seq, codec, key_id, blob) VALUES (?, 'zstd', '', ?);

-- name: image_at
SELECT codec, key_id, blob FROM images_{day} WHERE seq = ?;

-- name: add_finding
INSERT OR IGNORE INTO findings_{day} (seq, reason_id) VALUES (?, ?);

-- name: drop_findings
DELETE FROM findings_{day} WHERE seq = ?;

-- name: add_queue
-- Of versions just written. Values: sequence, place, state, head, bytes, put at, parents.
INSERT INTO queue (seq, stream_id, place, state, head_id, key, source_time, digest, bytes, put_at, parents)
SELECT v.seq, v.stream_id, a.column2, a.column3, a.column4, v.key, v.source_time, v.digest, a.column5, a.column6, a.column7
FROM (VALUES (?, ?, ?, ?, ?, ?, ?)) a CROSS JOIN versions_{day} v ON v.seq = a.column1;

-- name: add_wait
INSERT OR IGNORE INTO waits (parent_id, seq) VALUES (?, ?);

-- name: drop_waits
DELETE FROM waits WHERE seq = ?;

-- name: drop_queue
DELETE FROM queue WHERE seq = ?;

-- name: add_settled
INSERT INTO settled_{day} (seq, state, at, message_no) VALUES (?, ?, ?, ?);

-- name: add_tally
INSERT INTO tallies (stream_id, state, rows) VALUES (?, ?, ?)
ON CONFLICT (stream_id, state) DO UPDATE SET rows = rows + excluded.rows;

-- name: add_batch
INSERT INTO batches_{day} (batch_no, batch_id, route_id, loop, read_at, put_at, rows_read, rows_unchanged)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_journal
INSERT INTO journal_{day} (at, name, batch_id, message_id, text, event) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_step
INSERT INTO steps_{day} (seq, at, state, message_no, code, field, text) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: end_delays
-- Rows whose time has come join the ready index.
UPDATE queue SET not_before = 0 WHERE state = 'ready' AND not_before > 0 AND not_before <= ?;

-- name: delays_over
SELECT 1 FROM queue WHERE state = 'ready' AND not_before > 0 AND not_before <= ? LIMIT 1;

-- name: fronts
-- The places that have ready rows, by hopping over the index, with the first ready row of each.
WITH RECURSIVE hop (place) AS (
    SELECT min(place) FROM queue WHERE state = 'ready' AND not_before = 0
    UNION ALL
    SELECT (SELECT min(q.place) FROM queue q WHERE q.state = 'ready' AND q.not_before = 0 AND q.place > hop.place)
    FROM hop WHERE hop.place IS NOT NULL
)
SELECT place, (SELECT min(q.seq) FROM queue q WHERE q.state = 'ready' AND q.not_before = 0 AND q.place = hop.place)
FROM hop WHERE place IS NOT NULL;

-- name: next_rows
-- Ready rows of one place whose lane is free: no version of the key is under way. JSON, in one step: sequence, key, bytes of each.
SELECT json_group_array(json_array(seq, key, bytes)) FROM (
    SELECT q.seq, q.key, q.bytes FROM queue q
    WHERE q.state = 'ready' AND q.not_before = 0 AND q.place = ? AND q.seq >= ?
      AND NOT EXISTS (SELECT 1 FROM queue f WHERE f.head_id = q.head_id AND f.message_no IS NOT NULL)
    ORDER BY q.seq LIMIT ?);

-- name: still_ready
SELECT count(*) FROM json_each(?) j CROSS JOIN queue q ON q.seq = j.value WHERE q.state = 'ready';

-- name: lease_rows
UPDATE queue SET state = 'leased', message_no = ? WHERE seq IN (SELECT value FROM json_each(?));

-- name: park_ready
UPDATE queue SET state = 'parked' WHERE seq = ? AND state = 'ready';

-- name: add_envelope
INSERT INTO envelopes (message_no, message_id, stream_id, state, attempt, attempts_max, created_at, lease_until, since_at,
    sequences, keys, content_encoding, body)
VALUES (?, ?, ?, 'leased', 1, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_message
INSERT INTO messages_{day} (message_no, message_id, stream_id, created_at, first_seq, last_seq, sequences)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: envelope
SELECT message_no, message_id, stream_id, state, attempt, created_at, since_at, sequences, keys, content_encoding, body
FROM envelopes WHERE message_id = ?;

-- name: envelope_head
SELECT message_no, stream_id, state, sequences FROM envelopes WHERE message_id = ?;

-- name: envelopes_to_ask
SELECT message_no, message_id, stream_id, state, attempt, created_at, since_at, sequences, keys, content_encoding, body
FROM envelopes WHERE state IN ('unknown', 'sent') AND not_before <= ? ORDER BY asked_at, message_no LIMIT ?;

-- name: set_envelope_state
UPDATE envelopes SET state = :state, since_at = :at WHERE message_no = :message_no;

-- name: lease_again
UPDATE envelopes SET lease_until = :lease_until, attempt = attempt + 1, not_before = 0
WHERE message_no = :message_no;

-- name: set_asked
UPDATE envelopes SET asked_at = ?, not_before = ? WHERE message_id = ? AND state IN ('unknown', 'sent');

-- name: expired
SELECT message_id FROM envelopes WHERE state = 'leased' AND lease_until <= ?;

-- name: set_rows_under_way
UPDATE queue SET state = :state WHERE seq IN
    (SELECT j.value FROM envelopes e, json_each(e.sequences) j WHERE e.message_no = :message_no);

-- name: drop_envelope
DELETE FROM envelopes WHERE message_no = ?;

-- name: make_answered
-- Rows whose answer is being written down in this transaction.
CREATE TEMP TABLE IF NOT EXISTS answered (
    seq INTEGER PRIMARY KEY, receipt INTEGER, message_no INTEGER, stream_id INTEGER, head_id INTEGER, source_time INTEGER,
    digest BLOB, attempts INTEGER, attempts_max INTEGER, outcome TEXT, code TEXT, field TEXT, text TEXT, state TEXT,
    not_before INTEGER
);

-- name: clear_answered
DELETE FROM answered;

-- name: make_opened
CREATE TEMP TABLE IF NOT EXISTS opened (parent_id INTEGER, seq INTEGER, receipt INTEGER, PRIMARY KEY (seq, parent_id));

-- name: clear_opened
DELETE FROM opened;

-- name: answer_envelope
INSERT INTO answered (seq, receipt, message_no, stream_id, head_id, source_time, digest, attempts, attempts_max,
    outcome, code, field, text, not_before)
SELECT q.seq, :receipt, e.message_no, q.stream_id, q.head_id, q.source_time, q.digest, q.attempts + :attempt, e.attempts_max,
    :outcome, :code, :field, :text, :not_before
FROM envelopes e, json_each(e.sequences) j JOIN queue q ON q.seq = j.value
WHERE e.message_no = :message_no;

-- name: answer_row
UPDATE answered SET outcome = ?, code = ?, field = ?, text = ? WHERE seq = ?;

-- name: give_up
UPDATE answered SET outcome = 'park';

-- name: answer_voided
INSERT INTO answered (seq, receipt, stream_id, head_id, source_time, outcome, text, state)
SELECT seq, 0, stream_id, head_id, source_time, 'voided', ?, 'voided' FROM queue
WHERE seq IN (SELECT value FROM json_each(?)) AND state IN ('held', 'waiting_parent', 'ready', 'refused', 'parked');

-- name: decide
-- Only the newest sound version rests; an older one that comes back unaccepted has been overtaken.
UPDATE answered SET state = CASE
    WHEN outcome IN ('accepted', 'warned') THEN 'accepted'
    WHEN outcome = 'stale' THEN 'superseded'
    WHEN seq <> (SELECT h.sound_seq FROM heads h WHERE h.head_id = answered.head_id) THEN 'superseded'
    WHEN outcome = 'refused' THEN 'refused'
    WHEN outcome = 'park' OR attempts >= attempts_max THEN 'parked'
    ELSE 'ready' END;

-- name: parents_of_missing
SELECT a.seq, q.parents FROM answered a JOIN queue q ON q.seq = a.seq
WHERE a.outcome = 'parent_missing' AND a.state = 'ready' AND q.parents <> '[]';

-- name: wait_again
UPDATE answered SET state = 'waiting_parent', not_before = 0 WHERE seq = ?;

-- name: delay_answered
-- Comes back later each time: first, twice that, four times … at most.
UPDATE answered SET not_before = :now + min(:delay_max, :delay << min(attempts - 1, 20))
WHERE state = 'ready' AND not_before IS NULL;

-- name: settle_final
INSERT INTO settled_{day} (seq, state, at, message_no)
SELECT seq, state, :at, message_no FROM answered
WHERE state IN ('accepted', 'superseded', 'voided') AND seq >= :first_seq AND seq < :end_seq;

-- name: steps_answered
INSERT INTO steps_{day} (seq, at, state, message_no, code, field, text)
SELECT seq, :at, state, message_no, coalesce(code, ''), coalesce(field, ''), coalesce(text, '') FROM answered
WHERE outcome NOT IN ('accepted', 'warned') AND seq >= :first_seq AND seq < :end_seq;

-- name: span_answered
SELECT min(seq), max(seq) FROM answered;

-- name: refusals
SELECT seq, code, field, text FROM answered WHERE outcome = 'refused';

-- name: accept_heads
UPDATE heads SET at_platform = 1, accepted_time = a.source_time, accepted_seq = a.seq, accepted_digest = a.digest
FROM answered a
WHERE heads.head_id = a.head_id AND a.state = 'accepted'
  AND (heads.accepted_seq IS NULL OR (a.source_time, a.seq) > (heads.accepted_time, heads.accepted_seq));

-- name: stale_heads
-- Stale means the platform holds a newer record of the key: children may go.
UPDATE heads SET at_platform = 1 FROM answered a
WHERE heads.head_id = a.head_id AND a.outcome = 'stale' AND heads.at_platform = 0;

-- name: leave_queue
DELETE FROM queue WHERE seq IN (SELECT seq FROM answered WHERE state IN ('accepted', 'superseded', 'voided'));

-- name: leave_waits
DELETE FROM waits WHERE seq IN (SELECT seq FROM answered WHERE state = 'voided');

-- name: stay_queue
UPDATE queue SET message_no = NULL, (state, attempts, not_before) = (
    SELECT a.state, a.attempts, CASE WHEN a.state = 'ready' THEN a.not_before ELSE 0 END
    FROM answered a WHERE a.seq = queue.seq)
WHERE seq IN (SELECT seq FROM answered WHERE state NOT IN ('accepted', 'superseded', 'voided'));

-- name: tally_answered
SELECT stream_id, state, count(*) FROM answered
WHERE state IN ('accepted', 'superseded', 'voided') GROUP BY stream_id, state;

-- name: count_outcomes
SELECT receipt, outcome, count(*) FROM answered GROUP BY receipt, outcome;

-- name: open_gates
-- A settled parent wakes its children when the platform holds it.
INSERT INTO opened (parent_id, seq, receipt)
SELECT w.parent_id, w.seq, a.receipt
FROM answered a CROSS JOIN waits w ON w.parent_id = a.head_id
CROSS JOIN heads h ON h.head_id = a.head_id AND h.at_platform = 1;

-- name: drop_opened_waits
DELETE FROM waits WHERE (parent_id, seq) IN (SELECT parent_id, seq FROM opened);

-- name: wake
UPDATE queue SET state = 'ready', not_before = 0
WHERE state = 'waiting_parent' AND seq IN (SELECT seq FROM opened)
  AND NOT EXISTS (SELECT 1 FROM waits w WHERE w.seq = queue.seq)
RETURNING seq;

-- name: opened
SELECT seq, max(receipt) FROM opened GROUP BY seq;

-- name: requeue
UPDATE queue SET state = 'ready', attempts = 0, not_before = 0
WHERE seq IN (SELECT value FROM json_each(?)) AND state IN ('refused', 'parked') RETURNING seq;

-- name: count_answered
SELECT count(*) FROM answered;

-- name: voided_keys
SELECT a.head_id, h.last_seq, h.accepted_time, h.accepted_seq, h.accepted_digest
FROM answered a JOIN heads h USING (head_id) GROUP BY a.head_id;

-- name: version_in_chain
SELECT v.prev_seq, v.source_time, v.sound, v.digest, coalesce(s.state, '') FROM versions_{day} v
LEFT JOIN settled_{day} s ON s.seq = v.seq WHERE v.seq = ?;

-- name: reset_head
UPDATE heads SET newest_time = ?, sound_time = ?, sound_seq = ?, sound_digest = ? WHERE head_id = ?;

-- name: counts_open
SELECT stream_id, state, count(*), min(put_at) FROM queue GROUP BY stream_id, state;

-- name: counts_final
SELECT stream_id, state, rows FROM tallies;

-- name: head_of_key
SELECT last_seq, accepted_seq, at_platform FROM heads WHERE short_hash = ? AND key_hash = ?;

-- name: version_at
SELECT v.seq, v.stream_id, v.key, v.source_time, v.digest, v.sound, v.prev_seq, v.patient_key, v.visit_key,
    b.batch_id, r.route, b.put_at, coalesce(q.state, s.state), s.at, coalesce(q.attempts, 0), coalesce(q.not_before, 0)
FROM versions_{day} v
LEFT JOIN queue q ON q.seq = v.seq
LEFT JOIN settled_{day} s ON s.seq = v.seq
LEFT JOIN batches_{day} b ON b.batch_no = v.batch_no
LEFT JOIN routes r ON r.route_id = b.route_id
WHERE v.seq = ?;

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

-- name: held_reasons
SELECT q.stream_id, q.state, r.check_name, r.code, r.field, r.rule_id, count(DISTINCT q.seq)
FROM queue q CROSS JOIN findings_{day} f ON f.seq = q.seq JOIN reasons r USING (reason_id)
WHERE q.state IN ('held', 'refused') AND r.severity = 'error' AND q.seq >= :first_seq AND q.seq < :end_seq
GROUP BY q.stream_id, q.state, f.reason_id;

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

-- name: journal_by_batch
SELECT journal_id, at, name, batch_id, message_id, text, event FROM journal_{day} WHERE batch_id = ? ORDER BY journal_id;

-- name: journal_by_message
SELECT journal_id, at, name, batch_id, message_id, text, event FROM journal_{day} WHERE message_id = ? ORDER BY journal_id;

-- name: journal_by_name
SELECT journal_id, at, name, batch_id, message_id, text, event FROM journal_{day} WHERE name = ? ORDER BY journal_id DESC LIMIT ?;

-- name: last_batches
SELECT route, loop, max(read_at), rows_read FROM batches_{day} JOIN routes USING (route_id) GROUP BY route, loop;

-- name: keys_by_patient
SELECT DISTINCT stream_id, key FROM versions_{day} WHERE patient_key = ? LIMIT ?;

-- name: keys_by_visit
SELECT DISTINCT stream_id, key FROM versions_{day} WHERE visit_key = ? LIMIT ?;

-- name: sequences_in_state
SELECT q.seq FROM queue q JOIN streams s USING (stream_id)
WHERE q.state = ? AND s.table_name = ? ORDER BY q.seq LIMIT ?;

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

-- name: accepted_after
SELECT head_id, accepted_seq FROM heads WHERE head_id > ? AND accepted_seq IS NOT NULL ORDER BY head_id LIMIT ?;

-- name: payload_after
SELECT first_seq, rows, codec, key_id, blob FROM payload_{day} WHERE first_seq > ? ORDER BY first_seq LIMIT ?;

-- name: streams_between
SELECT seq, stream_id FROM versions_{day} WHERE seq >= ? AND seq < ? ORDER BY seq;

-- name: settled_messages
SELECT message_id FROM journal_{day} WHERE name = 'envelope_settled' AND at >= :since AND at < :until ORDER BY journal_id;

-- name: sequences_of_messages
SELECT message_id, sequences FROM messages_{day} WHERE message_id IN (SELECT value FROM json_each(?));

-- name: visits_of_versions
SELECT DISTINCT stream_id, visit_key FROM versions_{day}
WHERE seq IN (SELECT value FROM json_each(?)) AND visit_key IS NOT NULL;

-- name: versions_of_visits
SELECT DISTINCT stream_id, key, visit_key FROM versions_{day}
WHERE visit_key IN (SELECT value FROM json_each(?)) AND visit_key IS NOT NULL;

-- name: accepted_of_keys
SELECT key_hash, accepted_seq FROM heads WHERE short_hash IN ({many}) AND accepted_seq IS NOT NULL;

-- name: streams_of_versions
SELECT seq, stream_id FROM versions_{day} WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq;

-- name: drop_review_findings
DELETE FROM review_findings WHERE review_id = :review AND stream_id = :stream_id
    AND key IN (SELECT value FROM json_each(:keys)) AND reason_id IN (SELECT value FROM json_each(:reasons))
RETURNING reason_id;

-- name: lower_review_count
UPDATE review_counts SET rows = rows - ? WHERE review_id = ? AND stream_id = ? AND reason_id = ?;

-- name: drop_review_counts
DELETE FROM review_counts WHERE review_id = ? AND rows <= 0;

-- name: add_trouble
INSERT INTO troubles (kind, name, since_at, at, code, text) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET at = excluded.at, code = excluded.code, text = excluded.text;

-- name: drop_trouble
DELETE FROM troubles WHERE kind = ? AND name = ?;

-- name: troubles
SELECT kind, name, since_at, at, code, text FROM troubles ORDER BY kind, name;

-- name: set_visits_look
INSERT OR REPLACE INTO visits_look (one, until_at, at, text) VALUES (1, ?, ?, ?);

-- name: visits_look
SELECT until_at, at, text FROM visits_look;
