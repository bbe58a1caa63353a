"""What may hold a row, and why: of a field by what the standard says of it, of a rule by its `holds_because`.

The policy is decisions/0007-what-may-hold.md: a row is held only if it cannot be sent, cannot be true, or is known to be
refused. Everything else is a warning: it is said, counted and costed, and the row travels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from medferry.catalog.model import Catalog, Field, KeyKind, Table
from medferry.catalog.rules import Reason, RuleBook, rule_book_of
from medferry.catalog.scales import scale_of
from medferry.checks.findings import key_of
from medferry.checks.format import pattern_of
from medferry.checks.overrides import Override, policy_of
from medferry.checks.rules import HOLDING, Rule, compile_rules
from medferry.records import Severity

ORG_CODE = "org_code"
CREATED_AT = "created_at"
CHANGED_AT = "updated_at"

REASON_MEANINGS: Mapping[Reason, str] = {
    "key": "主键、外键缺失，或所属患者与主记录不是同一人",
    "form": "值写不进字段的格式或长度，证件号、信用代码校验码不对",
    "required": "公开文件里无条件的必填项为空（表的 may_be_absent 所列除外）",
    "closed": "代码不在齐全且有文件封闭的值域内",
    "refused": "有文件或实际回执证明平台会拒",
    "contradiction": "同一行的两个值不能同时为真，没有容差可言",
    "impossible": "数值在它自己的刻度之外（血氧 120%、Apgar 11 分、天数为负）",
    "destroyed": "传递中损坏：科学计数、乱码、替换符、控制字符",
}
"""Reason -> what it means, for pages."""

_KINDS: Mapping[Reason, frozenset[str]] = {
    "key": frozenset({"same", "holds", "unique_within", "exists", "filled"}),
    "form": frozenset({"credit_code", "id_card", "holds"}),
    "required": frozenset({"filled"}),
    "closed": frozenset({"in_list"}),
    "contradiction": frozenset(
        {
            "agrees_with_id_card", "all_different", "empty", "holds", "in_order", "not_before",
            "same", "sum_at_most", "sum_equals", "product_equals", "tenfold", "part_equals",
        }
    ),
    "impossible": frozenset({"holds"}),
    "destroyed": frozenset(),
}  # fmt: skip
"""Which kinds of rule a reason can belong to; `refused` belongs to any. What is destroyed is seen by field checks."""

_SLACK = ("tolerance", "slack_s", "tolerance_years")


def severity_for(reason: Reason | None) -> Severity:
    return Severity.WARNING if reason is None else Severity.ERROR


def never_waived(table: Table) -> frozenset[str]:
    """Without these a record cannot be told from others, nor its versions from each other."""
    return frozenset({table.key_field, ORG_CODE, CREATED_AT, CHANGED_AT})


def reason_of_absence(field: Field, table: Table, may_be_absent: Mapping[str, str]) -> Reason | None:
    """Why a row without this required field may be held; None where it is worth a warning."""
    if field.name in never_waived(table):
        return "key"
    if field.required != "R":
        return None
    if field.key is not None and field.key.kind is not KeyKind.DIRECTORY:
        return "key"
    published = not field.assumed
    return "required" if published and field.name not in may_be_absent else None


def reason_of_codes(field: Field, catalog: Catalog) -> Reason | None:
    """Why a row with a code outside the field's lists may be held: each is complete and a document closes it."""
    closed = all(catalog.value_set(one).is_closed for one in field.value_sets)
    return "closed" if closed and field.value_sets else None


def complaint_of_reason(rule: Rule) -> str:
    """What is wrong with a rule's reason to hold; empty where nothing is."""
    spec, reason = rule.spec, rule.spec.holds_because
    if reason is None:
        return ""
    where = f"规则 {spec.rule_id or spec.field} 的 holds_because"
    if rule.scope not in HOLDING:
        return f"{where}：读了 {rule.scope} 的数据，不能拦截"
    if reason != "refused" and spec.check not in _KINDS[reason]:
        return f"{where}：{spec.check} 不能以 {reason} 为由"
    if reason in {"contradiction", "impossible", "required"} and rule.scope != "row":
        return f"{where}：{reason} 只看同一行，这条读了 {rule.scope} 的数据"
    if reason == "contradiction" and any(spec.args.get(name) for name in _SLACK):
        return f"{where}：带容差的不是矛盾，只能提醒"
    return ""


class Holding(NamedTuple):
    """One thing that may hold a row of a table."""

    table: str
    field: str
    check: str
    reason: Reason | Literal["project"]
    rule_id: str | None = None


def holding_of(table: Table, catalog: Catalog, overrides: Iterable[Override] = ()) -> Iterator[Holding]:
    """Everything that may hold a row of the table: what its fields say, then its rules; then what a project adds.

    overrides  of a project: what it lowers is left out
    """
    mine = [one for one in overrides if one.table == table.name]
    hold, warn = policy_of(mine, table.name)
    for one in _by_the_standard(table, catalog):
        key = key_of(one.check, one.rule_id, one.field)
        if key not in warn or one.reason == "key":
            yield one
        hold -= {key}
    for more in mine:
        if more.key in hold:
            yield Holding(table.name, more.field, more.check, "project", more.rule_id)


def _by_the_standard(table: Table, catalog: Catalog) -> Iterator[Holding]:
    book = rule_book_of(catalog, table.name)
    for field in table.fields:
        yield from _of_field(field, table, book, catalog)
    for rule in compile_rules(table, catalog)[0]:
        spec = rule.spec
        if spec.holds_because and rule.scope in HOLDING and not spec.by_engine and book.active:
            yield Holding(table.name, spec.field, spec.check, spec.holds_because, spec.rule_id)


def _of_field(field: Field, table: Table, book: RuleBook, catalog: Catalog) -> Iterator[Holding]:
    absence = reason_of_absence(field, table, book.may_be_absent)
    if absence is not None:
        yield Holding(table.name, field.name, "required", absence)
    if field.value_sets and not any(catalog.value_set(one).is_open for one in field.value_sets):
        closed = reason_of_codes(field, catalog)
        yield Holding(table.name, field.name, "value_set" if closed else "characters", closed or "destroyed")
        return
    if scale_of(field, catalog) is not None:
        yield Holding(table.name, field.name, "scale", "impossible")
    if pattern_of(field) is not None:
        yield Holding(table.name, field.name, "format", "form")
        return
    if field.format.length_max is not None:
        yield Holding(table.name, field.name, "length", "form")
    yield Holding(table.name, field.name, "characters", "destroyed")
