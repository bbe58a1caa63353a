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

-- name: as_put
-- Of these ready rows those of which queue and versions say the same. JSON, in one step: sequence, digest of each.
SELECT json_group_array(json_array(q.seq, lower(hex(v.digest))))
FROM json_each(?) j CROSS JOIN queue q ON q.seq = j.value CROSS JOIN versions_{day} v ON v.seq = q.seq
WHERE v.sound = 1 AND v.key = q.key AND v.digest = q.digest AND v.stream_id = q.stream_id AND q.stream_id = ?;

-- name: all_as_put
-- The same in little time: how many, and their digests as one text, in the order of the list.
SELECT count(*), group_concat(hex(v.digest), '')
FROM json_each(?) j CROSS JOIN queue q ON q.seq = j.value CROSS JOIN versions_{day} v ON v.seq = q.seq
WHERE v.sound = 1 AND v.key = q.key AND v.digest = q.digest AND v.stream_id = q.stream_id AND q.stream_id = ?;

-- name: forget_damaged
-- The key stands where the platform has it: when the version comes again, it is news.
UPDATE heads SET newest_digest = CASE WHEN newest_sound THEN x'' ELSE newest_digest END,
    sound_time = accepted_time, sound_seq = accepted_seq, sound_digest = accepted_digest
WHERE head_id = (SELECT head_id FROM queue WHERE seq = :seq) AND sound_seq = :seq;

-- name: forget_source_rows
-- Walks over the marks: a mark's place is known but for its beginning, and a damaged page is rare. A ledger of version 5 has
-- marks that stand at the number itself. Whoever shares five bytes is only mapped again.
DELETE FROM source_marks WHERE mark_id & 1099511627775 IN (
    SELECT source_row >> 24 & 1099511627775 FROM versions_{day}
    WHERE seq IN (SELECT value FROM json_each(:sequences)) AND source_row IS NOT NULL
) OR mark_id IN (
    SELECT source_row FROM versions_{day} WHERE seq IN (SELECT value FROM json_each(:sequences)) AND source_row IS NOT NULL
);

-- name: park_ready
UPDATE queue SET state = 'parked' WHERE seq = ? AND state = 'ready';

-- name: add_envelope
INSERT INTO envelopes (message_no, message_id, stream_id, state, attempt, attempts_max, created_at, lease_until, since_at,
    sequences, keys, content_encoding, body)
VALUES (?, ?, ?, 'leased', 1, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_message
INSERT INTO messages_{day} (message_no, message_id, stream_id, created_at, first_seq, last_seq, sequences)
VALUES (?, ?, ?, ?, ?, ?, ?);
