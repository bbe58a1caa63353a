"""How a platform scores data, as an edition's data: weights, deadlines, and what counts as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from medferry.catalog.files import CatalogFiles, edition_files
from medferry.catalog.model import Field, Table
from medferry.catalog.schedule import read_schedule
from medferry.errors import CatalogError


class Dimension(StrEnum):
    """What is scored; the order is the one of every table shown."""

    COVERAGE = "coverage"
    COMPLETENESS = "completeness"
    CONFORMITY = "conformity"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"


DIMENSION_ZH: Mapping[Dimension, str] = {
    Dimension.COVERAGE: "上传率",
    Dimension.COMPLETENESS: "完整性",
    Dimension.CONFORMITY: "规范性",
    Dimension.CONSISTENCY: "一致性",
    Dimension.TIMELINESS: "及时性",
}


@dataclass(frozen=True, slots=True)
class DirectoryField:
    """The directory of departments: its table, its code and its name."""

    table: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ScorePolicy:
    """The scoring of an edition, as a project may have changed it.

    weights          points of each dimension; taken in proportion
    deadlines        group of tables -> from the source's commit to the platform's receipt
    decay_deadlines  deadlines beyond the first after which a late row scores nothing
    backfill         whether rows older than their route's first run are judged for time
    day_field        names the business day of a row
    empty_values     texts that count as nothing, beside placeholder words
    codes            platform code of a finding -> dimension; others are of consistency
    assumed          依据待确认
    """

    weights: Mapping[Dimension, float]
    deadlines: Mapping[str, timedelta]
    decay_deadlines: float
    backfill: bool
    day_field: str
    department: DirectoryField
    empty_values: tuple[str, ...]
    codes: Mapping[str, Dimension]
    assumed: bool

    def department_field(self, table: Table) -> Field | None:
        """The field that says whose record it is; None for tables of nobody (patients, stock …)."""
        if table.name == self.department.table:
            return table.by_name.get(self.department.code)
        for field in table.fields:
            if field.key and (field.key.table, field.key.column) == (
                self.department.table,
                self.department.code,
            ):
                return field
        return None


def load_score_policy(edition: str = "jiangxi", overlay: Path | None = None) -> ScorePolicy:
    """The edition's own; raises CatalogError naming the file and what is wrong."""
    return read_score_policy(edition_files(edition, overlay)[1])


def read_score_policy(files: CatalogFiles) -> ScorePolicy:
    """Like `load_score_policy`, from given files."""
    import yaml

    path = files.path("score.yaml")
    try:
        data = yaml.load(files.text(path), Loader=yaml.CSafeLoader)
        return _policy(data, {name: one.deadline for name, one in read_schedule(files).items()})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CatalogError(
            "读取评分口径", file=f"{path}:{line}", expected="合法的 YAML", fix="检查缩进与冒号"
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogError(
            "读取评分口径",
            file=path,
            reason=f"{type(error).__name__} {error}",
            fix="照随程序附带的 score.yaml 补齐",
        ) from error


def _policy(data: Any, deadlines: Mapping[str, timedelta]) -> ScorePolicy:  # YAML: a wire
    weights = {one: float(data["weights"][one.value]) for one in Dimension}
    if min(weights.values()) < 0 or not sum(weights.values()):
        raise ValueError("weights 不小于 0，且不全为 0")
    place = data["department"]
    return ScorePolicy(
        weights=weights,
        deadlines=deadlines,
        decay_deadlines=float(data["timeliness"]["decay_deadlines"]),
        backfill=bool(data["timeliness"]["backfill"]),
        day_field=str(data["day"]),
        department=DirectoryField(str(place["table"]), str(place["code"]), str(place["name"])),
        empty_values=tuple(str(one) for one in data["empty_values"]),
        codes={str(code): Dimension(name) for name, codes in data["codes"].items() for code in codes},
        assumed=bool(data.get("assumed", True)),
    )
