"""Scores day by day, in a small file of their own beside the ledger: score.sqlite."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from medferry.catalog.score_policy import Dimension
from medferry.errors import OutboxError
from medferry.score.points import LevelScore

FILE = "score.sqlite"
DAYS_KEPT_MAX = 1_100  # three years
BUSY_TIMEOUT_S = 5.0
_COLUMNS = ("rows", "accepted", "held", "expected", "points", *(one.value for one in Dimension))
_SCHEMA = """
CREATE TABLE IF NOT EXISTS scores (
    run_day      TEXT NOT NULL,     -- yyyymmdd; a later run of the day takes its place
    span         TEXT NOT NULL,     -- business days looked at: 'all', or a number of days
    level        TEXT NOT NULL,     -- all table campus department day
    name         TEXT NOT NULL,     -- '' of all; of a department campus/code
    rows         INTEGER NOT NULL,
    accepted     INTEGER NOT NULL,
    held         INTEGER NOT NULL,
    expected     INTEGER,           -- null: nobody counted
    points       REAL,              -- 0 to 100; null: nothing to judge
    coverage     REAL,              -- shares, 0 to 1; null: not known
    completeness REAL,
    conformity   REAL,
    consistency  REAL,
    timeliness   REAL,
    PRIMARY KEY (run_day, span, level, name)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What one run day said of one level and name."""

    run_day: date
    points: float | None
    rows: int


class Trend:
    """raises  OutboxError: the file cannot be read or written"""

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(FILE)

    def keep(self, day: date, span: str, scores: Iterable[LevelScore]) -> None:
        """Takes the place of what an earlier run of the day kept for the span."""
        rows = [
            (
                f"{day:%Y%m%d}", span, one.level, one.name, one.rows, one.accepted, one.held, one.expected,
                one.points, *(one.shares[dimension] for dimension in Dimension),
            )
            for one in scores
        ]  # fmt: skip
        oldest = day - timedelta(days=DAYS_KEPT_MAX)
        places = ", ".join("?" * (4 + len(_COLUMNS)))
        names = ", ".join(("run_day", "span", "level", "name", *_COLUMNS))
        with self._open() as connection, connection:
            connection.execute(_SCHEMA)
            connection.execute("DELETE FROM scores WHERE run_day < ?", (f"{oldest:%Y%m%d}",))
            connection.execute("DELETE FROM scores WHERE run_day = ? AND span = ?", (f"{day:%Y%m%d}", span))
            connection.executemany(f"INSERT INTO scores ({names}) VALUES ({places})", rows)

    def points(self, span: str, level: str = "all", name: str = "", limit: int = 30) -> Sequence[TrendPoint]:
        """The newest run days, oldest first; none where nothing was kept."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            found = connection.execute(
                "SELECT run_day, points, rows FROM scores WHERE span = ? AND level = ? AND name = ?"
                " ORDER BY run_day DESC LIMIT ?",
                (span, level, name, limit),
            ).fetchall()
        return [
            TrendPoint(date(int(day[:4]), int(day[4:6]), int(day[6:])), points, rows)
            for day, points, rows in reversed(found)
        ]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self._path.exists():
                os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._path.chmod(0o600)  # keys of departments and how they do are not for everybody
            with closing(sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S)) as connection:
                yield connection
        except (OSError, sqlite3.Error) as error:
            name = str(getattr(error, "sqlite_errorname", type(error).__name__))
            raise OutboxError(
                "保存评分趋势",
                file=self._path,
                reason=name,
                fix="检查目录是否可写、磁盘是否已满；或加 --no-store",
            ) from error
