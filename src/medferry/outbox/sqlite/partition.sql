-- One day of the ledger; {day} is yyyymmdd in Asia/Shanghai. Append-only, dropped whole.
-- versions, payload, images, findings, settled and steps lie in the day their version was put;
-- batches, messages and journal in the day they happened.

CREATE TABLE versions_{day} (
    seq         INTEGER PRIMARY KEY,
    stream_id   INTEGER NOT NULL,
    key         TEXT NOT NULL,
    source_time INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    sound       INTEGER NOT NULL CHECK (sound IN (0, 1)),
    batch_no    INTEGER NOT NULL,
    prev_seq    INTEGER,               -- the key's version that came before
    patient_key TEXT,
    visit_key   TEXT,
    source_row  INTEGER                -- which row of the source it came from: eight bytes of its whole key's hash, mixed with the route's; null: unknown
);
CREATE INDEX versions_{day}_patient ON versions_{day} (patient_key) WHERE patient_key IS NOT NULL;
CREATE INDEX versions_{day}_visit ON versions_{day} (visit_key) WHERE visit_key IS NOT NULL;

-- Canonical rows of consecutive sequences, joined by line feeds.
CREATE TABLE payload_{day} (
    first_seq INTEGER PRIMARY KEY,
    rows      INTEGER NOT NULL,
    codec     TEXT NOT NULL CHECK (codec IN ('zstd')),
    key_id    TEXT NOT NULL,           -- '' : not encrypted
    blob      BLOB NOT NULL
);
CREATE TABLE images_{day} (seq INTEGER PRIMARY KEY, codec TEXT NOT NULL, key_id TEXT NOT NULL, blob BLOB NOT NULL);
CREATE TABLE findings_{day} (seq INTEGER NOT NULL, reason_id INTEGER NOT NULL, PRIMARY KEY (seq, reason_id)) WITHOUT ROWID;
CREATE TABLE settled_{day} (
    seq        INTEGER PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state = 'accepted' OR state = 'superseded' OR state = 'voided'),
    at         INTEGER NOT NULL,
    message_no INTEGER
);
-- What happened to single rows, beyond being put, leased and accepted.
CREATE TABLE steps_{day} (
    step_id    INTEGER PRIMARY KEY,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL,
    message_no INTEGER,
    code       TEXT NOT NULL,
    field      TEXT NOT NULL,
    text       TEXT NOT NULL
);
CREATE INDEX steps_{day}_seq ON steps_{day} (seq);

CREATE TABLE batches_{day} (
    batch_no       INTEGER PRIMARY KEY,
    batch_id       TEXT NOT NULL,
    route_id       INTEGER NOT NULL,
    loop           TEXT NOT NULL,
    read_at        INTEGER NOT NULL,
    put_at         INTEGER NOT NULL,
    rows_read      INTEGER NOT NULL,
    rows_unchanged INTEGER NOT NULL
);
CREATE TABLE messages_{day} (
    message_no INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    stream_id  INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    first_seq  INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL,
    sequences  TEXT NOT NULL           -- JSON
);
CREATE TABLE journal_{day} (
    journal_id INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    batch_id   TEXT,
    message_id TEXT,
    text       TEXT NOT NULL,
    event      TEXT NOT NULL           -- JSON: names, counts, codes; never a value
);
CREATE INDEX journal_{day}_batch ON journal_{day} (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX journal_{day}_name ON journal_{day} (name);
CREATE INDEX journal_{day}_message ON journal_{day} (message_id) WHERE message_id IS NOT NULL;
