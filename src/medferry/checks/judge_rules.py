"""What the rules say of a batch: first where each applies, then those that apply anywhere."""

from __future__ import annotations

import polars as pl

from medferry.checks.batch_pass import BatchPass, not_judged
from medferry.checks.beside import with_pointers
from medferry.checks.moments import with_readings
from medferry.checks.rules import Rule
from medferry.records import Severity


def judge_rules(run: BatchPass) -> None:
    """A select for the conditions, one for the rules that some row is subject to, one for what they found."""
    rules = [rule for rule in run.checks.rules if _may_find(rule, run) and not _lacks_ancestors(rule, run)]
    if not rules:
        return
    frame = run.frame
    if pointers := {pair for rule in rules for pair in rule.pointers}:
        frame = with_pointers(frame, run.checks.table, sorted(pointers), run.ancestors, complete=False)
    frame = with_readings(frame, {name for rule in rules for name in rule.readings})
    conditions = {rule.asks: rule.applies for rule in rules if rule.asks and rule.applies is not None}
    everywhere: set[str] = set()
    if conditions:
        asked = frame.select(applies.alias(name) for name, applies in conditions.items())
        anywhere = {one.name for one in asked.get_columns() if one.null_count() or one.any()}
        rules = [rule for rule in rules if rule.asks is None or rule.asks in anywhere]
        frame = frame.hstack(asked)
        everywhere = {one.name for one in asked.get_columns() if not one.null_count() and one.all()}
    verdicts = frame.select(
        (rule.inner if rule.asks in everywhere else rule.answer).alias(str(n)) for n, rule in enumerate(rules)
    )
    _take(run, rules, verdicts.get_columns())


def _take(run: BatchPass, rules: list[Rule], verdicts: list[pl.Series]) -> None:
    """Gathers what the verdicts mean; a rule of which every row is fine, or none, costs no expression here."""
    judged = list(zip(rules, verdicts, strict=True))
    wrong = [(rule, verdict) for rule, verdict in judged if not verdict.all()]
    unknown = [
        (rule, verdict)
        for rule, verdict in judged
        if verdict.null_count() and not run.is_empty(rule.spec.field)
    ]
    where = {
        **{f"w{n}": pl.lit(one).not_() for n, (_, one) in enumerate(wrong) if one.null_count() or one.any()},
        **{
            f"u{n}": pl.lit(one).is_null() & pl.lit(run.columns[rule.spec.field]).is_not_null()
            for n, (rule, one) in enumerate(unknown)
            if one.null_count() < run.frame.height
        },
    }
    places: dict[str, pl.Series] = {}
    if where:
        asked = pl.select(one.arg_true().implode().alias(name) for name, one in where.items())
        places = {one.name: one[0] for one in asked.get_columns()}
    for n, (rule, _) in enumerate(wrong):
        rows = places.get(f"w{n}", run.all_rows)
        run.found.add(rule.mark, rows, rule.spec.field, waivable=rule.waivable)
    for n, (rule, _) in enumerate(unknown):
        _not_judged(run, rule, places.get(f"u{n}"))


def _may_find(rule: Rule, run: BatchPass) -> bool:
    """False where the batch's empty and filled columns already say that the rule finds and counts nothing."""
    if rule.spec.check == "filled":
        return run.null_counts[rule.spec.field] > 0
    return not (rule.silent and run.is_empty(rule.spec.field))


def _lacks_ancestors(rule: Rule, run: BatchPass) -> bool:
    """A rule about parents of which none are at hand judges nothing: counted as such, without evaluating it."""
    if not rule.pointers:
        return False
    keys = (run.checks.table.by_name[pointer].key for pointer, _ in rule.pointers)
    if all(key is not None and key.table in run.ancestors for key in keys):
        return False
    if not run.is_empty(rule.spec.field):
        _not_judged(run, rule, None)
    return True


def _not_judged(run: BatchPass, rule: Rule, rows: pl.Series | None) -> None:
    """rows: None for every row where the field is filled."""
    name = rule.spec.field
    count = run.frame.height - run.null_counts[name] if rows is None else len(rows)
    if count == 0:
        return
    run.count_not_judged(rule.spec.check, name, count)
    holds = rule.spec.unknown == "holds"
    if holds or run.unknown_detail:
        severity = Severity.ERROR if holds else Severity.UNKNOWN
        places = run.columns[name].is_not_null().arg_true() if rows is None else rows
        run.found.add(not_judged(rule.spec.check, severity, rule.spec.rule_id), places, name)
