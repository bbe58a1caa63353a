-- What a run must remember. `{day}` is a partition's day; everything else is bound.

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
