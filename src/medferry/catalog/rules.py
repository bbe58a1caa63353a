"""Rules as data: a table's rules.yaml says how each rule of its rules.csv is judged, or why it is not. See RULES.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from pathlib import Path
from typing import Any, Literal, NoReturn, Protocol, cast, get_args, runtime_checkable

from medferry.catalog.files import CatalogFiles
from medferry.catalog.model import Catalog
from medferry.errors import CatalogError

Condition = Mapping[str, object]
"""`{column: test, …}`, all of them; see `medferry.checks.conditions` for the tests."""

Scope = Literal["row", "batch", "parent", "directory", "later"]
"""What a rule reads besides its row, from near to far; the first three may hold a row."""

Function = Literal["count", "sum", "min", "max", "first", "last", "distinct"]
Reason = Literal["key", "form", "required", "closed", "refused", "contradiction", "impossible", "destroyed"]
"""Why a row may be held; there is no other reason. See decisions/0007-what-may-hold.md."""

FUNCTIONS: tuple[str, ...] = get_args(Function)
SCOPES: tuple[str, ...] = get_args(Scope)
REASONS: tuple[str, ...] = get_args(Reason)
HOLDS_BECAUSE = "holds_because"
_ENTRY_KEYS = frozenset(
    {"rule", "check", "when", "with", "field", "scope", "severity", "because", "by_engine", HOLDS_BECAUSE}
)
_PAGE_KEYS = frozenset({"active", "may_be_absent", "near", "required_when", "rules", "waived"})


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A column made of other rows: `{sum: prescription_drug.drug_amount, on: prescription_id, where: …}`.

    column  of `table`; None for count
    on      own column -> column of `table`; org_code always belongs to it
    where   only those rows of `table` for which it is true
    before  of `last`: (own time, time in `table`): the last of the rows whose time is before the own one
    """

    function: Function
    table: str
    column: str | None
    on: Mapping[str, str]
    where: Condition | None = None
    before: tuple[str, str] | None = None

    @property
    def own_columns(self) -> tuple[str, ...]:
        return (*self.on, *(self.before or ())[:1])

    @property
    def their_columns(self) -> tuple[str, ...]:
        """But for those of `where`."""
        return (*self.on.values(), *(self.before or ())[1:], *([self.column] if self.column else []))


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One check of one rule; a rule may need several.

    rule_id    of rules.csv; None for a conditionally required field
    kind       registered rule kind
    argument   what stands behind the kind: a mapping of its arguments, or its short form
    when       judged only where this is true
    looks      name -> column made of other rows, which kind and condition may then read
    field      the field that findings name; None: the first own column of the check
    scope      as declared; None: derived from what is read
    severity   as written; without a reason in `holds_because` an entry warns
    because    why it only warns, or the document of a `refused`
    holds_because  why a row that it calls wrong may be held; None: it warns, and the row travels
    by_engine  the fields' own checks find it already: kept for its cases and for `run_later`, not judged twice
    line       of rules.yaml
    """

    rule_id: str | None
    kind: str
    argument: object
    when: Condition | None = None
    looks: Mapping[str, Aggregate] = made_by(default_factory=dict)
    field: str | None = None
    scope: Scope | None = None
    severity: Literal["error", "warning"] | None = None
    because: str = ""
    by_engine: bool = False
    line: int = 0
    holds_because: Reason | None = None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A table's rules.yaml.

    active         its rules are judged by `medferry run`
    may_be_absent  field that fields.csv requires -> why a row without it may be right all the same: it warns
    required_when  entries of kind `filled`, one per conditionally required field
    waived         rule id -> why it cannot be expressed
    near           rule id -> the strangest correct rows that come close to it and must travel, as written
    """

    table: str
    path: Path | None = None
    active: bool = False
    entries: tuple[RuleEntry, ...] = ()
    required_when: tuple[RuleEntry, ...] = ()
    waived: Mapping[str, str] = made_by(default_factory=dict)
    may_be_absent: Mapping[str, str] = made_by(default_factory=dict)
    near: Mapping[str, Sequence[Mapping[str, object]]] = made_by(default_factory=dict)

    @property
    def expressed(self) -> frozenset[str]:
        return frozenset(entry.rule_id for entry in self.entries if entry.rule_id)


@runtime_checkable
class HasRules(Protocol):
    """A catalog that knows rules."""

    def rule_book(self, name: str) -> RuleBook: ...
    def severities(self, name: str) -> Mapping[str, Literal["error", "warning"]]: ...


def rule_book_of(catalog: Catalog, table: str) -> RuleBook:
    """The table's rules; none where the catalog knows none."""
    return catalog.rule_book(table) if isinstance(catalog, HasRules) else RuleBook(table)


def read_rule_book(table: str, files: CatalogFiles) -> RuleBook:
    """Reads tables/<table>/rules.yaml; a table without the file has no rules. Raises CatalogError at file:line."""
    path = files.find(f"tables/{table}/rules.yaml")
    if path is None:
        return RuleBook(table)
    page, lines = _page(path, files.reader(path))
    reading = _RuleReader(path, table)
    if not isinstance(page, dict) or set(page) - _PAGE_KEYS:
        reading.fault(1, f"顶层只有 {'、'.join(sorted(_PAGE_KEYS))}")
    return RuleBook(
        table,
        path,
        active=page.get("active") is True,
        entries=tuple(
            reading.entry(raw, line) for raw, line in zip(page.get("rules") or (), lines, strict=True)
        ),
        required_when=tuple(
            reading.required(name, when) for name, when in (page.get("required_when") or {}).items()
        ),
        waived={str(rule): str(why) for rule, why in (page.get("waived") or {}).items()},
        may_be_absent=reading.may_be_absent(page.get("may_be_absent") or {}),
        near=reading.near(page.get("near") or {}),
    )


_PLAIN = {
    "bool": "^(?:true|false)$",
    "int": "^-?(?:0|[1-9][0-9]*)$",
    "float": r"^-?[0-9]+\.[0-9]+$",
    "null": "^(?:null|~|)$",
}
"""What is not a text: the few words of YAML 1.2. To YAML 1.1 `on` is a truth value, and 01 the number one."""


def _page(path: Path, data: bytes) -> tuple[dict[str, Any], list[int]]:
    """The file's content and the line of each entry under `rules`."""
    import yaml

    class Loader(yaml.CSafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {}
    for kind, pattern in _PLAIN.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(pattern), None)
    try:
        text = data.decode("utf-8")
        node = yaml.compose(text, Loader=Loader)
        page = yaml.load(text, Loader=Loader) or {}  # noqa: S506 - a safe loader with fewer words
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise CatalogError(
            "读取表的规则", file=f"{path}:{line}", expected="合法的 YAML", fix="检查缩进、引号与冒号"
        ) from error
    lines: list[int] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "rules" and isinstance(value, yaml.SequenceNode):
                lines = [entry.start_mark.line + 1 for entry in value.value]
    return page, lines


@dataclass(frozen=True, slots=True)
class _RuleReader:
    path: Path
    table: str

    def fault(self, line: int, expected: str) -> NoReturn:
        raise CatalogError(
            "读取表的规则",
            file=f"{self.path}:{line}",
            expected=expected,
            fix="对照 RULES.md 改正",
            table=self.table,
        )

    def required(self, name: str, when: object) -> RuleEntry:
        if not isinstance(when, dict):
            self.fault(1, f"required_when 的 {name} 为条件")
        reason = self.reason(when.get(HOLDS_BECAUSE), 1)
        test = {column: asked for column, asked in when.items() if column != HOLDS_BECAUSE}
        return RuleEntry(None, "filled", name, when=test, field=name, holds_because=reason)

    def reason(self, raw: object, line: int) -> Reason | None:
        if raw is not None and raw not in REASONS:
            self.fault(line, f"{HOLDS_BECAUSE} 为 {'、'.join(REASONS)} 之一")
        return cast(Reason | None, raw)

    def may_be_absent(self, raw: object) -> dict[str, str]:
        """`{why: [field, …]}` by field."""
        if not isinstance(raw, dict) or not all(isinstance(names, list) for names in raw.values()):
            self.fault(1, "may_be_absent 为 {原因: [字段, …]}")
        return {str(name): str(why) for why, names in raw.items() for name in names}

    def near(self, raw: object) -> dict[str, Sequence[Mapping[str, object]]]:
        """`{rule: [row, {row: …, frames: …}, …]}`; of a case with more than a row the row alone."""
        if not isinstance(raw, dict):
            self.fault(1, "near 为 {规则: [行, …]}")
        found: dict[str, Sequence[Mapping[str, object]]] = {}
        for rule, cases in raw.items():
            given = cases if isinstance(cases, list) else []
            rows = [one.get("row", one) for one in given if isinstance(one, dict)]
            if not rows or len(rows) < len(given) or not all(isinstance(row, dict) for row in rows):
                self.fault(1, f"near 的 {rule} 为 [行, …]，行写 {{字段: 值}}")
            found[str(rule)] = rows
        return found

    def entry(self, raw: object, line: int) -> RuleEntry:
        if not isinstance(raw, dict) or set(raw) - _ENTRY_KEYS or "rule" not in raw:
            self.fault(
                line, f"每条规则有 rule、check，可有 {'、'.join(sorted(_ENTRY_KEYS - {'rule', 'check'}))}"
            )
        check, when = raw.get("check"), raw.get("when")
        if not isinstance(check, dict) or len(check) != 1:
            self.fault(line, "check 为 {种类: 参数}")
        if when is not None and not isinstance(when, dict):
            self.fault(line, "when 为条件：{字段: 值或测试}")
        if raw.get("scope") not in (None, *SCOPES) or raw.get("severity") not in (None, "error", "warning"):
            self.fault(line, f"scope 为 {'、'.join(SCOPES)} 之一，severity 为 error 或 warning")
        kind, argument = next(iter(check.items()))
        looks = raw.get("with") or {}
        if not isinstance(looks, dict):
            self.fault(line, "with 为 {名字: 汇总}")
        return RuleEntry(
            rule_id=str(raw["rule"]),
            kind=str(kind),
            argument=argument,
            when=when,
            looks={str(name): self.aggregate(look, line) for name, look in looks.items()},
            field=raw.get("field"),
            scope=raw.get("scope"),
            severity=raw.get("severity"),
            because=str(raw.get("because") or ""),
            by_engine=raw.get("by_engine") is True,
            line=line,
            holds_because=self.reason(raw.get(HOLDS_BECAUSE), line),
        )

    def aggregate(self, raw: object, line: int) -> Aggregate:
        shape = (
            f"汇总为 {{{'|'.join(FUNCTIONS)}: 表.字段, on: 字段, where: 条件}}；"
            "count 只写表名，last 另写 before: 时间字段"
        )
        if not isinstance(raw, dict) or set(raw) - {*FUNCTIONS, "on", "where", "before"}:
            self.fault(line, shape)
        functions = [name for name in FUNCTIONS if name in raw]
        if len(functions) != 1 or not isinstance(raw.get("where", {}), dict):
            self.fault(line, shape)
        function = functions[0]
        table, _, column = str(raw[function]).partition(".")
        times = list(self._pairs(raw["before"], line)) if "before" in raw else []
        if (function == "count") == bool(column) or (function == "last") != (len(times) == 1):
            self.fault(line, shape)
        on = dict(self._pairs(raw.get("on"), line))
        before = times[0] if times else None
        return Aggregate(cast(Function, function), table, column or None, on, raw.get("where"), before)

    def _pairs(self, raw: object, line: int) -> Iterator[tuple[str, str]]:
        if isinstance(raw, str):
            yield raw, raw
        elif isinstance(raw, dict):
            yield from ((str(own), str(theirs)) for own, theirs in raw.items())
        elif isinstance(raw, Sequence):
            yield from ((str(name), str(name)) for name in raw)
        else:
            self.fault(line, "on、before 为字段、字段列表，或 {本表字段: 那张表的字段}")
