"""What may be raised or lowered in a table: everything that its checks can find, and which of it always holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medferry.checks.findings import key_of
from medferry.checks.holding import reason_of_absence
from medferry.checks.table_checks import TableChecks

_CANNOT_BE_SENT = frozenset({"format", "length", "range", "one_version"})


class Judged(NamedTuple):
    """One thing that `run_checks` may find of a field.

    holds  a row of which it is found is held
    fixed  it always holds: the row cannot be sent, or not told from others
    """

    table: str
    field: str
    check: str
    rule_id: str | None
    holds: bool
    fixed: bool = False


def judged_by(checks: TableChecks) -> Iterator[Judged]:
    """Everything that the checks of a table may find; `holds` as the project has it."""
    for one in _by_the_standard(checks):
        key = key_of(one.check, one.rule_id, one.field)
        yield one._replace(holds=key in checks.hold or (one.holds and key not in checks.warn))


def _by_the_standard(checks: TableChecks) -> Iterator[Judged]:
    table = checks.table.name
    keys = frozenset(f.name for f in checks.table.fields if reason_of_absence(f, checks.table, {}) == "key")
    for name in checks.required:
        yield Judged(table, name, "required", None, name in checks.needed, name in keys)
    seen: dict[tuple[str, str], bool] = {}
    for group in checks.fields.groups:
        for exact in group.exact:
            for name in group.fields:
                at = (exact.mark.check, name)
                seen[at] = seen.get(at, False) or exact.mark.severity.value == "error"
    for codes in checks.fields.code_groups:
        seen |= {("value_set", name): codes.severity.value == "error" for name in codes.fields}
    seen["one_version", checks.table.key_field] = True
    for (check, name), holds in seen.items():
        yield Judged(
            table,
            name,
            check,
            None,
            holds,
            check in _CANNOT_BE_SENT or (check == "placeholder" and name in keys),
        )
    rules: dict[str, Judged] = {}
    for rule in checks.rules:
        spec, holds = rule.spec, rule.mark.severity.value == "error"
        check = "required" if spec.rule_id is None and spec.check == "filled" else spec.check
        one = Judged(table, spec.field, check, spec.rule_id, holds, spec.holds_because == "key")
        key = key_of(check, spec.rule_id, spec.field)
        first = rules.get(key, one)  # entries of one rule on one field are one thing to whoever names it
        rules[key] = one._replace(holds=one.holds or first.holds, fixed=one.fixed or first.fixed)
    yield from rules.values()
