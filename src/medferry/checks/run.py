"""Judges a standard batch: pure, no I/O, no clock, no loop over rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl

from medferry.checks.beside import Frames, with_pointers
from medferry.checks.findings import NOT_JUDGED, Gathered, Mark
from medferry.checks.from_fields import CodeGroup, Exact, Group
from medferry.checks.moments import with_moments
from medferry.checks.one_version import compare_versions
from medferry.checks.registry import checks_by_name
from medferry.checks.rules import Rule
from medferry.checks.table_checks import CHANGED_AT, ORG_CODE, TableChecks
from medferry.records import CheckedBatch, Severity, StandardBatch

_SMALL = 512  # values; below it a Python set is quicker than a columnar one
_PORTION = 100_000  # values judged by one expression; Polars spreads expressions, not rows, over the cores

G = TypeVar("G", Group, CodeGroup)


@dataclass(slots=True)
class _Pass:
    """One batch being judged."""

    frame: pl.DataFrame
    checks: TableChecks
    null_counts: Mapping[str, int]
    found: Gathered
    unknown_counts: dict[tuple[str, str], int]
    unknown_detail: bool
    ancestors: Frames

    def filled(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those columns that hold anything at all."""
        return tuple(name for name in names if self.null_counts[name] < self.frame.height)

    def stacks(self, group: G) -> Iterator[_Stack[G]]:
        """The group's filled columns, laid on one another in portions that both cores can share."""
        names = self.filled(group.fields)
        width = max(1, _PORTION // self.frame.height)
        for start in range(0, len(names), width):
            part = names[start : start + width]
            columns = [self.frame[name].alias("value") for name in part]
            yield _Stack(group, part, columns[0] if len(columns) == 1 else pl.concat(columns))


@dataclass(frozen=True, slots=True)
class _Stack(Generic[G]):
    """Columns laid on one another without copying: row r of column c is at c * height + r."""

    group: G
    names: tuple[str, ...]
    values: pl.Series


@dataclass(frozen=True, slots=True)
class _Question:
    """Which places in a stack of the columns `names` are wrong.

    places  expression for the positions, as one list
    """

    mark: Mark
    names: tuple[str, ...]
    places: pl.Expr
    waivable: bool = False


def run_checks(
    batch: StandardBatch,
    checks: TableChecks,
    *,
    ancestors: Frames | None = None,
    unknown_detail: bool = False,
) -> CheckedBatch:
    """Judges every row of the batch by all checks of its table.

    batch           any number of rows, also none; String columns, or Null where all is null
    ancestors       table -> rows of parents with `checks.ancestor_columns`; what is not in them is unknown
    unknown_detail  also one finding per row and field that nobody could judge; else they are only counted
    returns         `sound`: no finding of severity error, and not dropped; no finding of a dropped row
    """
    assert batch.table == checks.table.name, f"checks of {checks.table.name} for a batch of {batch.table}"
    frame = batch.frame
    assert set(checks.table.field_names) <= set(frame.columns), f"{batch.table}: columns are missing"
    if frame.height == 0:
        return _nothing(batch)
    if pl.Null in frame.dtypes:
        frame = frame.with_columns(pl.col(pl.Null).cast(pl.String))
    counts = dict(zip(frame.columns, frame.null_count().row(0), strict=True))
    run = _Pass(frame, checks, counts, Gathered(), {}, unknown_detail, ancestors or {})
    _find_missing(run)
    _judge_fields(run)
    _judge_rules(run)
    versions = compare_versions(frame, ORG_CODE, checks.table.key_field, CHANGED_AT)
    if len(versions.conflicting):
        run.found.add(_mark("one_version"), versions.conflicting, checks.table.key_field)
    return _checked(batch, run, versions.dropped)


def _nothing(batch: StandardBatch) -> CheckedBatch:
    none = pl.Series("sound", [], dtype=pl.Boolean)
    return CheckedBatch(batch, none, Gathered().frame(), dropped=none.alias("dropped"))


def _checked(batch: StandardBatch, run: _Pass, dropped: pl.Series) -> CheckedBatch:
    rows = run.frame.height
    findings = run.found.frame()
    is_dropped = _at(dropped, rows, "dropped")
    if len(dropped) and findings.height:
        findings = findings.filter(~is_dropped.gather(findings["row"]))
    stopped = dropped
    if findings.height:
        stopped = pl.concat([dropped, findings.filter(pl.col("severity") == Severity.ERROR.value)["row"]])
    sound = _at(stopped, rows, "sound", value=False)
    return CheckedBatch(batch, sound, findings, dropped=is_dropped, unknown_counts=run.unknown_counts)


def _at(places: pl.Series, rows: int, name: str, *, value: bool = True) -> pl.Series:
    """A Boolean series that is `value` at the places and the opposite elsewhere."""
    flags = pl.Series(name, [not value], dtype=pl.Boolean).new_from_index(0, rows)
    return flags.scatter(places, value) if len(places) else flags


def _mark(name: str, severity: Severity = Severity.ERROR) -> Mark:
    return Mark(name, checks_by_name()[name].code, severity)


def _find_missing(run: _Pass) -> None:
    for name in run.checks.required:
        if run.null_counts[name]:
            severity = Severity.WAIVED if name in run.checks.waived else Severity.ERROR
            run.found.add(_mark("required", severity), run.frame[name].is_null().arg_true(), name)


def _judge_fields(run: _Pass) -> None:
    """One select for everything that the fields say; a second one for what the first one doubts."""
    stacks = [stack for group in run.checks.fields.groups for stack in run.stacks(group)]
    code_stacks = [stack for group in run.checks.fields.code_groups for stack in run.stacks(group)]
    doubts = [_doubt(stack).alias(f"d{n}") for n, stack in enumerate(stacks)]
    distinct = [
        pl.lit(stack.values).unique().implode().alias(f"u{n}")
        for n, stack in enumerate(code_stacks)
        if len(stack.values) > _SMALL
    ]
    answers = pl.select([*doubts, *distinct]).get_columns()
    seen: dict[str, pl.Series] = {answer.name: answer[0] for answer in answers}
    questions = [
        _doubted(stack, exact, places)
        for n, stack in enumerate(stacks)
        if len(places := seen[f"d{n}"])
        for exact in stack.group.exact
    ]
    for n, codes in enumerate(code_stacks):
        values = codes.values if len(codes.values) <= _SMALL else seen[f"u{n}"]
        strange = set(values) - codes.group.codes - {None}
        if strange:
            wrong = pl.lit(codes.values).is_in(list(strange)).arg_true()
            questions.append(_Question(_mark("value_set"), codes.names, wrong.implode()))
    answers = pl.select(q.places.alias(str(n)) for n, q in enumerate(questions)).get_columns()
    for question, answer in zip(questions, answers, strict=True):
        if len(answer[0]):
            _add(run, question.mark, question.names, answer[0], waivable=question.waivable)
    _count_open(run)


def _doubt(stack: _Stack[Group]) -> pl.Expr:
    """Places that need a look, as one list; of a repeating stack only whether there are any."""
    value = pl.lit(stack.values)
    if stack.group.repeats:
        value = value.unique()
    return stack.group.quick(value).not_().arg_true().implode()


def _doubted(stack: _Stack[Group], exact: Exact, places: pl.Series) -> _Question:
    """Asks an exact check about the doubted values only."""
    where = pl.int_range(len(stack.values), dtype=pl.UInt32) if stack.group.repeats else pl.lit(places)
    wrong = where.filter(exact.judge(pl.lit(stack.values).gather(where)).not_())
    return _Question(exact.mark, stack.names, wrong.implode(), stack.group.waivable)


def _add(run: _Pass, mark: Mark, names: Sequence[str], places: pl.Series, *, waivable: bool = False) -> None:
    """Findings for positions in a stack of the columns `names`."""
    height = run.frame.height
    rows, fields = places % height, pl.Series("field", names).gather(places // height)
    lifted = [name for name in names if name in run.checks.waived] if waivable else []
    if lifted:
        is_lifted = fields.is_in(lifted)
        run.found.add(_waived(mark), rows.filter(is_lifted), fields.filter(is_lifted))
        rows, fields = rows.filter(~is_lifted), fields.filter(~is_lifted)
    run.found.add(mark, rows, fields)


def _waived(mark: Mark) -> Mark:
    return Mark(mark.check, mark.code, Severity.WAIVED, mark.rule_id)


def _count_open(run: _Pass) -> None:
    mark = Mark("value_set", NOT_JUDGED, Severity.UNKNOWN)
    for name in run.filled(run.checks.fields.open_fields):
        run.unknown_counts["value_set", name] = run.frame.height - run.null_counts[name]
        if run.unknown_detail:
            run.found.add(mark, run.frame[name].is_not_null().arg_true(), name)


def _judge_rules(run: _Pass) -> None:
    """One select for all rules that can find anything here, one to find what is wrong or not judged."""
    rules = [rule for rule in run.checks.rules if _may_find(rule, run)]
    rules = [rule for rule in rules if not _lacks_ancestors(rule, run)]
    if not rules:
        return
    frame = run.frame
    if pointers := {pair for rule in rules for pair in rule.pointers}:
        frame = with_pointers(frame, run.checks.table, sorted(pointers), run.ancestors, complete=False)
    frame = with_moments(frame, {name for rule in rules for name in rule.moments})
    verdicts = frame.select(rule.verdict.alias(f"v{n}") for n, rule in enumerate(rules)).get_columns()
    for rule, verdict in zip(rules, verdicts, strict=True):
        if verdict.null_count():
            filled = run.frame[rule.spec.field].is_not_null()
            if len(rows := (verdict.is_null() & filled).arg_true()):
                _not_judged(run, rule, rows)
        if not verdict.all():
            waived = rule.waivable and rule.spec.field in run.checks.waived
            rows = verdict.not_().arg_true()
            run.found.add(_waived(rule.mark) if waived else rule.mark, rows, rule.spec.field)


def _may_find(rule: Rule, run: _Pass) -> bool:
    """False where the batch's empty and filled columns already say that the rule finds and counts nothing."""
    empty = run.null_counts[rule.spec.field]
    if rule.spec.check == "filled":
        return empty > 0
    return not (rule.silent and empty == run.frame.height)


def _lacks_ancestors(rule: Rule, run: _Pass) -> bool:
    """A rule about parents of which none are at hand judges nothing: counted as such, without evaluating it."""
    keys = (run.checks.table.by_name[pointer].key for pointer, _ in rule.pointers)
    if all(key is not None and key.table in run.ancestors for key in keys):
        return False
    if len(rows := run.frame[rule.spec.field].is_not_null().arg_true()):
        _not_judged(run, rule, rows)
    return True


def _not_judged(run: _Pass, rule: Rule, rows: pl.Series) -> None:
    """Unknown is a value that is there and that nobody could judge; where nothing is, nothing was asked."""
    place = (rule.spec.check, rule.spec.field)
    run.unknown_counts[place] = run.unknown_counts.get(place, 0) + len(rows)
    holds = rule.spec.unknown == "holds"
    if holds or run.unknown_detail:
        severity = Severity.ERROR if holds else Severity.UNKNOWN
        run.found.add(Mark(rule.spec.check, NOT_JUDGED, severity, rule.spec.rule_id), rows, rule.spec.field)
