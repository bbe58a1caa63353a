-- What lies behind the late-change window is looked through.

-- How the source was behind the window when it was last looked through, change times day by day.
CREATE TABLE slices (
    route_id INTEGER NOT NULL,
    slice    TEXT NOT NULL,
    rows     INTEGER NOT NULL,
    digest   INTEGER NOT NULL,          -- of keys and change times
    PRIMARY KEY (route_id, slice)
) WITHOUT ROWID;
