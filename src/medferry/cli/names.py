"""Names on screens: what people call a table, a field, a campus or a rule, with the name that files and the platform use."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medferry.config import Project


class Names:
    """Of one project. A name that the project no longer knows stands for itself: the ledger is older than its settings."""

    def __init__(self, project: Project) -> None:
        from medferry.catalog.platform.answer_codes import load_answer_codes
        from medferry.score.words import Wording

        catalog = project.catalog
        self._tables = {name: catalog.table(name) for name in catalog.table_names}
        self._titles = Counter(one.title_zh for one in self._tables.values())
        self._answers = load_answer_codes()
        self._wording = Wording(catalog, self._answers)
        self._campuses = {one.id: one.name_zh for one in project.campuses.values()}

    def table(self, name: str) -> str:
        """中文名（english_name）; the data set in front where two tables share a title (门诊医嘱、手术)."""
        known = self._tables.get(name)
        if known is None:
            return name
        data_set = f"{known.dataset_zh}-" if self._titles[known.title_zh] > 1 else ""
        return f"{data_set}{known.title_zh}（{name}）"

    def field(self, table: str, name: str) -> str:
        """中文名（english_name）; "" for no field."""
        known = self._tables.get(table)
        field = known.by_name.get(name) if known else None
        return f"{field.name_zh}（{name}）" if field else name

    def campus(self, campus: str) -> str:
        return self._campuses.get(campus, campus)

    def rule(self, table: str, rule_id: str, *, check: str, code: str, field: str) -> str:
        """What a rule finds wrong, in words; without a rule, what the code means."""
        from medferry.catalog.score_policy import Dimension

        said = self._wording.missing(
            table, dimension=Dimension.CONSISTENCY, code=code, check=check, field=field, rule_id=rule_id
        )
        return said.removesuffix(f"（规则 {rule_id}）")

    def answer(self, code: str) -> str:
        """What the platform means by a code; "" for one that its table does not have."""
        known = self._answers.get(code)
        return known.meaning_zh if known else ""

    def place(self, table: str) -> tuple[int, str]:
        """Sorts tables as the standard does."""
        known = self._tables.get(table)
        return (known.no if known else len(self._tables) + 1, table)
