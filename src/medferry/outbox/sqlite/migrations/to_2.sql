-- Every stream names the edition that its rows follow. Until then a ledger knew one only, the one that the program brought.

CREATE TABLE new_streams (
    stream_id  INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    campus     TEXT NOT NULL,
    org_code   TEXT NOT NULL,
    edition    TEXT NOT NULL,           -- of the standard its rows follow: an envelope never mixes two
    UNIQUE (table_name, campus, org_code, edition)
);
INSERT INTO new_streams (stream_id, table_name, campus, org_code, edition)
SELECT stream_id, table_name, campus, org_code, 'jiangxi' FROM streams;
DROP TABLE streams;
ALTER TABLE new_streams RENAME TO streams;
