-- A key's name begins with the hash of its beginning.

-- Up to version 5 a key's name was the hash of the whole key. Heads made then bear such names until they are met again:
-- the older name is found from the newer one. No row in a ledger that began later.
CREATE TABLE old_names (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    heads_below INTEGER NOT NULL        -- numbers of heads from here on were never given such a name
);

INSERT INTO old_names (one, heads_below) SELECT 1, next_head FROM meta WHERE next_head > 1;
