"""What is missing or wrong, in words for the person who mends it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from medferry.catalog.model import Catalog, Field, FormatKind, Rule
from medferry.catalog.platform.answer_codes import AnswerCodes, ClientClass
from medferry.catalog.rules import HasRules
from medferry.catalog.score_policy import DIMENSION_ZH, Dimension
from medferry.score.judgement import MISSING, NO_PARENT, PLACEHOLDER
from medferry.score.points import NOT_READ

_FORMS: Mapping[FormatKind, str] = {
    FormatKind.DATE: "8 位日期，如 20260115",
    FormatKind.DATETIME: "日期时间，如 20260115T081000",
    FormatKind.TIME: "6 位时间，如 081000",
    FormatKind.LOGICAL: "T 或 F",
}
_FIXED: Mapping[str, str] = {
    MISSING: "必填而未填",
    PLACEHOLDER: "填了占位词（如“-”“无”“不详”），等于没填",
    NO_PARENT: "所属的上级记录还没有被平台接收（上级没有来，或不止一处要改）",
}
_NAME = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?(?![A-Za-z0-9_*])")
_NAME_LEAST = 4  # characters of a name looked for in other tables: shorter ones are units
_SIGNS = (
    (re.compile(r" *(?:>=|≥) *"), " ≥ "),
    (re.compile(r" *(?:<=|≤) *"), " ≤ "),
    (re.compile(r" in (?=\()"), " 属于 "),
    (re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"), ""),
)


class Wording:
    """Words of one edition and one dialect."""

    def __init__(self, catalog: Catalog, answers: AnswerCodes) -> None:
        self._catalog = catalog
        self._answers = answers

    def title(self, table: str) -> str:
        """As people call it; the data set in front where two tables share a name (门诊医嘱、手术)."""
        one = self._catalog.table(table)
        return f"{one.dataset_zh}-{one.title_zh}" if self._titles[one.title_zh] > 1 else one.title_zh

    def missing(
        self, table: str, *, dimension: Dimension, code: str, check: str, field: str, rule_id: str
    ) -> str:
        """One line: what is missing or wrong."""
        if dimension is Dimension.COVERAGE:
            return (
                "来源里有、账本里没有：没有抽到，或计数查询的口径不同"
                if check == NOT_READ
                else "已在账本、平台还没有收到：几处错在一起、等上级记录或在路上"
            )
        if dimension is Dimension.TIMELINESS:
            return "超过时限才被接收，或至今没有被接收"
        if rule_id and (rule := self._rule(table, rule_id)) is not None:
            return f"{self._in_words(table, rule.expression_zh)}（规则 {rule_id}）"
        if code in _FIXED:
            return _FIXED[code]
        known = self._answers.get(code)
        said = known.meaning_zh if known else f"{DIMENSION_ZH[dimension]}不合格（{code}）"
        wanted = self._wanted(self._catalog.table(table).by_name.get(field), code)
        return f"{said}：{wanted}" if wanted else said

    def is_for_it(self, code: str) -> bool:
        """A matter of mapping or code tables: whoever fills the screens cannot mend it."""
        known = self._answers.get(code)
        return known is not None and known.client_class is ClientClass.FIX_MAPPING

    def _wanted(self, field: Field | None, code: str) -> str:
        if field is None:
            return ""
        if code == "3003" and field.value_set:
            return f"应取 {field.value_set}《{self._catalog.value_set(field.value_set).title_zh}》中的代码"
        if code in ("3002", "3004", "3005"):
            form = _FORMS.get(field.format.kind, f"格式 {field.format.text}")
            return f"应为{form}" if field.format.kind in _FORMS else f"应合 {form}"
        return ""

    @cached_property
    def _titles(self) -> Mapping[str, int]:
        return Counter(self._catalog.table(name).title_zh for name in self._catalog.table_names)

    def _in_words(self, table: str, expression: str) -> str:
        """A rule's words with the Chinese names of tables and fields."""
        said = _NAME.sub(lambda found: self._name_zh(table, found[0]), expression)
        for sign, text in _SIGNS:
            said = sign.sub(text, said)
        return said.strip()

    def _name_zh(self, table: str, name: str) -> str:
        """A field of the table, a table, `table.field`, or a field of a table it points to, else of any; else as it is."""
        own = self._catalog.table(table)
        if name in own.by_name:
            return own.by_name[name].name_zh
        first, _, column = name.partition(".")
        known = self._catalog.table_names
        if first in known:
            other = self._catalog.table(first)
            if not column:
                return other.title_zh
            return f"{other.title_zh}的{other.by_name[column].name_zh}" if column in other.by_name else name
        if len(name) < _NAME_LEAST:
            return name
        near = [one.key.table for one in own.fields if one.key and one.key.table]
        fields = (self._catalog.table(one).by_name for one in (*near, *known))
        return next((by_name[name].name_zh for by_name in fields if name in by_name), name)

    def _rule(self, table: str, rule_id: str) -> Rule | None:
        """Words of a rule, where the edition has them."""
        rules = getattr(self._catalog, "rules", None)
        if not isinstance(self._catalog, HasRules) or not callable(rules):
            return None
        return next((one for one in rules(table) if one.rule_id == rule_id), None)
