-- The ledger's lasting tables, as a new ledger gets them; an older one comes to the same by migrations/. Day partitions are in partition.sql; every statement of the program is in queries/.
-- Times: *_time is a source time as the number yyyymmddhhmmss (0: none); *_at and not_before are milliseconds since 1970.

CREATE TABLE meta (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    schema_version INTEGER NOT NULL,
    node           TEXT NOT NULL,
    epoch          INTEGER NOT NULL,   -- part of every message id; grows at each opening, never below the clock's seconds
    next_seq       INTEGER NOT NULL,
    next_head      INTEGER NOT NULL,
    next_message   INTEGER NOT NULL,
    next_batch     INTEGER NOT NULL
);

-- A day holds the sequences from its first_seq up to the next day's; made when the first row of the day comes.
CREATE TABLE days (day TEXT PRIMARY KEY, first_seq INTEGER NOT NULL) WITHOUT ROWID;

-- An envelope holds rows of one stream.
CREATE TABLE streams (
    stream_id  INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    campus     TEXT NOT NULL,
    org_code   TEXT NOT NULL,
    edition    TEXT NOT NULL,           -- of the standard its rows follow: an envelope never mixes two
    UNIQUE (table_name, campus, org_code, edition)
);

CREATE TABLE routes (route_id INTEGER PRIMARY KEY, route TEXT NOT NULL UNIQUE);

CREATE TABLE cursors (
    route_id INTEGER NOT NULL,
    loop     TEXT NOT NULL CHECK (loop IN ('head', 'sweep')),
    place    TEXT NOT NULL,             -- JSON: [changed_at, key value, ...]
    PRIMARY KEY (route_id, loop)
) WITHOUT ROWID;

-- How the source was behind the window when it was last looked through, change times day by day.
CREATE TABLE slices (
    route_id INTEGER NOT NULL,
    slice    TEXT NOT NULL,
    rows     INTEGER NOT NULL,
    digest   INTEGER NOT NULL,          -- of keys and change times
    PRIMARY KEY (route_id, slice)
) WITHOUT ROWID;

-- Eight bytes of each hash are enough: two keys that share them only make each other be mapped again, and a change is
-- overlooked only if both key and content share them. Neighbours among source keys lie together, as in heads.
CREATE TABLE source_marks (
    mark_id INTEGER PRIMARY KEY,        -- from the key's hash, mixed with the route's
    digest  INTEGER NOT NULL
);

-- What findings say, once each; findings_<day> points here.
CREATE TABLE reasons (
    reason_id  INTEGER PRIMARY KEY,
    check_name TEXT NOT NULL,
    code       TEXT NOT NULL,
    field      TEXT NOT NULL,           -- '' for none
    severity   TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'unknown', 'waived')),
    rule_id    TEXT NOT NULL,           -- '' for none
    UNIQUE (check_name, code, field, severity, rule_id)
);

-- One row per key, for ever; also for a parent that a child names and that never came (last_seq null). Everything
-- else points to head_id: numbers grow with time, so what is written together lies together, while hashes lie
-- everywhere and would touch a page per row.
CREATE TABLE heads (
    head_id         INTEGER PRIMARY KEY,
    short_hash      INTEGER NOT NULL,   -- the first eight bytes of key_hash: neighbours among keys lie together in the index
    key_hash        BLOB NOT NULL,
    last_seq        INTEGER,            -- newest by arrival: versions.prev_seq leads on from it
    newest_time     INTEGER,            -- of the newest kept version, in the order (source time, sequence)
    newest_digest   BLOB,
    newest_sound    INTEGER CHECK (newest_sound IN (0, 1)),
    sound_time      INTEGER,            -- of the newest sound version; null: none
    sound_seq       INTEGER,
    sound_digest    BLOB,
    at_platform     INTEGER NOT NULL DEFAULT 0 CHECK (at_platform IN (0, 1)),
    accepted_time   INTEGER,
    accepted_seq    INTEGER,
    accepted_digest BLOB
);
CREATE INDEX heads_hash ON heads (short_hash);

-- Up to version 5 a key's name was the hash of the whole key. Heads made then bear such names until they are met again:
-- the older name is found from the newer one. No row in a ledger that began later.
CREATE TABLE old_names (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    heads_below INTEGER NOT NULL        -- numbers of heads from here on were never given such a name
);

-- Every version whose state may still change; a final state moves to settled_<day>.
CREATE TABLE queue (
    seq         INTEGER PRIMARY KEY,
    stream_id   INTEGER NOT NULL,
    place       INTEGER NOT NULL,       -- lane, tier and stream as one number: what leaves first is smallest
    -- Not IN (...): SQLite would build its list anew for every row, which costs more than the row.
    state       TEXT NOT NULL CHECK (state = 'held' OR state = 'waiting_parent' OR state = 'ready' OR state = 'leased'
        OR state = 'sent' OR state = 'unknown' OR state = 'refused' OR state = 'parked'),
    message_no  INTEGER,
    not_before  INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    head_id     INTEGER NOT NULL,
    key         TEXT NOT NULL,
    source_time INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    bytes       INTEGER NOT NULL,
    put_at      INTEGER NOT NULL,
    parents     TEXT NOT NULL,          -- JSON: head_id of each
    CHECK ((message_no IS NOT NULL) = (state = 'leased' OR state = 'sent' OR state = 'unknown'))
);
CREATE INDEX queue_head ON queue (head_id);
-- SQLite uses a partial index only when the query repeats its condition word for word: hence one per purpose.
CREATE INDEX queue_ready ON queue (place, seq) WHERE state = 'ready' AND not_before = 0;
CREATE INDEX queue_delayed ON queue (not_before) WHERE state = 'ready' AND not_before > 0;
CREATE INDEX queue_under_way ON queue (head_id) WHERE message_no IS NOT NULL;

CREATE TABLE waits (
    parent_id INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (parent_id, seq)
) WITHOUT ROWID;
CREATE INDEX waits_seq ON waits (seq);

-- Envelopes under way, bodies included; deleted when answered.
CREATE TABLE envelopes (
    message_no       INTEGER PRIMARY KEY,
    message_id       TEXT NOT NULL UNIQUE,
    stream_id        INTEGER NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('leased', 'sent', 'unknown')),
    attempt          INTEGER NOT NULL,
    attempts_max     INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    lease_until      INTEGER NOT NULL,
    since_at         INTEGER NOT NULL,  -- when it came into this state
    asked_at         INTEGER NOT NULL DEFAULT 0,
    not_before       INTEGER NOT NULL DEFAULT 0,
    sequences        TEXT NOT NULL,     -- JSON
    keys             TEXT NOT NULL,     -- JSON
    content_encoding TEXT NOT NULL,
    body             BLOB NOT NULL
);

-- How many versions came to a final state; the others are counted in the queue.
CREATE TABLE tallies (
    stream_id INTEGER NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('accepted', 'superseded', 'voided')),
    rows      INTEGER NOT NULL,
    PRIMARY KEY (stream_id, state)
) WITHOUT ROWID;

-- What the last review found; see medferry.outbox.reviews. A review that has not ended is not read.
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

-- What does not work, since when and why: it outlives the run that noticed it. Changed with the journal line that says so.
CREATE TABLE troubles (
    kind     TEXT NOT NULL CHECK (kind IN ('platform', 'route', 'job', 'notice')),
    name     TEXT NOT NULL,             -- of the route or the job; '' for the platform
    since_at INTEGER NOT NULL,          -- it has failed ever since
    at       INTEGER NOT NULL,          -- when it failed last
    code     TEXT NOT NULL,
    text     TEXT NOT NULL,             -- what people read of the last failure
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

-- The last look at ended visits that found any.
CREATE TABLE visits_look (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    until_at INTEGER NOT NULL,          -- what was settled before has been seen
    at       INTEGER NOT NULL,
    text     TEXT NOT NULL
);
