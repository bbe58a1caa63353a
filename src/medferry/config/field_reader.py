"""One field of a mapping file: a column name, or a block that says where the value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from medferry.catalog.model import Catalog, Field
from medferry.config.code_files import CodeFile
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Node, Scalar
from medferry.config.not_stated import check_constant, check_default
from medferry.config.verb_arguments import read_verbs
from medferry.mapping.model import FieldMapping, Guard, Lookup, VerbCall
from medferry.mapping.verbs import VERBS

_INPUTS = ("column", "columns", "first_of", "constant", "lookup")
KEYS = (*_INPUTS, "because", "on", "take", "verbs", "codes", "default", "when")
GUARD_KEYS = ("column", "is", "is_not", "filled")


@dataclass(slots=True)
class FieldReader:
    """lookup_tables: those that the route's campus has. code_uses: (code table, value sets) pairs seen."""

    reading: NodeReader
    catalog: Catalog
    codes: Mapping[str, CodeFile]
    lookup_tables: tuple[str, ...]
    code_uses: set[tuple[str, tuple[str, ...]]]

    def field(self, field: Field, node: Node) -> FieldMapping | None:
        """None after a complaint."""
        if isinstance(node, Scalar):
            column = self.reading.text(node, f"{field.name} 的来源列")
            return FieldMapping(field.name, columns=(column,)) if column else None
        entries = self.reading.block(node, f"字段 {field.name} ", KEYS)
        values = {key: one.value for key, one in entries.items()}
        inputs = [key for key in _INPUTS if key in values]
        if len(inputs) > 1 or not (inputs or "default" in values):
            self.reading.complaints.error(
                node.place,
                f"字段 {field.name} 应恰有一个来源，现有 {len(inputs)} 个",
                expected="、".join(_INPUTS) + " 之一",
            )
            return None
        verbs = read_verbs(values["verbs"], self.reading) if "verbs" in values else ()
        columns, verbs = self._columns(field, values, verbs, node)
        return FieldMapping(
            name=field.name,
            columns=columns,
            constant=self._constant(field, values),
            lookup=self._lookup(values, node),
            verbs=verbs,
            codes=self._codes(field, values),
            default=self._default(field, values),
            when=self.guard(values["when"]) if "when" in values else None,
        )

    def _columns(
        self, field: Field, values: Mapping[str, Node], verbs: tuple[VerbCall, ...], node: Node
    ) -> tuple[tuple[str, ...], tuple[VerbCall, ...]]:
        if "column" in values:
            column = self.reading.text(values["column"], f"{field.name} 的 column")
            return ((column,) if column else ()), verbs
        if "first_of" in values:
            columns = self.reading.texts(values["first_of"], f"{field.name} 的 first_of")
            return columns or (), (VerbCall("first_of"), *verbs)
        if "columns" not in values:
            return (), verbs
        several = self.reading.texts(values["columns"], f"{field.name} 的 columns") or ()
        wanted = isinstance(values.get("verbs"), Scalar) or bool(verbs)
        if len(several) > 1 and (not wanted or (verbs and not VERBS[verbs[0].name].makes_one)):
            makers = "、".join(sorted(name for name, one in VERBS.items() if one.makes_one))
            self.reading.complaints.error(
                node.place, f"字段 {field.name} 有多列，第一个动词必须把它们合成一个", expected=makers
            )
        return several, verbs

    def _constant(self, field: Field, values: Mapping[str, Node]) -> str | None:
        if "constant" not in values:
            if "because" in values:
                self.reading.complaints.error(values["because"].place, "because 只用于 constant")
            return None
        constant = self.reading.text(values["constant"], f"{field.name} 的 constant")
        because = (
            self.reading.text(values["because"], f"{field.name} 的 because") if "because" in values else None
        )
        if constant is not None:
            check_constant(
                field,
                self.catalog,
                constant,
                because=because,
                place=values["constant"].place,
                complaints=self.reading.complaints,
            )
        return constant

    def _lookup(self, values: Mapping[str, Node], node: Node) -> Lookup | None:
        if "lookup" not in values:
            for key in ("on", "take"):
                if key in values:
                    self.reading.complaints.error(values[key].place, f"{key} 只用于 lookup")
            return None
        for key in ("on", "take"):
            if key not in values:
                self.reading.complaints.error(
                    node.place, f"lookup 缺少 {key}", expected="on: {来源列: 表列}，take: 表列"
                )
        table = self.reading.one_of(values["lookup"], "对照表", self.lookup_tables)
        on = self.reading.pairs(values["on"], "lookup 的 on") if "on" in values else None
        take = self.reading.text(values["take"], "lookup 的 take") if "take" in values else None
        return Lookup(table, on, take) if table and on and take else None

    def _codes(self, field: Field, values: Mapping[str, Node]) -> str | None:
        if "codes" not in values:
            return None
        name = self.reading.one_of(values["codes"], "代码表（codes/*.csv）", self.codes)
        if name and field.value_set:
            self.code_uses.add((name, field.value_sets))
        return name

    def _default(self, field: Field, values: Mapping[str, Node]) -> str | None:
        if "default" not in values:
            return None
        code = self.reading.text(values["default"], f"{field.name} 的 default")
        if code is not None:
            check_default(field, self.catalog, code, values["default"].place, self.reading.complaints)
        return code

    def guard(self, node: Node) -> Guard | None:
        """`when: {column: X, is: [...]}`."""
        entries = self.reading.block(node, "条件 when ", GUARD_KEYS, required=("column",))
        values = {key: one.value for key, one in entries.items()}
        if "column" not in values:
            return None
        if not {"is", "is_not", "filled"} & set(values):
            self.reading.complaints.error(node.place, "条件 when 没有写条件", expected="is、is_not 或 filled")
            return None
        column = self.reading.text(values["column"], "条件 when 的 column")
        is_ = self.reading.texts(values["is"], "条件 when 的 is") if "is" in values else ()
        is_not = self.reading.texts(values["is_not"], "条件 when 的 is_not") if "is_not" in values else ()
        filled = self.reading.boolean(values["filled"], "条件 when 的 filled") if "filled" in values else None
        if column is None or is_ is None or is_not is None:
            return None
        return Guard(column, is_, is_not, filled)
