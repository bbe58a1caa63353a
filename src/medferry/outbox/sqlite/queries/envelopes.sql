-- Envelopes under way, and those whose answer is not known. `{day}` is a partition's day; everything else is bound.

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
