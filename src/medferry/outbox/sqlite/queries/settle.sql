-- An answer comes: see medferry.outbox.sqlite.settlement. `{day}` is a partition's day; everything else is bound.

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

-- name: on_the_way_among
SELECT DISTINCT head_id FROM queue
WHERE head_id IN ({many}) AND state IN ('ready', 'leased', 'sent', 'unknown');

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
