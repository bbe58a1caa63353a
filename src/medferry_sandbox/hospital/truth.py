"""The truth: what the platform should hold, and why it may not hold the rest. Read by the auditor.

truth.sqlite, table `expected`, one line per key and version released so far:

    table_name, campus, org_code, record_key   the record; record_key carries the campus prefix
    version_time   DT15, the version's updated_at
    ordinal        1, 2 … versions of the key, oldest first; not every version could be read (one wave, one state)
    state          accepted    the newest sound version; it must be on the platform, field by field
                   superseded  an older sound version; it may have been there in between, and is not any more
                   held        wrong on purpose; must never arrive. `reason` = platform code and field: "3001 sex_code"
                   waiting     sound, but a parent has no accepted version; `reason` = "4001 field"; must not be there
    row_json       the whole standard row: fields in the standard's order, nulls absent, prefixes in place; for a held
                   version as the mapping would make it
    wave           1 at first, 2 released by advance, 3 live
    planted        what was done on purpose: kind:field, late, correction, cancel, repair; "" for nothing

and table `lives`, one line per kind:

    kind, of, rate, said       as lives.csv has them
    chances, happened          how often it might have been so, and was; both waves at once

and table `odd`, one line per record and kind that it shows: table_name, campus, record_key, kind
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from medferry_sandbox.hospital.lives import Lives, kinds
from medferry_sandbox.hospital.world import Record, Version, World

_TABLE = """
CREATE TABLE expected(
    table_name TEXT NOT NULL, campus TEXT NOT NULL, org_code TEXT NOT NULL, record_key TEXT NOT NULL,
    version_time TEXT NOT NULL, ordinal INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'held', 'waiting', 'superseded')),
    reason TEXT NOT NULL, row_json TEXT NOT NULL, wave INTEGER NOT NULL, planted TEXT NOT NULL,
    PRIMARY KEY (table_name, campus, record_key, ordinal)
) WITHOUT ROWID
"""


_LIVES = """
DROP TABLE IF EXISTS lives;
DROP TABLE IF EXISTS odd;
CREATE TABLE lives(
    kind TEXT PRIMARY KEY, of TEXT NOT NULL, rate REAL NOT NULL, said TEXT NOT NULL,
    chances INTEGER NOT NULL, happened INTEGER NOT NULL
);
CREATE TABLE odd(
    table_name TEXT NOT NULL, campus TEXT NOT NULL, record_key TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (kind, table_name, campus, record_key)
) WITHOUT ROWID;
"""
_COUNT_LIVES = """
SELECT lives.kind, lives.of, lives.rate, lives.said, lives.chances, lives.happened,
       count(expected.state), count(*) FILTER (WHERE expected.state IN ('accepted', 'superseded')),
       count(*) FILTER (WHERE expected.state IN ('held', 'waiting'))
  FROM lives LEFT JOIN odd USING (kind) LEFT JOIN expected USING (table_name, campus, record_key)
 GROUP BY lives.kind ORDER BY lives.rowid
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of the table."""

    table_name: str
    campus: str
    org_code: str
    record_key: str
    version_time: str
    ordinal: int
    state: str
    reason: str
    row_json: str
    wave: int
    planted: str


@dataclass(frozen=True, slots=True)
class LifeCount:
    """What became of a kind: `rows` that show it, of which `due` must be on the platform or were, and `others` not."""

    kind: str
    of: str
    rate: float
    said: str
    chances: int
    happened: int
    rows: int
    due: int
    others: int


def standard_row(record: Record, version: Version) -> dict[str, str]:
    """The row as it should arrive: the standard's order, prefixes in place."""
    campus, table = record.campus, record.recipe.standard
    facts = {"org_code": campus.org_code, "org_name": campus.org_name, **version.facts}
    return {
        name: campus.prefix + facts[name] if name in table.prefixed else facts[name]
        for name in table.fields
        if name in facts
    }


class Judge:
    """Decides the state of every version after a wave; parents are asked once each."""

    def __init__(self, world: World, wave: int) -> None:
        self._world = world
        self._wave = wave
        self._missing: dict[tuple[str, str, str], bool] = {}

    def lines(self, records: Iterable[Record]) -> Iterator[Expected]:
        """All released versions of the records."""
        for record in records:
            yield from self._of(record)

    def _of(self, record: Record) -> Iterator[Expected]:
        released = self._visible(record)
        sound = [version for version in released if version.held is None]
        for version in released:
            orphan = self._orphaned(record, version)
            if version.held is not None:
                state, reason = "held", version.held
            elif version is not sound[-1]:
                state, reason = "superseded", ""
            elif orphan:
                state, reason = "waiting", f"4001 {orphan}"
            else:
                state, reason = "accepted", ""
            yield Expected(
                record.recipe.table,
                record.campus.name,
                record.campus.org_code,
                record.campus.prefix + record.key,
                version.at,
                record.versions.index(version) + 1,
                state,
                reason,
                json.dumps(standard_row(record, version), ensure_ascii=False, separators=(",", ":")),
                version.wave,
                version.planted,
            )

    def _visible(self, record: Record) -> list[Version]:
        """The last version of each wave: what could be read."""
        by_wave = {version.wave: version for version in record.versions if version.wave <= self._wave}
        return [by_wave[wave] for wave in sorted(by_wave)]

    def _orphaned(self, record: Record, version: Version) -> str:
        """The first parent field whose record has no accepted version, or ""."""
        for name, table in record.recipe.standard.parents.items():
            value = version.facts.get(name)
            if value is not None and self._no_parent((table, record.campus.name, value)):
                return name
        return ""

    def _no_parent(self, identity: tuple[str, str, str]) -> bool:
        if identity not in self._missing:
            parent = self._world.records.get(identity)
            sound = [v for v in self._visible(parent) if v.held is None] if parent else []
            self._missing[identity] = parent is None or all(
                self._orphaned(parent, version) for version in sound
            )
        return self._missing[identity]


class TruthBook:
    """truth.sqlite in the hospital's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, lines: Iterable[Expected]) -> int:
        """Everything anew, in one transaction; returns the number of lines."""
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("DROP TABLE IF EXISTS expected")
            database.execute(_TABLE)
            return database.executemany(_INSERT, (_values(line) for line in lines)).rowcount

    def add(self, lines: Iterable[Expected]) -> None:
        """Live versions: each supersedes the accepted line of its key and takes the next ordinal."""
        with closing(sqlite3.connect(self.path)) as database, database:
            for line in lines:
                name = (line.table_name, line.campus, line.record_key)
                database.execute(
                    "UPDATE expected SET state = 'superseded', reason = '' WHERE table_name = ? AND campus = ?"
                    " AND record_key = ? AND state IN ('accepted', 'waiting')",
                    name,
                )
                last = database.execute(
                    "SELECT coalesce(max(ordinal), 0) FROM expected WHERE table_name = ? AND campus = ? AND record_key = ?",
                    name,
                ).fetchone()
                values = list(_values(line))
                values[5] = last[0] + 1
                database.execute(_INSERT, values)

    def read(self, table: str | None = None, key: str | None = None) -> list[Expected]:
        """Lines in order of table, campus, key and ordinal."""
        where = [
            part for part, value in (("table_name = ?", table), ("record_key = ?", key)) if value is not None
        ]
        clause = f" WHERE {' AND '.join(where)}" if where else ""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            return [
                Expected(*row)
                for row in database.execute(
                    f"SELECT * FROM expected{clause}", [value for value in (table, key) if value is not None]
                )
            ]

    def tell_lives(self, lives: Lives, records: Iterable[Record]) -> None:
        """How often each kind might have been, and was; and which records show it."""
        with closing(sqlite3.connect(self.path)) as database, database:
            database.executescript(_LIVES)
            database.executemany(
                "INSERT INTO lives VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (one.kind, one.of, one.rate, one.said, lives.chances[one.kind], lives.happened[one.kind])
                    for one in kinds().values()
                ),
            )
            database.executemany(
                "INSERT INTO odd VALUES (?, ?, ?, ?)",
                (
                    (one.recipe.table, one.campus.name, one.campus.prefix + one.key, kind)
                    for one in records
                    for kind in one.lives
                ),
            )

    def lives(self) -> list[LifeCount]:
        """Every kind, in the order of lives.csv, with the records that show it."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            return [LifeCount(*row) for row in database.execute(_COUNT_LIVES)]

    def counts(self) -> list[tuple[str, str, int]]:
        """(table, state, lines)."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            return database.execute(
                "SELECT table_name, state, count(*) FROM expected GROUP BY 1, 2 ORDER BY 1, 2"
            ).fetchall()


_INSERT = "INSERT INTO expected VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _values(line: Expected) -> tuple[str | int, ...]:
    return (
        line.table_name, line.campus, line.org_code, line.record_key, line.version_time, line.ordinal, line.state,
        line.reason, line.row_json, line.wave, line.planted,
    )  # fmt: skip
