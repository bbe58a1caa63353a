"""What the sandbox platform holds, from its own file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def accepted_keys(storage: Path) -> list[tuple[str, str, str]]:
    """(table, org_code, key) of every record the platform holds."""
    with closing(sqlite3.connect(f"file:{storage}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT table_name, org_code, record_key FROM current").fetchall()
