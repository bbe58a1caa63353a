-- What the platform accepted, of all records or of some visits and keys. `{day}` is a partition's day; everything else is bound.

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
