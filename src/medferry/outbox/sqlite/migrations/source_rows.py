"""Version 5: a version knows which row of the source it came from; of older versions nobody does."""

from __future__ import annotations

import sqlite3


def add_source_rows(connection: sqlite3.Connection) -> None:
    """A column for the versions of every day there is."""
    for (day,) in connection.execute("SELECT day FROM days ORDER BY day").fetchall():
        connection.execute(f"ALTER TABLE versions_{day} ADD COLUMN source_row INTEGER")


def let_routes_notice(connection: sqlite3.Connection) -> None:
    """Some ledgers of version 4 were made before routes had notices: their table of troubles takes none."""
    (text,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'troubles'").fetchone()
    if "'notice'" in text:
        return
    connection.execute("ALTER TABLE troubles RENAME TO troubles_before")
    connection.execute(text.replace("'job')", "'job', 'notice')"))
    connection.execute("INSERT INTO troubles SELECT * FROM troubles_before")
    connection.execute("DROP TABLE troubles_before")
