"""medferry.yaml `checks:`: what this project raises to holding, or lowers to a warning, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medferry.catalog.model import Catalog
from medferry.catalog.rules import HasRules, rule_book_of
from medferry.checks.overrides import WISHES, Override, Wish
from medferry.config.complaint import Place
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Entry, Listing, Node, Scalar

if TYPE_CHECKING:
    from medferry.checks.policy import Judged

KEYS = WISHES
ENTRY_KEYS = ("rule", "check", "table", "field", "reason", "author", "date")
_SHAPE = "- {rule: 规则编号, reason: 理由}，或 - {check: 校验, table: 表, field: 字段, reason: 理由}"


def read_checks(
    node: Node, catalog: Catalog, waived: Collection[tuple[str, str]], reading: NodeReader
) -> tuple[Override, ...]:
    """The `checks:` block; a wrong entry is complained of and changes nothing."""
    blocks = reading.block(node, "checks ", KEYS)
    reader = _ChecksReader(catalog, frozenset(waived), reading, {}, {})
    for wish in WISHES:
        if wish not in blocks:
            continue
        entries = blocks[wish].value
        if not isinstance(entries, Listing):
            reading.complaints.error(entries.place, f"checks 的 {wish} 应为列表", expected=_SHAPE)
            continue
        for one in entries.items:
            reader.read(wish, one)
    return tuple(reader.found.values())


@dataclass(frozen=True, slots=True)
class _ChecksReader:
    """`found`: what was read so far, by table and key."""

    catalog: Catalog
    waived: frozenset[tuple[str, str]]
    reading: NodeReader
    found: dict[tuple[str, str], Override]
    judged: dict[str, Sequence[Judged]]

    def read(self, wish: Wish, node: Node) -> None:
        complaints = self.reading.complaints
        if isinstance(node, Scalar):
            complaints.error(node.place, f"checks 的 {wish} 每一项要写明是什么、为什么", expected=_SHAPE)
            return
        before = len(complaints.all)
        entries = self.reading.block(node, f"checks 的 {wish} ", ENTRY_KEYS, required=("reason",))
        if "reason" not in entries or len(complaints.all) > before:
            return
        texts = {
            key: self.reading.text(one.value, f"checks 的 {wish} 的 {key}") for key, one in entries.items()
        }
        if None in texts.values():
            return
        if ("rule" in entries) == ("check" in entries):
            complaints.error(node.place, "写明 rule（规则）或 check（校验）之一", expected=_SHAPE)
            return
        targets = self._of_rule(entries) if "rule" in entries else self._of_check(entries)
        if targets:
            self._take(wish, targets, texts["reason"] or "", node.place)

    def _take(self, wish: Wish, targets: Sequence[Judged], reason: str, place: Place) -> None:
        complaints = self.reading.complaints
        if wish == "warn" and (fixed := [one for one in targets if one.fixed]):
            targets = [one for one in targets if not one.fixed]
            if not targets:
                complaints.error(
                    place,
                    f"{_named(fixed[0])} 不能改为只提醒：值写不进字段的格式、或认不出是哪条记录的行，送不出去",
                    fix="改映射或改源数据；删去这一项",
                )
                return
        if wish == "hold" and all(one.holds for one in targets):
            complaints.warning(place, f"{_named(targets[0])} 本来就扣留，这一项多余", fix="删去这一项")
        if wish == "warn" and not any(one.holds for one in targets):
            complaints.warning(place, f"{_named(targets[0])} 本来就只提醒，这一项多余", fix="删去这一项")
        for one in targets:
            if wish == "hold" and one.check == "required" and (one.table, one.field) in self.waived:
                text = f"{one.table}.{one.field} 在 waivers.yaml 里已豁免必填，又要缺了就扣留"
                complaints.error(place, text, fix="两处只留一处")
                continue
            made = Override(wish, one.table, one.field, one.check, reason, one.rule_id)
            first = self.found.setdefault((one.table, made.key), made)
            if first is not made:
                again = "重复" if first.wish == wish else "既在 hold 又在 warn"
                complaints.error(place, f"{_named(one)} {again}", fix="只留一处")

    def _of_rule(self, entries: Mapping[str, Entry]) -> Sequence[Judged]:
        node = entries["rule"].value
        tables = self._tables(entries)
        if tables is None or not isinstance(self.catalog, HasRules):
            return ()
        known = {
            rule: name
            for name in tables or self.catalog.table_names
            for rule in self.catalog.severities(name)
        }
        rule = self.reading.one_of(node, "规则", known)
        if rule is None:
            return ()
        mine = [one for one in self._judged(known[rule]) if one.rule_id == rule]
        if not mine:
            self.reading.complaints.error(node.place, f"规则 {rule} {self._why_not(known[rule], rule)}")
            return ()
        if "field" in entries:  # a rule over several fields may be found at any of them
            place = entries["field"].key.place
            self.reading.complaints.error(place, "规则是整条改的，不分字段", fix="删去 field")
            return ()
        return mine

    def _of_check(self, entries: Mapping[str, Entry]) -> Sequence[Judged]:
        tables = self._tables(entries)
        if tables is None:
            return ()
        if not tables:
            place = entries["check"].value.place
            self.reading.complaints.error(
                place, "check 要写明 table（表），或 field: 表.字段", expected=_SHAPE
            )
            return ()
        mine = [one for one in self._judged(tables[0]) if one.rule_id is None]
        if "field" in entries:
            names = self.catalog.table(tables[0]).field_names
            field = self._field(entries["field"].value, tables[0], names)
            if field is None:
                return ()
            mine = [one for one in mine if one.field == field]
            what = f"{tables[0]}.{field} 的校验"
        else:
            what = f"{tables[0]} 的校验"
        check = self.reading.one_of(
            entries["check"].value, what, list(dict.fromkeys(one.check for one in mine))
        )
        together = {"characters", "destroyed"}  # the platform answers both with one code
        asked = together if check in together else {check}
        return [one for one in mine if one.check in asked]

    def _tables(self, entries: Mapping[str, Entry]) -> Sequence[str] | None:
        """The table that is named, none where none is; None after a complaint."""
        node = entries["table"].value if "table" in entries else None
        field = entries["field"].value if "field" in entries else None
        if node is not None:
            name = self.reading.one_of(node, "标准表", self.catalog.table_names)
        elif isinstance(field, Scalar) and "." in field.text:
            name = field.text.partition(".")[0]
            if name not in self.catalog.table_names:
                self.reading.complaints.unknown(field.place, "标准表", name, self.catalog.table_names)
                name = None
        else:
            return ()
        return None if name is None else (name,)

    def _field(self, node: Node, table: str, known: Collection[str]) -> str | None:
        if isinstance(node, Scalar) and node.text.startswith(f"{table}."):
            node = Scalar(node.place, node.text.partition(".")[2], from_environment=node.from_environment)
        return self.reading.one_of(node, f"{table} 的字段", list(dict.fromkeys(known)))

    def _judged(self, table: str) -> Sequence[Judged]:
        if table not in self.judged:
            from medferry.checks.policy import judged_by
            from medferry.checks.table_checks import compile_checks

            self.judged[table] = tuple(judged_by(compile_checks(self.catalog.table(table), self.catalog, {})))
        return self.judged[table]

    def _why_not(self, table: str, rule: str) -> str:
        book = rule_book_of(self.catalog, table)
        entries = [one for one in book.entries if one.rule_id == rule]
        if any(one.by_engine for one in entries):
            return "由字段的校验代判，改写成 check（如 required、value_set）加 table、field"
        if not entries or not book.active:
            return "只有文字，程序没有判断它，改不了"
        return "要看别的记录才能判断，只在复核里报，扣留不了"


def _named(one: Judged) -> str:
    return (
        f"规则 {one.rule_id}（{one.table}.{one.field}）"
        if one.rule_id
        else f"{one.table}.{one.field} 的 {one.check}"
    )
