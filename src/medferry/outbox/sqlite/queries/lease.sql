-- Rows that may go now become envelopes. `{day}` is a partition's day; everything else is bound.

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
