-- What every part needs: numbers given out, days, small numbers for long names. `{day}` is a partition's day; everything else is bound.

-- name: make_meta
INSERT INTO meta (one, schema_version, node, epoch, next_seq, next_head, next_message, next_batch)
VALUES (1, ?, ?, 0, 1, 1, 1, 1);

-- name: meta
SELECT schema_version, node, epoch, next_seq, next_head, next_message, next_batch FROM meta;

-- name: set_version
UPDATE meta SET schema_version = ?;

-- name: old_names
SELECT heads_below FROM old_names;

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
