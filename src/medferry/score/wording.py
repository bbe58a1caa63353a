"""What is missing or wrong, in words for the person who mends it."""

from __future__ import annotations

from collections.abc import Mapping

from medferry.catalog.model import Catalog, Field, FormatKind, Rule
from medferry.catalog.platform.answer_codes import AnswerCodes, ClientClass
from medferry.catalog.rules import HasRules
from medferry.catalog.scoring import DIMENSION_ZH, Dimension
from medferry.score.judging import MISSING, NO_PARENT, PLACEHOLDER

_FORMS: Mapping[FormatKind, str] = {
    FormatKind.DATE: "8 位日期，如 20260115",
    FormatKind.DATETIME: "日期时间，如 20260115T081000",
    FormatKind.TIME: "6 位时间，如 081000",
    FormatKind.LOGICAL: "T 或 F",
}
_FIXED: Mapping[str, str] = {
    MISSING: "必填而未填",
    PLACEHOLDER: "填了占位词（如“-”“无”“不详”），等于没填",
    NO_PARENT: "所属的上级记录还没有被平台接收",
}


class Wording:
    """Words of one edition and one dialect."""

    def __init__(self, catalog: Catalog, answers: AnswerCodes) -> None:
        self._catalog = catalog
        self._answers = answers

    def missing(self, table: str, *, dimension: Dimension, code: str, field: str, rule_id: str) -> str:
        """One line: what is missing or wrong."""
        if dimension is Dimension.COVERAGE:
            return "平台还没有收到的记录"
        if dimension is Dimension.TIMELINESS:
            return "超过时限才被接收，或至今没有被接收"
        if rule_id and (rule := self._rule(table, rule_id)) is not None:
            return f"{rule_id}：{rule.expression_zh}"
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

    def _rule(self, table: str, rule_id: str) -> Rule | None:
        """Words of a rule, where the edition has them."""
        rules = getattr(self._catalog, "rules", None)
        if not isinstance(self._catalog, HasRules) or not callable(rules):
            return None
        return next((one for one in rules(table) if one.rule_id == rule_id), None)
