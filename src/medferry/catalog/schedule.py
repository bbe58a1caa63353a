"""When each group of tables is read and by when it must have arrived: the edition's defaults, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from medferry.catalog.files import CatalogFiles, edition_files
from medferry.errors import CatalogError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"([1-9][0-9]*)([smhd])")
_DURATIONS = ("every", "overlap", "sweep_every", "window", "deadline")
_TEXTS = ("title_zh", "trigger_zh")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Defaults of a group of tables; a route may set its own.

    every        between two passes of the head loop
    at           wall time of the day the head loop starts at, or None
    overlap      how far the head loop reads back before its cursor
    sweep_every  between two passes of the sweep loop
    window       how far back the sweep loop reads
    deadline     from the source's commit to the platform's receipt
    assumed      依据待确认
    """

    group: str
    title_zh: str
    trigger_zh: str
    every: timedelta
    overlap: timedelta
    sweep_every: timedelta
    window: timedelta
    deadline: timedelta
    at: time | None = None
    assumed: bool = True


def parse_duration(text: str) -> timedelta:
    """`10s`, `5m`, `2h`, `30d`; raises ValueError (Chinese text) for anything else."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"时长 {text!r} 无法识别，应为整数加单位 s/m/h/d，如 10s、5m、2h、30d")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def load_schedule(edition: str = "jiangxi", overlay: Path | None = None) -> Mapping[str, Schedule]:
    """Group -> defaults, in the file's order; raises CatalogError naming file, group and field."""
    return read_schedule(edition_files(edition, overlay)[1])


def read_schedule(files: CatalogFiles) -> Mapping[str, Schedule]:
    """Like `load_schedule`, from given files."""
    import yaml

    path = files.path("schedule.yaml")
    try:
        data = yaml.load(files.text(path), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CatalogError(
            "读取时限表", file=f"{path}:{line}", expected="合法的 YAML", fix="检查缩进与冒号"
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("groups"), dict):
        raise CatalogError(
            "读取时限表", file=path, expected="有 groups", fix="照随程序附带的 schedule.yaml 补齐"
        )
    assumed = bool(data.get("assumed", True))
    return {str(name): _schedule(path, str(name), group, assumed) for name, group in data["groups"].items()}


def _schedule(path: Path, name: str, group: Any, assumed: bool) -> Schedule:  # YAML: a wire
    if not isinstance(group, dict):
        raise CatalogError("读取时限表", file=path, group=name, expected="组内有各项时限", fix="补齐各项")
    unknown = set(group) - {*_DURATIONS, *_TEXTS, "at"}
    missing = {*_DURATIONS, *_TEXTS} - set(group)
    if unknown or missing:
        raise CatalogError(
            "读取时限表", file=path, group=name, missing="、".join(sorted(missing)) or "无",
            unknown="、".join(sorted(map(str, unknown))) or "无", fix="补齐缺少的项，删去不认得的项",
        )  # fmt: skip
    try:
        spans = {key: parse_duration(group[key]) for key in _DURATIONS}
        at = time.fromisoformat(group["at"]) if "at" in group else None
    except (ValueError, TypeError) as error:
        raise CatalogError(
            "读取时限表",
            file=path,
            group=name,
            reason=str(error),
            fix='时长写作 10s、5m、2h、30d，at 写作 "01:00"',
        ) from error
    return Schedule(name, str(group["title_zh"]), str(group["trigger_zh"]), at=at, assumed=assumed, **spans)
