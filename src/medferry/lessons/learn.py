"""Which warnings should hold here, because the platform refuses what they find; and which holds it never asked for.

What it refused we know row by row, with what we had found of the row. What we held it never saw: of that nothing can be
known but by letting such rows go (`checks: warn:`), and then their answers are counted here like all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from medferry.checks.overrides import Wish
from medferry.checks.policy import Judged, judged_by
from medferry.checks.table_checks import compile_checks
from medferry.config.model import Project
from medferry.outbox.answers import Answers, Found, Refused
from medferry.outbox.reader import StillGroup
from medferry.records import Severity, State

Advice = Literal["hold", "look", "untried", "let_go"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One rule, or one check of a field, and how rows fared of which it was found.

    id        the rule's, or `table.field:check`: what a person agrees to
    advice    hold: every answered row was refused; look: some were accepted; untried: held here, the platform never
              saw one; let_go: the project lets them go already
    wish      what agreeing writes
    refused   rows that it had foretold: the platform named the same field
    accepted  rows that the platform took all the same
    held      rows that stand here because of it
    said      the platform's codes, with rows
    """

    id: str
    table: str
    field: str
    check: str
    rule_id: str
    advice: Advice
    wish: Wish
    refused: int
    accepted: int
    held: int
    said: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """What the platform refused; `foretold`: rows of which we had found something at the same field."""

    table: str
    code: str
    field: str
    rows: int
    foretold: int


def refusal_lines(answers: Answers) -> list[RefusalLine]:
    """Most rows first."""
    foretold: dict[Refused, Counter[Found]] = {}
    for (said, found), rows in answers.beside.items():
        if found.field == said.field:
            foretold.setdefault(said, Counter())[found] += rows
    lines = [
        # Two findings may be of one row: the most that any single one foretold is what is sure.
        RefusalLine(*said, rows, min(rows, max(foretold.get(said, Counter()).values(), default=0)))
        for said, rows in answers.refused.items()
    ]
    return sorted(lines, key=lambda one: (-one.rows, one.table, one.field, one.code))


def lessons(project: Project, answers: Answers, still: Iterable[StillGroup]) -> list[Lesson]:
    """Those that would have saved most first, then those that hold most."""
    held: Counter[tuple[str, str]] = Counter()
    for group in still:
        if group.state is State.HELD and group.check not in ("", "platform"):
            held[group.table, _id(group.table, group.field or "", group.check, group.rule_id)] += group.rows
    named = {found.table for _, found in answers.beside} | {table for table, _ in held}
    named |= {one.table for one in project.overrides}
    made = [
        lesson
        for table in sorted(named & set(project.catalog.table_names))
        for lesson in _of_table(project, table, answers, held)
    ]
    return sorted(made, key=lambda one: (-one.refused, -one.held, one.table, one.id))


def _of_table(
    project: Project, table: str, answers: Answers, held: Mapping[tuple[str, str], int]
) -> Iterable[Lesson]:
    checks = compile_checks(
        project.catalog.table(table), project.catalog, project.waived, overrides=project.overrides
    )
    things: dict[str, list[Judged]] = {}
    for one in judged_by(checks):
        things.setdefault(_id(table, one.field, one.check, one.rule_id or ""), []).append(one)
    let_go = {
        _id(table, one.field, one.check, one.rule_id or "")
        for one in project.overrides
        if one.table == table and one.wish == "warn"
    }
    for name, judged in things.items():
        fields = {one.field for one in judged}
        said: Counter[str] = Counter()
        for (refusal, found), rows in answers.beside.items():
            mine = found.table == table and _id_of(found) == name
            if mine and found.severity == Severity.WARNING and refusal.field in fields:
                said[refusal.code] += rows
        accepted = sum(
            rows for found, rows in answers.accepted.items() if found.table == table and _id_of(found) == name
        )
        advice = _advice(judged, said.total(), accepted, held.get((table, name), 0), name in let_go)
        if advice is not None:
            first = judged[0]
            yield Lesson(
                name, table, first.field, first.check, first.rule_id or "", advice,
                "warn" if advice == "untried" else "hold", said.total(), accepted, held.get((table, name), 0),
                dict(said),
            )  # fmt: skip


def _advice(judged: Sequence[Judged], refused: int, accepted: int, held: int, let_go: bool) -> Advice | None:
    if let_go:
        return "let_go"
    if refused and not all(one.holds for one in judged):
        return "look" if accepted else "hold"
    if held and not any(one.fixed for one in judged):
        return "untried"
    return None


def override_of(lesson: Lesson) -> Mapping[str, str]:
    """What agreeing writes of it, beside reason, author and date."""
    if lesson.rule_id:
        return {"rule": lesson.rule_id}
    return {"check": lesson.check, "table": lesson.table, "field": lesson.field}


def _id_of(found: Found) -> str:
    return _id(found.table, found.field, found.check, found.rule_id)


def _id(table: str, field: str, check: str, rule_id: str) -> str:
    return rule_id or f"{table}.{field}:{'required' if check == 'filled' else check}"
