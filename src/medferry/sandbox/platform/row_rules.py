"""Rules that look at a whole record. Each is a plain function from a record to what it has to say.

`general_rules` derives rules from a table's words; `BY_TABLE` holds a table's own, named by their ids in
rules.csv. A record comes with texts only, empty ones left out. Rules speak of what is present; absence is
the required check's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from medferry.sandbox.platform.findings import WARNING, Finding
from medferry.sandbox.platform.identity import card_fields, is_resident_card
from medferry.sandbox.platform.standard import TableWords

Record = dict[str, str]
RowRule = Callable[[Record], Iterable[Finding]]

BY_TABLE: Final[Mapping[str, tuple[RowRule, ...]]] = {}

# A name that says nobody knows it. Platforms count it as empty, the rules in words only warn (PAT-008).
_NAMELESS: Final = frozenset({"未知", "不详", "无名", "无名氏", "测试"})


def rules_of(table: TableWords) -> tuple[RowRule, ...]:
    return (*general_rules(table), *BY_TABLE.get(table.name, ()))


def general_rules(table: TableWords) -> list[RowRule]:
    rules: list[RowRule] = [_not_updated_before_created]
    for field, is_card in card_fields(table):
        rules.append(_card_rule(field, is_card))
    nameless = [
        f.name
        for f in table.fields
        if f.required == "R"
        and f.name.endswith("_name")
        and f.name.removesuffix("_name") + "_code" not in table.by_name
    ]
    if nameless:
        rules.append(_nameless_rule(nameless))
    return rules


def _not_updated_before_created(record: Record) -> Iterable[Finding]:
    created, updated = record.get("created_at", ""), record.get("updated_at", "")
    if created and updated and updated < created:
        return (Finding("5003", "updated_at", "created_at", message="更新时间早于创建时间"),)
    return ()


def _card_rule(field: str, is_card: Callable[[Record], bool]) -> RowRule:
    wrong = (Finding("3006", field, "GB 11643"),)

    def rule(record: Record) -> Iterable[Finding]:
        number = record.get(field)
        if number is None or not is_card(record) or is_resident_card(number):
            return ()
        return wrong

    return rule


def _nameless_rule(fields: list[str]) -> RowRule:
    def rule(record: Record) -> Iterable[Finding]:
        return [Finding("3007", name, severity=WARNING) for name in fields if record.get(name) in _NAMELESS]

    return rule
