"""Compiles everything that is to be checked in one table, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medferry.catalog.model import Catalog, Table
from medferry.catalog.rules import rule_book_of
from medferry.checks.conditions import THERE
from medferry.checks.findings import key_of
from medferry.checks.from_fields import FieldChecks, derive_field_checks
from medferry.checks.holding import CHANGED_AT, CREATED_AT, ORG_CODE, never_waived, reason_of_absence
from medferry.checks.overrides import Override, policy_of
from medferry.checks.rules import HOLDING, Rule, RuleSpec, compile_rule, nearest, specs_of_book
from medferry.errors import ConfigError
from medferry.records import Severity

Waivers = Mapping[tuple[str, str], str]
"""(table, field) -> reason: the field's requiredness is lifted."""

_CERTIFICATE_KINDS = "CV02.01.101"  # 身份证件类别代码
_KIND_SUFFIX, _NUMBER_SUFFIX = "_type_code", "_no"
_RESIDENT_CARD_ZH = "居民身份证号"  # a field of this name holds no other document


@dataclass(frozen=True, slots=True)
class TableChecks:
    """What `run_checks` needs to know of one table.

    required  fields that should be filled, in catalog order
    needed    those of them without which a row is held; the others warn
    waived    fields of this table whose requiredness the project lifted
    hold, warn  what the project raised to holding and lowered to a warning, by `key_of`
    """

    table: Table
    required: tuple[str, ...]
    needed: frozenset[str]
    waived: frozenset[str]
    fields: FieldChecks
    rules: tuple[Rule, ...] = field(default=())
    hold: frozenset[str] = frozenset()
    warn: frozenset[str] = frozenset()

    @property
    def ancestor_columns(self) -> Mapping[str, frozenset[str]]:
        """Table -> its columns that rules read of a parent; to be handed to `run_checks` with the keys."""
        wanted: dict[str, set[str]] = {}
        for pointer, column in (p for rule in self.rules for p in rule.pointers if p[1] != THERE):
            key = self.table.by_name[pointer].key
            assert key is not None
            assert key.table is not None
            assert key.column is not None
            wanted.setdefault(key.table, {ORG_CODE, key.column}).add(column)
        return {table: frozenset(columns) for table, columns in wanted.items()}


def compile_checks(
    table: Table,
    catalog: Catalog,
    waivers: Waivers,
    rules: Sequence[RuleSpec] = (),
    overrides: Iterable[Override] = (),
) -> TableChecks:
    """All checks of a table: from its fields, what every table owes, and its rules.

    waivers  of the whole project; those of other tables are left aside
    rules    further rules of the table; those of its rules.yaml come by themselves once it is active
    overrides  of the whole project: what it raises to holding or lowers to a warning
    raises   ConfigError with every complaint: a waiver for a field that is not there or cannot be waived, a
             rule of an unknown kind, with wrong arguments or unknown fields
    """
    required = tuple(f.name for f in table.fields if f.required == "R" or f.name in never_waived(table))
    book = rule_book_of(catalog, table.name)
    hold, warn = policy_of(overrides, table.name)
    needed = frozenset(
        f.name
        for f in table.fields
        if (key := key_of("required", None, f.name)) in hold
        or (reason_of_absence(f, table, book.may_be_absent) is not None and key not in warn)
    )
    waived = frozenset(name for of_table, name in waivers if of_table == table.name)
    complaints = _waiver_complaints(table, waived)
    specs = (*derived_rules(table), *rules)
    if book.active:
        specs += tuple(spec for spec in specs_of_book(table, catalog) if not spec.by_engine)
    compiled = [compile_rule(spec, table, catalog) for spec in specs]
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
        needed=needed,
        waived=waived,
        fields=derive_field_checks(table, catalog, required, needed),
        rules=tuple(rule for rule in compiled if isinstance(rule, Rule) and rule.scope in HOLDING),
        hold=hold,
        warn=warn,
    )


def derived_rules(table: Table) -> tuple[RuleSpec, ...]:
    """Rules that the fields' names and lists imply: times in order, identity-card numbers."""
    names = table.by_name
    rules = []
    if CREATED_AT in names and CHANGED_AT in names:
        args = {"later": CHANGED_AT, "earlier": CREATED_AT}  # of two clocks: worth a warning
        rules.append(RuleSpec("not_before", args, field=CREATED_AT, severity=Severity.WARNING))
    for f in table.fields:
        number = f.name.removesuffix(_KIND_SUFFIX) + _NUMBER_SUFFIX
        if f.value_set == _CERTIFICATE_KINDS and f.name.endswith(_KIND_SUFFIX) and number in names:
            rules.append(RuleSpec("id_card", {"number": number, "kind": f.name}, field=number))
        elif f.name_zh.startswith(_RESIDENT_CARD_ZH):
            rules.append(RuleSpec("id_card", {"number": f.name}, field=f.name))
    return tuple(rules)


def _waiver_complaints(table: Table, waived: frozenset[str]) -> list[str]:
    complaints = [
        f"豁免的字段 {name} 不存在{nearest(name, table.field_names)}"
        for name in sorted(waived - set(table.by_name))
    ]
    complaints += [
        f"字段 {name} 不可豁免：没有主键、机构代码或时间的记录无法识别，也无法分辨新旧"
        for name in sorted(waived & never_waived(table))
    ]
    return complaints
