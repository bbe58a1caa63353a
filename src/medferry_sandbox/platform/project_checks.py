"""The platform's own reader of a project's `checks:`: what it refuses for this hospital beyond the standard, and what
it lets pass.

It trusts that `medferry lint` found the file sound, and complains only of what it cannot read or does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from medferry.errors import ConfigError
from medferry_sandbox.platform.findings import BROKEN, ERROR, MISSING, WARNING, Finding
from medferry_sandbox.platform.standard import Standard

_CODES: Final[Mapping[str, str]] = {
    "required": MISSING, "letters": "3002", "value_set": "3003", "scale": "3005", "id_card": "3006",
    "placeholder": "3007", "characters": "3008", "destroyed": "3008", "not_before": BROKEN,
}  # fmt: skip
"""Check -> the code of what it finds. The others say what cannot be sent at all."""
_ALWAYS_REFUSED: Final = ("format", "length", "range", "one_version")

_NO_RULES: Final = ("R", "C", "updated_at")
"""What stands in the place of a rule's id where a field alone is judged."""

_Place = tuple[str, str, str]
"""(rule, "", "") or (table, code, field); without a field it is all of them."""


@dataclass(frozen=True)
class ProjectChecks:
    """Nothing, where the platform was given no project."""

    severities: Mapping[_Place, str] = field(default_factory=dict)

    def of_absence(self, table: str, name: str) -> str | None:
        return self._asked(table, MISSING, name)

    def applied(self, table: str, found: Finding, *, fixed: bool = False) -> Finding:
        """The finding as severe as it was agreed. fixed: nobody can let it pass."""
        by_rule = found.code in (MISSING, BROKEN) and found.rule not in _NO_RULES
        first, code = (found.rule, "") if by_rule else (table, found.code)
        asked = self._asked(first, code, found.field)
        if asked is None or (fixed and asked == WARNING):
            return found
        return found._replace(severity=asked)

    def _asked(self, first: str, code: str, name: str) -> str | None:
        return self.severities.get((first, code, name)) or self.severities.get((first, code, ""))


def read_project_checks(path: Path, standard: Standard) -> ProjectChecks:
    """`checks:` of a project's medferry.yaml; raises ConfigError with every complaint."""
    try:
        page = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            "读取项目的 checks", fix="检查文件是否存在、是否为 UTF-8 编码的 YAML", file=str(path)
        ) from error
    checks = page.get("checks") or {} if isinstance(page, dict) else {}
    severities: dict[_Place, str] = {}
    complaints: list[str] = []
    for wish, severity in (("hold", ERROR), ("warn", WARNING)):
        for position, entry in enumerate(checks.get(wish) or () if isinstance(checks, dict) else (), start=1):
            places = list(_places(entry, standard))
            severities |= dict.fromkeys(places, severity)
            if not places:
                complaints.append(f"{wish} 第 {position} 项看不懂")
    if complaints:
        raise ConfigError(
            "读取项目的 checks",
            fix="；".join(complaints) + "；先运行 medferry lint",
            file=str(path),
            complaints=len(complaints),
        )
    return ProjectChecks(severities)


def _places(entry: Any, standard: Standard) -> Iterator[_Place]:
    """What an entry names; nothing where the standard does not have it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("reason"), str):
        return
    table, name = str(entry.get("table") or ""), str(entry.get("field") or "")
    if "." in name:
        table, _, name = name.partition(".")
    if "rule" in entry:
        rule = str(entry["rule"])
        if any(rule in standard.severities(one) for one in standard.table_names):
            yield rule, "", ""
        return
    check = str(entry.get("check"))
    if table not in standard.table_names or (name and name not in standard.table(table).by_name):
        return
    if check in _CODES:
        yield table, _CODES[check], name
    elif check in _ALWAYS_REFUSED:
        yield table, check, name
