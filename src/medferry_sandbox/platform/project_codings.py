"""The platform's own reader of a project's `codings:`: which editions of a list each campus of the hospital codes by.

A record's campus is told by its organisation, and by the front of its key where several share one.
It trusts that `medferry lint` found the file sound, and complains only of what it cannot read or does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from medferry.errors import ConfigError
from medferry_sandbox.platform.standard import Standard


@dataclass(frozen=True)
class CampusStandard:
    """A campus and the standard as it codes. prefix: the front of its keys, empty where it shares its org_code with none"""

    org_code: str
    prefix: str
    standard: Standard


@dataclass(frozen=True)
class ProjectCodings:
    """Nothing, where the platform was given no project, or one that says nothing."""

    campuses: tuple[CampusStandard, ...] = ()

    def standard_of(self, org_code: str, key: str) -> Standard | None:
        """How a record is judged; None: as the standard says it."""
        for one in self.campuses:
            if one.org_code == org_code and key.startswith(one.prefix):
                return one.standard
        return None


def read_project_codings(path: Path, standard: Standard) -> ProjectCodings:
    """`codings:` of a project's medferry.yaml; raises ConfigError with every complaint."""
    try:
        page = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506 - texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            "读取项目的 codings", fix="检查文件是否存在、是否为 UTF-8 编码的 YAML", file=str(path)
        ) from error
    codings = page.get("codings") if isinstance(page, dict) else None
    campuses = page.get("campuses") if isinstance(page, dict) else None
    if not codings:
        return ProjectCodings()
    complaints: list[str] = []
    if not isinstance(codings, dict) or not isinstance(campuses, dict):
        complaints.append("codings、campuses 应写成若干行“键: 值”")
        codings, campuses = {}, {}
    said = {name: dict(_of_campus(name, codings, standard, complaints)) for name in campuses}
    if complaints:
        raise ConfigError(
            "读取项目的 codings",
            fix="；".join(dict.fromkeys(complaints)) + "；先运行 medferry lint",
            file=str(path),
            complaints=len(complaints),
        )
    return ProjectCodings(
        tuple(
            CampusStandard(
                str(campuses[name].get("org_code") or ""),
                str(campuses[name].get("prefix") or ""),
                standard.agreed(instead),
            )
            for name, instead in said.items()
            if instead and isinstance(campuses[name], dict)
        )
    )


def _of_campus(
    campus: str, codings: Mapping[str, Any], standard: Standard, complaints: list[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(list, the editions valid in its place)."""
    for set_id, value in codings.items():
        asked = value.get(campus) if isinstance(value, dict) else value
        if asked is None:
            continue
        editions = (asked,) if isinstance(asked, str) else tuple(asked) if isinstance(asked, list) else ()
        unknown = [
            one for one in (set_id, *editions) if not isinstance(one, str) or not standard.has_list(one)
        ]
        if unknown or not editions:
            complaints.append(f"{set_id} 看不懂" if not unknown else f"没有值域 {unknown[0]}")
        else:
            yield set_id, editions
