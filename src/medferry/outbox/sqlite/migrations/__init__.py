"""Older ledgers are brought up to date when they are opened for writing, step by step, in one transaction.

A step is `to_<version>.sql`, and what SQL alone cannot say is a function here. Steps are never changed once a ledger may have
taken them: they name tables, columns and journal lines as they were then, and use nothing of the program that may change.
A new step comes with a line in VERSIONS, the same tables in schema.sql, and the schema before it kept as a test's fixture.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from importlib import resources

from medferry.outbox.sqlite.faults import first_form
from medferry.outbox.sqlite.migrations.run_state import fill_run_state
from medferry.outbox.sqlite.migrations.source_rows import add_source_rows, let_routes_notice

Step = Callable[[sqlite3.Connection], None]


def _sql(version: int, connection: sqlite3.Connection) -> None:
    text = resources.files(__package__).joinpath(f"to_{version}.sql").read_text(encoding="utf-8")
    for part in text.split(";\n"):
        connection.execute(part)


def _refuse_the_first_forms(connection: sqlite3.Connection) -> None:
    """Three forms of an afternoon carry the number of version 1 too; nobody ran them."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(heads)")}
    if "short_hash" not in columns:
        raise first_form()


VERSIONS: Mapping[int, tuple[Step, ...]] = {
    2: (_refuse_the_first_forms, partial(_sql, 2)),
    3: (partial(_sql, 3),),
    4: (partial(_sql, 4), fill_run_state),
    5: (partial(_sql, 5), add_source_rows, let_routes_notice),
    6: (partial(_sql, 6),),
}
"""Version -> what makes it of the one before."""

SCHEMA_VERSION = max(VERSIONS)
SCHEMA_VERSION_LEAST = min(VERSIONS) - 1  # older ones are not brought up to date


def bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    """Takes the steps from `version` to SCHEMA_VERSION, in the transaction that is open."""
    for number in range(version + 1, SCHEMA_VERSION + 1):
        for step in VERSIONS[number]:
            step(connection)
