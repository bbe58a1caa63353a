-- A family comes in. `{day}` is a partition's day; everything else is bound.

-- name: cursor
SELECT place FROM cursors JOIN routes USING (route_id) WHERE route = ? AND loop = ?;

-- name: set_cursor
INSERT OR REPLACE INTO cursors (route_id, loop, place) VALUES (?, ?, ?);

-- name: slices
SELECT slice, rows, digest FROM slices JOIN routes USING (route_id) WHERE route = ?;

-- name: set_slice
INSERT OR REPLACE INTO slices (route_id, slice, rows, digest) VALUES (?, ?, ?, ?);

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

-- name: rename_head
UPDATE heads SET short_hash = ?, key_hash = ? WHERE head_id = ?;

-- name: add_version
INSERT INTO versions_{day} (seq, stream_id, key, source_time, digest, sound, batch_no, prev_seq, patient_key, visit_key,
    source_row)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: source_rows_of
-- Which row of the source versions came from, and by which route.
SELECT v.seq, v.source_row, r.route FROM json_each(?) j CROSS JOIN versions_{day} v ON v.seq = j.value
JOIN batches_{day} b USING (batch_no) JOIN routes r USING (route_id)
WHERE v.source_row IS NOT NULL;

-- name: add_payload
INSERT INTO payload_{day} (first_seq, rows, codec, key_id, blob) VALUES (?, ?, 'zstd', '', ?);

-- name: add_image
INSERT INTO images_{day} (seq, codec, key_id, blob) VALUES (?, 'zstd', '', ?);

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
