-- What a run must remember is a table; until then it was read back out of the journal.

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
