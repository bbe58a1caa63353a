-- Lines for people and for the trail. `{day}` is a partition's day; everything else is bound.

-- name: add_journal
INSERT INTO journal_{day} (at, name, batch_id, message_id, text, event) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_step
INSERT INTO steps_{day} (seq, at, state, message_no, code, field, text) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: journal_by_batch
SELECT journal_id, at, name, batch_id, message_id, text, event FROM journal_{day} WHERE batch_id = ? ORDER BY journal_id;

-- name: journal_by_message
SELECT journal_id, at, name, batch_id, message_id, text, event FROM journal_{day} WHERE message_id = ? ORDER BY journal_id;

-- name: journal_by_name
SELECT journal_id, at, name, batch_id, message_id, text, event FROM journal_{day} WHERE name = ? ORDER BY journal_id DESC LIMIT ?;
