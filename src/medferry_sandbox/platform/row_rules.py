"""Rules that look at a whole record. Each is a plain function from a record to what it has to say.

`general_rules` derives rules from a table's words; `written_rules` are a table's own, from `rules/`. A record
comes with texts only, empty ones left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from medferry_sandbox.platform.findings import MISSING, WARNING, Finding
from medferry_sandbox.platform.holding import Severities
from medferry_sandbox.platform.identity import card_fields, is_resident_card
from medferry_sandbox.platform.rules.book import Needed, Written, book_of, found
from medferry_sandbox.platform.rules.texts import is_before
from medferry_sandbox.platform.standard import TableWords

Record = dict[str, str]
RowRule = Callable[[Record], Iterable[Finding]]


def written_rules(
    table: TableWords, severities: Severities, waived: frozenset[tuple[str, str]]
) -> list[RowRule]:
    """The table's own rules about a record alone, its conditionally required fields among them."""
    book = book_of(table.name)
    needed = [(name, judge) for name, judge in book.needed if (table.name, name) not in waived]
    lifted = frozenset(name for of_table, name in waived if of_table == table.name)
    rules = [_written_rule(written, severities, lifted) for written in book.rows]
    return [*rules, _needed_rule(needed, severities)] if needed else rules


def _written_rule(written: Written, severities: Severities, lifted: frozenset[str]) -> RowRule:
    judge = written.judge

    def rule(record: Record) -> Iterable[Finding]:
        said = tuple(judge(record))
        if not said:
            return ()
        wrong = found(written, said, severities)
        return [one for one in wrong if not (one.code == MISSING and one.field in lifted)]

    return rule


def _needed_rule(needed: list[tuple[str, Needed]], severities: Severities) -> RowRule:
    def rule(record: Record) -> Iterable[Finding]:
        return [
            Finding(MISSING, name, "C", severities.of("", name, MISSING))
            for name, judge in needed
            if name not in record and judge(record)
        ]

    return rule


def general_rules(table: TableWords) -> list[RowRule]:
    rules: list[RowRule] = [_not_updated_before_created]
    for field, is_card in card_fields(table):
        rules.append(_card_rule(field, is_card))
    return rules


def _not_updated_before_created(record: Record) -> Iterable[Finding]:
    created, updated = record.get("created_at", ""), record.get("updated_at", "")
    if created and updated and updated < created and is_before(updated, created):
        return (Finding("5003", "created_at", "updated_at", WARNING, "更新时间早于创建时间"),)
    return ()


def _card_rule(field: str, is_card: Callable[[Record], bool]) -> RowRule:
    wrong = (Finding("3006", field, "GB 11643"),)

    def rule(record: Record) -> Iterable[Finding]:
        number = record.get(field)
        if number is None or not is_card(record) or is_resident_card(number):
            return ()
        return wrong

    return rule
