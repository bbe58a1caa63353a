"""Compiles everything that is to be checked in one table, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from inspect import signature
from typing import Literal

import polars as pl

from medferry.catalog.model import Catalog, Table
from medferry.checks.findings import Mark
from medferry.checks.from_fields import FieldChecks, derive_field_checks
from medferry.checks.registry import checks_by_name
from medferry.errors import ConfigError
from medferry.records import Severity

Waivers = Mapping[tuple[str, str], str]
"""(table, field) -> reason: the field's requiredness is lifted."""

ORG_CODE = "org_code"
CREATED_AT = "created_at"
CHANGED_AT = "updated_at"
_CERTIFICATE_KINDS = "CV02.01.101"  # 身份证件类别代码
_KIND_SUFFIX, _NUMBER_SUFFIX = "_type_code", "_no"
_RESIDENT_CARD_ZH = "居民身份证号"  # a field of this name holds no other document


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule of a table: a registered rule kind with its arguments.

    check     name of the rule kind
    args      its arguments, by name: fields and parameters
    field     the field that a finding names
    rule_id   id in rules.yaml; None for rules that the engine derives
    severity  what a wrong row suffers: ERROR or WARNING
    unknown   what happens to a row that the rule cannot judge although `field` has a value
    """

    check: str
    args: Mapping[str, object]
    field: str
    rule_id: str | None = None
    severity: Severity = Severity.ERROR
    unknown: Literal["travels", "holds"] = "travels"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to run."""

    spec: RuleSpec
    mark: Mark
    verdict: pl.Expr
    waivable: bool


@dataclass(frozen=True, slots=True)
class TableChecks:
    """What `run_checks` needs to know of one table.

    required  fields that must be filled, in catalog order
    waived    fields of this table whose requiredness the project lifted
    """

    table: Table
    required: tuple[str, ...]
    waived: frozenset[str]
    fields: FieldChecks
    rules: tuple[Rule, ...] = field(default=())


def compile_checks(
    table: Table, catalog: Catalog, waivers: Waivers, rules: Sequence[RuleSpec] = ()
) -> TableChecks:
    """All checks of a table: from its fields, what every table owes, and its rules.

    waivers  of the whole project; those of other tables are left aside
    rules    further rules of the table
    raises   ConfigError with every complaint: a waiver for a field that is not there or cannot be waived, a
             rule of an unknown kind, with wrong arguments or unknown fields
    """
    required = tuple(f.name for f in table.fields if f.required == "R" or f.name in _never_waived(table))
    waived = frozenset(name for of_table, name in waivers if of_table == table.name)
    complaints = _waiver_complaints(table, waived)
    specs = (*derived_rules(table), *rules)
    compiled = [_compiled(spec, table) for spec in specs]
    complaints += [complaint for complaint in compiled if isinstance(complaint, str)]
    if complaints:
        raise ConfigError(
            "编译数据表的检查规则",
            fix="逐条改正 waivers.yaml 与规则文件",
            table=table.name,
            complaints="；".join(complaints),
        )
    return TableChecks(
        table=table,
        required=required,
        waived=waived,
        fields=derive_field_checks(table, catalog, required),
        rules=tuple(rule for rule in compiled if isinstance(rule, Rule)),
    )


def derived_rules(table: Table) -> tuple[RuleSpec, ...]:
    """Rules that the fields' names and lists imply: times in order, identity-card numbers."""
    names = table.by_name
    rules = []
    if CREATED_AT in names and CHANGED_AT in names:
        rules.append(RuleSpec("not_before", {"later": CHANGED_AT, "earlier": CREATED_AT}, field=CREATED_AT))
    for f in table.fields:
        number = f.name.removesuffix(_KIND_SUFFIX) + _NUMBER_SUFFIX
        if f.value_set == _CERTIFICATE_KINDS and f.name.endswith(_KIND_SUFFIX) and number in names:
            rules.append(RuleSpec("id_card", {"number": number, "kind": f.name}, field=number))
        elif f.name_zh.startswith(_RESIDENT_CARD_ZH):
            rules.append(RuleSpec("id_card", {"number": f.name}, field=f.name))
    return tuple(rules)


def _never_waived(table: Table) -> frozenset[str]:
    return frozenset({table.key_field, ORG_CODE, CREATED_AT, CHANGED_AT})


def _waiver_complaints(table: Table, waived: frozenset[str]) -> list[str]:
    complaints = [
        f"豁免的字段 {name} 不存在{_nearest(name, table.field_names)}"
        for name in sorted(waived - set(table.by_name))
    ]
    complaints += [
        f"字段 {name} 不可豁免：没有主键、机构代码或时间的记录无法识别，也无法分辨新旧"
        for name in sorted(waived & _never_waived(table))
    ]
    return complaints


def _compiled(spec: RuleSpec, table: Table) -> Rule | str:
    """The rule ready to run, or what is wrong with it."""
    where = f"规则 {spec.rule_id or spec.check}"
    kinds = {name: entry for name, entry in checks_by_name().items() if entry.from_rule}
    kind = kinds.get(spec.check)
    if kind is None:
        return f"{where}：没有名为 {spec.check} 的规则种类{_nearest(spec.check, tuple(kinds))}"
    try:
        signature(kind.make).bind(**spec.args)
    except TypeError:
        return (
            f"{where}：参数应为 {'、'.join(signature(kind.make).parameters)}，给出的是 {'、'.join(spec.args)}"
        )
    if spec.severity not in {Severity.ERROR, Severity.WARNING}:
        return f"{where}：severity 只能是 error 或 warning"
    verdict = kind.make(**spec.args)
    unknown = [name for name in (spec.field, *verdict.meta.root_names()) if name not in table.by_name]
    if unknown:
        return f"{where}：字段 {unknown[0]} 不存在{_nearest(unknown[0], table.field_names)}"
    mark = Mark(spec.check, kind.code, spec.severity, spec.rule_id)
    return Rule(spec, mark, verdict, waivable=kind.code == checks_by_name()["required"].code)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"，最接近的是 {near[0]}" if near else ""
