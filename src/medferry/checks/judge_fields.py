"""What the fields alone say of a batch: requiredness, formats, lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from medferry.checks.batch_pass import SMALL, BatchPass, Stack, not_judged
from medferry.checks.findings import Mark
from medferry.checks.from_fields import CodeGroup, Group
from medferry.checks.registry import checks_by_name
from medferry.records import Severity


@dataclass(frozen=True, slots=True)
class _Question:
    """Which places in a stack of the columns `names` are wrong.

    places  expression for the positions
    """

    mark: Mark
    names: Sequence[str]
    places: pl.Expr
    waivable: bool = False


def mark_of(name: str, severity: Severity = Severity.ERROR) -> Mark:
    return Mark(name, checks_by_name()[name].code, severity)


def judge_fields(run: BatchPass) -> None:
    """One select for everything that the fields say; further ones for what the first one doubts."""
    stacks = [stack for group in run.checks.fields.groups for stack in run.stacks(group)]
    code_stacks = [stack for group in run.checks.fields.code_groups for stack in run.stacks(group)]
    doubts = [_doubt(stack).alias(f"d{n}") for n, stack in enumerate(stacks)]
    missing = [name for name in run.checks.required if run.null_counts[name]]
    absent = [pl.lit(run.columns[name]).is_null().arg_true().implode().alias(f"m{name}") for name in missing]
    distinct = [
        pl.lit(stack.values).unique().implode().alias(f"u{n}")
        for n, stack in enumerate(code_stacks)
        if len(stack.values) > SMALL
    ]
    answers = pl.select([*absent, *doubts, *distinct]).get_columns()
    seen: dict[str, pl.Series] = {answer.name: answer[0] for answer in answers}
    doubted = [
        (stack, found) for n, stack in enumerate(stacks) if len(found := _of_doubt(stack, seen[f"d{n}"]))
    ]
    for name in missing:
        held = name in run.checks.needed
        mark = mark_of("required", Severity.ERROR if held else Severity.WARNING)
        run.found.add(mark, seen[f"m{name}"], name, waivable=True)
    questions = [
        *_doubted(doubted),
        *_strange(code_stacks, seen),
    ]
    for question, places in zip(questions, _lists(question.places for question in questions), strict=True):
        run.found.add(question.mark, places, question.names, waivable=question.waivable)
    _count_open(run)


def _lists(expressions: Iterable[pl.Expr]) -> list[pl.Series]:
    """What each of the expressions gives, evaluated together."""
    named = [one.implode().alias(str(n)) for n, one in enumerate(expressions)]
    return [answer[0] for answer in pl.select(named).get_columns()] if named else []


def _doubt(stack: Stack[Group]) -> pl.Expr:
    """What needs a look, as one list: places, of a repeating stack the values; of a small one all verdicts."""
    judge = stack.group.quick
    if stack.group.glance is not None and len(stack.values) > SMALL:
        judge = stack.group.glance
    if stack.repeats:
        # Inside `eval` they are made once: an expression that is written twice comes in two orders.
        doubted = pl.element().filter(judge(pl.element()).not_())
        return pl.lit(stack.values).unique().implode().list.eval(doubted)
    verdict = judge(pl.lit(stack.values))
    return verdict.implode() if len(stack.values) <= SMALL else verdict.not_().arg_true().implode()


def _of_doubt(stack: Stack[Group], answer: pl.Series) -> pl.Series:
    """Places or values, from what `_doubt` gave."""
    if stack.repeats or len(stack.values) > SMALL:
        return answer
    return answer.clear() if answer.all() else answer.not_().arg_true()


def _doubted(doubts: Iterable[tuple[Stack[Group], pl.Series]]) -> Iterator[_Question]:
    """Asks the exact checks about doubted values only; those that are wrong are then looked for."""
    asked = [(stack, doubted, exact) for stack, doubted in doubts for exact in stack.group.exact]
    repeating = [one for one in asked if one[0].repeats]
    wrong_values = _lists(
        pl.lit(values).filter(exact.judge(pl.lit(values)).not_()) for _, values, exact in repeating
    )
    for (stack, _, exact), wrong in zip(repeating, wrong_values, strict=True):
        if len(wrong):
            yield _Question(exact.mark, stack.names, _found_at(stack, wrong.to_list()), stack.group.waivable)
    for stack, places, exact in asked:
        if not stack.repeats:
            wrong_there = exact.judge(pl.lit(stack.values).gather(pl.lit(places))).not_()
            yield _Question(exact.mark, stack.names, pl.lit(places).filter(wrong_there), stack.group.waivable)


def _strange(stacks: Sequence[Stack[CodeGroup]], seen: Mapping[str, pl.Series]) -> Iterator[_Question]:
    """Codes that are in no list."""
    for n, stack in enumerate(stacks):
        values = stack.values if len(stack.values) <= SMALL else seen[f"u{n}"]
        if strange := stack.group.strange(values):
            mark = mark_of("value_set", stack.group.severity)
            yield _Question(mark, stack.names, _found_at(stack, list(strange)))


def _found_at(stack: Stack[Group] | Stack[CodeGroup], values: list[str]) -> pl.Expr:
    column = pl.lit(stack.values)
    return (column == values[0] if len(values) == 1 else column.is_in(values)).arg_true()


def _count_open(run: BatchPass) -> None:
    for name in run.filled(run.checks.fields.open_fields):
        run.count_not_judged("value_set", name, run.frame.height - run.null_counts[name])
        if run.unknown_detail:
            run.found.add(not_judged("value_set"), run.columns[name].is_not_null().arg_true(), name)
