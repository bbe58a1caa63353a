"""Lint of the lists by the words of the fields that use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from medferry.catalog.field_words import codes_said
from medferry.catalog.findings import Findings
from medferry.catalog.lint_tables import FieldLine


def lint_words(
    findings: Findings, fields: Iterable[FieldLine], names: Mapping[str, Mapping[str, str]]
) -> None:
    """The codes that a field's words name are in its lists, and mean the same there.

    names  of the fields' value sets: code -> name, those valid beside it included; lists without codes are left out
    """
    for line in fields:
        field = line.field
        known: dict[str, str] = {}
        for set_id in field.value_sets:
            known |= names.get(set_id, {})
        said = codes_said(field.description_zh) if known else {}
        missing = [code for code in said if code not in known]
        if missing:
            text = f"字段 {field.name} 的说明列出代码 {'、'.join(missing)}，值域 {'、'.join(field.value_sets)} 里没有"
            findings.warning(line.row, "words_code_missing", text, "补进值域，或换成说明所指的值域")
        differ = [code for code, name in said.items() if code in known and not _alike(name, known[code])]
        if differ and len(differ) * 2 >= len(said):
            text = f"字段 {field.name} 的说明与值域 {field.value_set} 对代码 {'、'.join(differ)} 的说法不同"
            findings.warning(line.row, "words_name_differs", text, "换成说明所指的值域，或改正清单")


def _alike(said: str, listed: str) -> bool:
    """Whether two names have a character in common; nothing said is no contradiction."""
    return not said or bool(set(said) & set(listed))
