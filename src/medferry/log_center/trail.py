"""The way of one record, step by step, from what the ledger knows; values masked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from medferry.catalog.model import Table
from medferry.log_center.mask import shape
from medferry.outbox.reader import JournalRow, TrailReader, VersionRow
from medferry.outbox.reviews import ReviewGroup
from medferry.records import Severity, State

STATE_ZH: Mapping[State, str] = {
    State.HELD: "扣留",
    State.WAITING_PARENT: "等父记录",
    State.READY: "待发",
    State.LEASED: "在途",
    State.SENT: "平台已收、待判",
    State.UNKNOWN: "结果未知",
    State.ACCEPTED: "已接收",
    State.REFUSED: "被拒收",
    State.PARKED: "搁置",
    State.SUPERSEDED: "被取代",
    State.VOIDED: "已撤回",
}
SEVERITY_ZH: Mapping[Severity, str] = {
    Severity.ERROR: "错误",
    Severity.WARNING: "警告",
    Severity.UNKNOWN: "无法判定",
    Severity.WAIVED: "豁免",
}
# What a batch or an envelope did that concerns other tables too is shown only where it names this table.
_OF_A_TABLE = frozenset({"batch_mapped", "batch_checked"})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, which kind (event name), what it said (Chinese)."""

    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionTrail:
    """One version's way.

    waiting_for  parents that the platform has not accepted, of a waiting version: table, key, state
    shapes       the standard row's fields with masked values
    """

    seq: int
    source_time: str
    edition: str
    state: State
    steps: Sequence[Step]
    findings: Sequence[str]
    waiting_for: Sequence[str]
    shapes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trail:
    """All versions of one record that the ledger keeps, oldest first.

    review  what the last review found in its accepted version, in words
    """

    table: str
    campus: str
    org_code: str
    key: str
    versions: Sequence[VersionTrail]
    review: Sequence[str] = ()


def trail_of(reader: TrailReader, table: Table, key: str) -> list[Trail]:
    """The trails of a table's records with this key, one per organisation; empty when there is none."""
    trails = []
    for found in reader.find_keys(table=table.name, key=key):
        versions = reader.versions_of(found.table, found.org_code, found.key)
        shown = [_version(reader, table, version) for version in versions]
        review = [_reviewed(one) for one in reader.review_of(found.table, found.org_code, found.key)]
        trails.append(Trail(found.table, found.campus, found.org_code, found.key, shown, review))
    return trails


def _reviewed(found: ReviewGroup) -> str:
    rule = f" 规则 {found.rule_id}" if found.rule_id else ""
    return f"{SEVERITY_ZH[found.severity]} {found.code} {found.check}{rule} 字段 {found.field}"


def _version(reader: TrailReader, table: Table, version: VersionRow) -> VersionTrail:
    lines = reader.journal_of([version.batch_id], version.message_ids)
    steps = [Step(line.at, line.name, line.text) for line in lines if _concerns(line, version)]
    steps += [Step(one.at, "row_step", _step_text(one.state, one.code, one.field, one.text))
              for one in reader.steps_of([version.seq])]  # fmt: skip
    if version.state_at is not None:
        steps.append(Step(version.state_at, "row_state", f"本行{STATE_ZH[version.state]}"))
    body = reader.body_of(version.seq)
    row: dict[str, str] = json.loads(body) if body else {}
    return VersionTrail(
        seq=version.seq,
        source_time=version.source_time,
        edition=version.edition,
        state=version.state,
        steps=sorted(steps, key=lambda step: step.at),
        findings=[
            f"{SEVERITY_ZH[one.severity]} {one.code} {one.check}"
            + (f" 字段 {one.field}" if one.field else "")
            for one in reader.findings_of([version.seq])
        ],
        waiting_for=_waiting_for(reader, table, version, row)
        if version.state is State.WAITING_PARENT
        else [],
        shapes={name: shape(value) for name, value in row.items()},
    )


def _waiting_for(reader: TrailReader, table: Table, version: VersionRow, row: Mapping[str, str]) -> list[str]:
    found = []
    for field in table.parents:
        key = row.get(field.name)
        parent = field.key.table if field.key else None
        if key is None or parent is None or reader.accepted_seq(parent, version.org_code, key) is not None:
            continue
        versions = reader.versions_of(parent, version.org_code, key)
        state = STATE_ZH[versions[-1].state] if versions else "未到"
        found.append(f"{field.name} → {parent} {key}（{state}）")
    return found


def _concerns(line: JournalRow, version: VersionRow) -> bool:
    if line.name not in _OF_A_TABLE:
        return True
    event = json.loads(line.event)
    return bool(event.get("table") == version.table)


def _step_text(state: State, code: str, field: str | None, text: str) -> str:
    said = "，".join(
        part for part in (f"代码 {code}" if code else "", f"字段 {field}" if field else "", text) if part
    )
    return f"本行转为{STATE_ZH[state]}" + (f"：{said}" if said else "")
