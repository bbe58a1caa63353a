"""Rows for the two judges: sound ones from the examples, broken in every way the catalog knows."""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "at_hand"))

from rule_cases import read_cases

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.catalog.model import Format, FormatKind, Table
from medferry.checks.conditions import THERE
from medferry.checks.moments import fields_read
from medferry.checks.rules import Rule, compile_rules

Row = dict[str, str]

ORG = "12360100A00000001X"
CATALOG: LoadedCatalog = load_catalog()
_CODES_MAX = 200
_NO_TEXTS = (
    "-",
    "无",
    "未知",
    "x",
    "９８",
    "A" * 300,
    "一\x00二",
    "�",
    "20260230",
    "20260115T240000",
    "1e5",
    "-1",
)
_CARDS = ("110105194912310021", "11010519491231002X", "999999199003070012", "13970001234", "1111111")
_BROKEN = (*_NO_TEXTS, *_CARDS, "0", "99Z", "T", "F", "1", "2", "3", "9")
_NUMBERS = ["0", "1", "-1", "0.01", "1.5", "7", "10", "36.5", "60", "100", "120", "150", "999"]
_DAYS = ["19500101", "19900307", "20080229", "20151231", "20240101", "20240305", "20240306", "20250610"]
_TIMES = [day + "T" + time for day in _DAYS for time in ("000000", "081500", "081501", "155000", "235959")]


@cache
def rules_of(table: str) -> tuple[Rule, ...]:
    """The catalog's rules of a table that the fields' own checks do not already judge."""
    return tuple(rule for rule in compile_rules(CATALOG.table(table), CATALOG)[0] if not rule.spec.by_engine)


@cache
def read_by_rules(table: str) -> tuple[str, ...]:
    """The table's own fields that its rules read: where breaking a row tells most."""
    names: dict[str, None] = {}
    for rule in rules_of(table):
        names |= dict.fromkeys((rule.spec.field, *fields_read([rule.verdict])))
        for look in rule.spec.looks.values():
            names |= dict.fromkeys(look.on)
    own = CATALOG.table(table).by_name
    return tuple(dict.fromkeys(name.partition(".")[0] for name in names if name.partition(".")[0] in own))


@cache
def read_together(table: str) -> tuple[tuple[str, ...], ...]:
    """Per rule the table's own fields that it reads."""
    own = CATALOG.table(table).by_name
    return tuple(
        tuple(name for name in fields_read([rule.verdict]) if name in own) for rule in rules_of(table)
    )


@cache
def read_by_others(table: str) -> tuple[str, ...]:
    """Fields that rules of any table read of this one."""
    names: dict[str, None] = {}
    for other in CATALOG.table_names:
        for rule in rules_of(other):
            for pointer, column in rule.pointers:
                key = CATALOG.table(other).by_name[pointer].key
                if key is not None and key.table == table and column != THERE:
                    names[column] = None
            for look in rule.spec.looks.values():
                if look.table == table:
                    names |= dict.fromkeys([*look.on.values(), *([look.column] if look.column else [])])
                    names |= dict.fromkeys(_named(look.where or {}))
    own = CATALOG.table(table).by_name
    return tuple(name for name in names if name in own and name != "org_code")


def _named(spec: object) -> Iterable[str]:
    if isinstance(spec, Mapping):
        for name, test in spec.items():
            yield str(name)
            yield from _named(test)
    elif isinstance(spec, list):
        for one in spec:
            yield from _named(one)


@cache
def examples(table: str) -> tuple[Mapping[str, str], ...]:
    """The example rows, and rows as the cases of rules of any table describe them, laid over an example row."""
    path = CATALOG.files.find(f"tables/{table}/example.csv")
    assert path is not None, f"{table} has no example rows"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{name: text for name, text in row.items() if text} for row in csv.DictReader(file)]
    for described in _described().get(table, ()):
        laid = {**rows[0], **described}
        rows.append({name: text for name, text in laid.items() if text})
    return tuple(rows)


@cache
def _described() -> Mapping[str, Sequence[Mapping[str, str | None]]]:
    """Table -> rows that cases of rules describe, of their own table and of those beside it, each once."""
    found: dict[str, list[Mapping[str, str | None]]] = defaultdict(list)
    for table in CATALOG.table_names:
        for cases in read_cases(CATALOG.table(table), CATALOG).values():
            for case in cases:
                beside = {**case.frames, table: [case.row, *case.batch, *case.frames.get(table, ())]}
                for name, rows in beside.items():
                    found[name] += (row for row in rows if row not in found[name])
    return found


@cache
def known_texts(table: str, field: str) -> tuple[str, ...]:
    """Texts that a field may hold: codes of its list, true and false, and what examples and cases hold."""
    texts = {row[field] for row in examples(table) if field in row}
    words = CATALOG.table(table).by_name[field]
    texts |= {"T", "F"} if words.format.kind is FormatKind.LOGICAL else set()
    value_set = words.value_set
    codes = sorted(CATALOG.value_set(value_set).codes) if value_set else []
    step = max(1, len(codes) // _CODES_MAX)
    return (*sorted(texts), *codes[::step])


class Drawer:
    """Draws rows with one seed."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def rows(
        self,
        table: str,
        count: int,
        keys: Mapping[str, Sequence[str]],
        parents: Mapping[str, Sequence[Row]] | None = None,
    ) -> list[Row]:
        """`count` rows with keys of their own; the fields in `keys` take one of these texts, pointing ones always.

        parents  records that pointing fields may name: most rows then repeat what rules want repeated
        """
        words = CATALOG.table(table)
        held = {
            name: {row[CATALOG.table(name).key_field]: row for row in rows}
            for name, rows in (parents or {}).items()
        }
        drawn = [self._row(words, keys, held) for _ in range(count)]
        used: set[str] = set()
        for number, row in enumerate(drawn):
            row[words.key_field] = self._key(words, row, number, used)
        return [{name: text for name, text in row.items() if text} for row in drawn]

    def _key(self, table: Table, row: Row, number: int, used: set[str]) -> str:
        """A key that no row before has: where rules read what keys are made of, often the drawn one, a little off."""
        rng = self._rng
        key, plain = row.get(table.key_field, ""), f"{table.name[:4]}{number}"
        free = bool(key) and not key.startswith(table.name[:4])
        if free and table.key_field in read_by_rules(table.name) and rng.random() < 0.3:
            place = rng.randrange(len(key))
            key = rng.choice((key, key[:place] + rng.choice("0123456789AB") + key[place + 1 :]))
            if key not in used and not key.startswith(table.name[:4]):
                used.add(key)
                return key
        return plain

    def _row(
        self,
        table: Table,
        keys: Mapping[str, Sequence[str]],
        held: Mapping[str, Mapping[str, Row]],
    ) -> Row:
        rng = self._rng
        row = dict(rng.choice(examples(table.name)))
        for field, texts in keys.items():
            if table.by_name[field].key is not None or rng.random() < 0.6:
                row[field] = rng.choice(texts if rng.random() < 0.5 else texts[:2])
        if rng.random() < 0.8:
            _repeat(table, row, held)
        telling = (*read_by_rules(table.name), *read_by_others(table.name))
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 5))):
            field = rng.choice(telling) if telling and rng.random() < 0.85 else rng.choice(table.field_names)
            row[field] = self._text(table, field, row)
        if rng.random() < 0.1 and (together := read_together(table.name)):
            row |= dict.fromkeys(rng.choice(together), "")
        row["org_code"] = ORG
        if rng.random() < 0.9:
            row["record_status"] = "1"
        return row

    def _text(self, table: Table, field: str, row: Row) -> str:
        rng = self._rng
        form = table.by_name[field].format
        kind = form.kind
        draw = rng.random()
        if draw < 0.2:
            return ""
        if draw < 0.3:
            return rng.choice(_BROKEN)
        texts = known_texts(table.name, field)
        if texts and draw < 0.7:
            return rng.choice(texts)
        same = [text for name, text in row.items() if table.by_name[name].format.kind is kind]
        if same and draw < 0.85:
            return self._near(form, rng.choice(same))
        return self._plain(form, texts)

    def _plain(self, form: Format, texts: Sequence[str]) -> str:
        rng = self._rng
        plain = {FormatKind.DATETIME: _TIMES, FormatKind.DATE: _DAYS, FormatKind.NUMBER: _NUMBERS}.get(
            form.kind
        )
        if plain is None:
            return rng.choice(texts) if texts else rng.choice(_BROKEN)
        text = rng.choice(plain)
        return f"{float(text):.{form.scale}f}" if form.scale and rng.random() < 0.9 else text

    def _near(self, form: Format, text: str) -> str:
        """The same text, or a number a little off: equalities and limits are told apart only nearby."""
        rng = self._rng
        if form.kind is FormatKind.NUMBER and text.replace(".", "", 1).isdigit() and len(text) < 12:
            off = rng.choice((0, 0, 1, -1, 0.01, 0.02, 10))
            return f"{float(text) + off:.{form.scale}f}"
        return text


def pointer_texts(table: str, size: int) -> dict[str, list[str]]:
    """For each pointing field the keys of `size` records, so that rows find each other."""
    words = CATALOG.table(table)
    return {
        field.name: [f"{field.key.table[:4]}{n}" for n in range(size)]
        for field in words.fields
        if field.key is not None and field.key.table is not None and field.name != words.key_field
    }


@cache
def joining_texts(table: str) -> dict[str, list[str]]:
    """Few texts, the same on both sides, for fields that rules join rows by without a pointer."""
    found: dict[str, list[str]] = {}
    for other in CATALOG.table_names:
        for look in (look for rule in rules_of(other) for look in rule.spec.looks.values()):
            for own, theirs in look.on.items():
                shared = sorted({*known_texts(other, own)[:3], *known_texts(look.table, theirs)[:3]})
                for side, name in ((other, own), (look.table, theirs)):
                    if side == table and CATALOG.table(table).by_name[name].key is None:
                        found[name] = sorted({*found.get(name, ()), *shared})
    return found


def _repeat(table: Table, row: Row, held: Mapping[str, Mapping[str, Row]]) -> None:
    """Fills in what rules want to be the same as in the records that the row names."""
    for rule in rules_of(table.name):
        args = rule.spec.args
        pointer, _, column = str(args.get("other", "")).partition(".")
        if rule.spec.check != "same" or not column or pointer not in table.by_name:
            continue
        key = table.by_name[pointer].key
        named = held.get(key.table or "", {}).get(row.get(pointer, "")) if key is not None else None
        if named is not None and str(args["field"]) in table.by_name and column in named:
            row[str(args["field"])] = named[column]
