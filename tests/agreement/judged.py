"""What each of the two judges says of the same rows, in the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import polars as pl
from drawn import CATALOG, ORG, Row, rules_of

from medferry.checks import compile_checks, run_checks
from medferry.checks.later import run_later
from medferry.checks.moments import fields_read
from medferry.checks.overrides import Override
from medferry.records import StandardBatch
from medferry_sandbox.platform.findings import ERROR, Finding
from medferry_sandbox.platform.holding import Severities
from medferry_sandbox.platform.project_checks import ProjectChecks
from medferry_sandbox.platform.rules.beside import VOIDED, Shelf
from medferry_sandbox.platform.rules.book import book_of, found
from medferry_sandbox.platform.rules.review import review
from medferry_sandbox.platform.standard import Standard
from medferry_sandbox.platform.validate import RecordValidator

STANDARD = Standard()
_UNREADABLE = frozenset({"3002", "3003", "3004", "3006", "3007", "3008"})


class Said(NamedTuple):
    """One thing said of a row: a rule's id, or the field that is wrong by itself; and whether it refuses the row."""

    what: str
    refuses: bool


def frame_of(table: str, rows: Sequence[Row]) -> pl.DataFrame:
    schema = dict.fromkeys(CATALOG.table(table).field_names, pl.String)
    return pl.DataFrame([dict(row) for row in rows], schema=schema)


def as_held(table: str, rows: Sequence[Row]) -> list[Row]:
    """The rows without the fields that are wrong by themselves: who holds a record has read its fields. One that does
    not say whether it is valid is voided.
    """
    validator = RecordValidator(STANDARD.table(table), STANDARD, frozenset(), with_rules=False)
    key, held = STANDARD.table(table).key_field, []
    for row in rows:
        findings = validator.check(dict(row), ORG, suspicious=True)
        wrong = {one.field for one in findings if one.severity == ERROR and one.code in _UNREADABLE} - {key}
        sound = {name: text for name, text in row.items() if name not in wrong}
        held.append({"record_status": VOIDED, **sound})
    return held


def said_by_checks(
    table: str,
    rows: Sequence[Row],
    parents: Mapping[str, Sequence[Row]],
    overrides: Sequence[Override] = (),
) -> list[set[Said]]:
    """What `checks` says of each row, parents at hand."""
    checks = compile_checks(CATALOG.table(table), CATALOG, {}, overrides=overrides)
    frame = frame_of(table, rows)
    origin = pl.Series("origin", range(len(rows)), dtype=pl.UInt32)
    miss = pl.repeat(value=False, n=len(rows), dtype=pl.Boolean, eager=True)
    ancestors = {name: frame_of(name, held) for name, held in parents.items()}
    judged = run_checks(
        StandardBatch(table, "east", "agreement", frame, origin, miss), checks, ancestors=ancestors
    )
    said: list[set[Said]] = [set() for _ in rows]
    for row, field, severity, rule_id in judged.findings.select("row", "field", "severity", "rule_id").rows():
        said[row].add(Said(rule_id or field, severity == "error"))
    return said


def said_by_platform(
    table: str,
    rows: Sequence[Row],
    parents: Mapping[str, Sequence[Row]],
    agreed: ProjectChecks | None = None,
) -> list[set[Said]]:
    """What the sandbox says of each row, parents held, the rows one message."""
    words, severities = STANDARD.table(table), STANDARD.severities(table)
    agreed = agreed or ProjectChecks()
    validator, book = RecordValidator(words, STANDARD, frozenset(), agreed=agreed), book_of(table)
    shelf = Shelf(STANDARD, parents)
    said: list[set[Said]] = []
    for row in rows:
        findings = validator.check(dict(row), ORG, suspicious=True)
        beside = shelf.beside(table, row)
        for written in book.parents:
            held = [beside.pointed(pointer) for pointer in written.reads]
            if all(parent is not None for parent in held):
                wrong = found(written, written.judge(row, *held), severities)
                findings += (agreed.applied(table, one, fixed=_is_key(one, severities)) for one in wrong)
        said.append({_said(finding, severities) for finding in findings})
    for written in book.messages:
        for place, field in written.judge(rows):
            wrong = found(written, (field,), severities)
            asked = [agreed.applied(table, one, fixed=_is_key(one, severities)) for one in wrong]
            said[place] |= {_said(finding, severities) for finding in asked}
    return said


def _is_key(finding: Finding, severities: Severities) -> bool:
    return (finding.rule, finding.field, finding.code) in severities.keys


def _said(finding: Finding, severities: Severities) -> Said:
    rule = finding.rule if finding.rule in severities else finding.field
    return Said(rule, finding.severity == ERROR)


Place = tuple[str, str, str, str]
"""Table, organisation, key, rule."""


def later_said_by_checks(end_state: Mapping[str, Sequence[Row]]) -> set[Place]:
    """What `run_later` finds in an end state."""
    frames = {table: frame_of(table, rows) for table, rows in end_state.items()}
    judged = run_later(frames, CATALOG)
    return set(
        judged.filter(pl.col("rule_id").is_not_null()).select("table", "org_code", "key", "rule_id").rows()
    )


def later_said_by_platform(end_state: Mapping[str, Sequence[Row]]) -> set[Place]:
    shelf = Shelf(STANDARD, end_state)
    return {
        (one.table, one.org_code, one.key, one.finding.rule)
        for one in review(shelf, STANDARD)
        if one.finding.rule in STANDARD.severities(one.table)
    }


def unreadable(table: str, row: Row, said: set[Said]) -> set[str]:
    """Rules that read a field which is wrong by itself: what they make of it is nobody's business."""
    wrong = {one.what for one in said} & row.keys()
    return {rule_id for name in wrong for rule_id in _rules_by_field(table).get(name, ())}


@cache
def _rules_by_field(table: str) -> Mapping[str, set[str]]:
    """Field -> the rules that read it."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules_of(table):
        for name in fields_read([rule.verdict]):
            found[name] |= {rule.spec.rule_id} if rule.spec.rule_id else set()
    return found
