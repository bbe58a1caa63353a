"""Compares what the hospital says must be at the platform with what the platform holds; never looks at the ledger.

Reads truth.sqlite (sandbox/hospital/truth.py) and platform.sqlite (sandbox/platform/storage.py) as plain SQLite files.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

EXAMPLES_MAX = 200

_TRUTH = """
SELECT table_name, org_code, record_key, version_time, state, row_json FROM expected
ORDER BY table_name, org_code, record_key, ordinal
"""
_APPLIED = """
SELECT table_name, org_code, record_key, updated_at, record, msg_id, op FROM applied
ORDER BY table_name, org_code, record_key, seq
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it must be. `fields` are names of fields, never values."""

    kind: str  # lost, doubled, reversed, mismatch
    table: str
    record_key: str
    version_time: str
    what: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class AuditReport:
    """Counts of records and versions; all four of lost, doubled, reversed, mismatches must be 0.

    lost        keys whose newest sound version has not arrived
    doubled     versions applied again under another message id
    reversed    versions applied after a newer one of their key
    mismatches  applied versions that differ from the truth in any field, or that must not be there at all
    expected, applied_versions   per table: keys that must be there; versions that are there
    """

    lost: int = 0
    doubled: int = 0
    reversed: int = 0
    mismatches: int = 0
    expected: Counter[str] = field(default_factory=Counter)
    arrived: Counter[str] = field(default_factory=Counter)
    applied_versions: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.reversed or self.mismatches)

    def add(self, difference: Difference) -> None:
        if len(self.differences) < EXAMPLES_MAX:
            self.differences.append(difference)


@dataclass(frozen=True, slots=True)
class _Expected:
    version_time: str
    state: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Applied:
    version_time: str
    row: Mapping[str, str]
    message_id: str
    text: str


_Key = tuple[str, str, str]  # table, organisation, record key


def audit(truth: Path, platform: Path) -> AuditReport:
    """Every field of every key and version.

    truth     truth.sqlite of the synthetic hospital
    platform  platform.sqlite of the sandbox; may be in use
    """
    report = AuditReport()
    with closing(_open(truth)) as expected, closing(_open(platform)) as applied:
        for key, versions, history in _side_by_side(_expected(expected), _applied(applied)):
            _judge(report, key, versions, history)
    return report


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise FileNotFoundError(path)
    connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _expected(connection: sqlite3.Connection) -> Iterator[tuple[_Key, list[_Expected]]]:
    for key, rows in groupby(connection.execute(_TRUTH), key=itemgetter(0, 1, 2)):
        yield key, [_Expected(time, state, json.loads(row)) for *_, time, state, row in rows]


def _applied(connection: sqlite3.Connection) -> Iterator[tuple[_Key, list[_Applied]]]:
    for key, rows in groupby(connection.execute(_APPLIED), key=itemgetter(0, 1, 2)):
        yield key, [_Applied(time, json.loads(record), msg, record) for *_, time, record, msg, _ in rows]


def _side_by_side(
    left: Iterator[tuple[_Key, list[_Expected]]], right: Iterator[tuple[_Key, list[_Applied]]]
) -> Iterator[tuple[_Key, list[_Expected], list[_Applied]]]:
    """Merges two streams in key order; a key that is on one side only comes with an empty other side."""
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[0], one[1], []
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], [], other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)


def _judge(
    report: AuditReport, key: _Key, versions: Sequence[_Expected], history: Sequence[_Applied]
) -> None:
    table, _, record_key = key
    report.applied_versions[table] += len(history)
    due = next((one for one in versions if one.state == "accepted"), None)
    if due is not None:
        report.expected[table] += 1
        if any(one.version_time == due.version_time for one in history):
            report.arrived[table] += 1
        else:
            report.lost += 1
            report.add(Difference("lost", table, record_key, due.version_time, "应到而未到"))
    newest = ""
    seen: set[str] = set()
    for one in history:
        if one.text in seen:
            report.doubled += 1
            report.add(Difference("doubled", table, record_key, one.version_time, "同一版本落库两次"))
        elif one.version_time < newest:
            report.reversed += 1
            report.add(Difference("reversed", table, record_key, one.version_time, "旧版本压在新版本上"))
        seen.add(one.text)
        newest = max(newest, one.version_time)
        _compare(report, key, versions, one)


def _compare(report: AuditReport, key: _Key, versions: Sequence[_Expected], one: _Applied) -> None:
    table, _, record_key = key
    same_time = [version for version in versions if version.version_time == one.version_time]
    sound = [version for version in same_time if version.state in ("accepted", "superseded")]
    if any(version.row == one.row for version in sound):
        return
    report.mismatches += 1
    if not sound:
        states = "、".join(sorted({version.state for version in same_time})) or "真值中没有"
        report.add(Difference("mismatch", table, record_key, one.version_time, f"不该在平台上（{states}）"))
        return
    expected = sound[-1].row
    wrong = tuple(name for name in {**expected, **one.row} if expected.get(name) != one.row.get(name))
    report.add(Difference("mismatch", table, record_key, one.version_time, "字段与真值不同", wrong))
