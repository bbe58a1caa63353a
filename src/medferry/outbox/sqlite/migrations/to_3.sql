-- What the last review found.

CREATE TABLE reviews (
    review_id INTEGER PRIMARY KEY,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER,                 -- null: under way, or cut off
    rows      INTEGER NOT NULL DEFAULT 0,
    left_out  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE review_findings (
    review_id INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    key       TEXT NOT NULL,
    reason_id INTEGER NOT NULL,
    PRIMARY KEY (review_id, stream_id, key, reason_id)
) WITHOUT ROWID;

-- All of them; review_findings holds no more than so many of each.
CREATE TABLE review_counts (
    review_id INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    reason_id INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    PRIMARY KEY (review_id, stream_id, reason_id)
) WITHOUT ROWID;
