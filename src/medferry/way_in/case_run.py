"""Runs a project's cases: given rows through mapping and checks, compared with what the case expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from medferry.canonical import key_hash
from medferry.checks.holding import ORG_CODE
from medferry.config.case_files import Case, ColumnType, Row
from medferry.config.model import Project, Route
from medferry.errors import MedferryError
from medferry.way_in.trial import Trial, try_rows

_MISSING = "（缺失）"


def run_case(project: Project, case: Case) -> list[str]:
    """What differs, one Chinese line each; empty when the case is green."""
    route = project.route(case.route)
    try:
        raw = _typed(case.rows, _named_columns(project, route), case.types)
        lookup_tables = {name: _typed(rows, (), {}) for name, rows in case.lookup_tables.items()}
        trial = try_rows(project, route, raw, lookup_tables, GivenParents(project, route, case.parents))
    except MedferryError as error:
        return [str(error)]
    except (pl.exceptions.PolarsError, ValueError) as error:
        return [f"rows 的值与 types 不符：{type(error).__name__}"]
    differences: list[str] = []
    if case.not_ready is not None and case.not_ready != trial.not_ready:
        differences.append(f"未就绪的行：期望 {case.not_ready}，实得 {trial.not_ready}")
    for table, expected in case.expect.items():
        differences += _rows_differ(table, expected, trial)
    return differences + _findings_differ(case, trial)


class GivenParents:
    """Rows that a case gives as parents. One that names no organisation belongs to the route's campus."""

    def __init__(self, project: Project, route: Route, rows: Mapping[str, Sequence[Row]]) -> None:
        self._tables = {name: project.catalog.table(name) for name in rows}
        self._org_code = route.campus.org_code
        self._rows = rows

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        """See KnownParents."""
        wanted = set(key_hashes)
        given = [{ORG_CODE: self._org_code, **row} for row in self._rows.get(table, ())]
        found = [
            tuple(map(row.get, columns))
            for row in given
            if key_hash(table, row[ORG_CODE] or "", row[self._tables[table].key_field] or "") in wanted
        ]
        return pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String), orient="row")


def _named_columns(project: Project, route: Route) -> tuple[str, ...]:
    return (*project.compiled(route).columns, *route.ready_when)


def _typed(rows: Sequence[Row], names: Sequence[str], types: Mapping[str, ColumnType]) -> pl.DataFrame:
    """Rows as a frame; a column that no row gives is there and empty, as a database would answer."""
    columns = dict.fromkeys(names) | dict.fromkeys(name for row in rows for name in row)
    series = [_column(name, [row.get(name) for row in rows], types.get(name, "text")) for name in columns]
    return pl.DataFrame(series)


_MOMENTS: Mapping[str, tuple[pl.Date | pl.Time | pl.Datetime, str]] = {
    "date": (pl.Date(), "%Y-%m-%d"),
    "time": (pl.Time(), "%H:%M:%S"),
    "datetime": (pl.Datetime("us"), "%Y-%m-%d %H:%M:%S"),
}


def _column(name: str, texts: list[str | None], kind: ColumnType) -> pl.Series:
    if kind == "bytes":
        data = [None if one is None else bytes.fromhex(one) for one in texts]
        return pl.Series(name, data, dtype=pl.Binary)
    text = pl.Series(name, texts, dtype=pl.String)
    if kind == "text":
        return text
    if kind == "boolean":
        return text.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    if kind in _MOMENTS:
        return text.str.strptime(_MOMENTS[kind][0], _MOMENTS[kind][1])
    if kind == "decimal":
        scale = max((len(one.partition(".")[2]) for one in texts if one), default=0)
        return text.cast(pl.Decimal(38, scale))
    return text.cast(pl.Int64() if kind == "integer" else pl.Float64())


def _rows_differ(table: str, expected: Sequence[Row], trial: Trial) -> list[str]:
    rows = trial.tables[table].batch.frame.to_dicts()
    if len(rows) != len(expected):
        return [f"表 {table}：期望 {len(expected)} 行，实得 {len(rows)} 行"]
    return [
        f"表 {table} 第 {place} 行 {name}：期望 {_shown(value)}，实得 {_shown(row[name])}"
        for place, (row, wanted) in enumerate(zip(rows, expected, strict=True), start=1)
        for name, value in wanted.items()
        if name in row and row[name] != value
    ]


def _shown(value: str | None) -> str:
    return _MISSING if value is None else f"“{value}”"


def _findings_differ(case: Case, trial: Trial) -> list[str]:
    actual = {
        (table, finding["row"] + 1, finding["field"], finding["check"]): finding["severity"]
        for table, checked in trial.tables.items()
        for finding in checked.findings.to_dicts()
    }
    differences: list[str] = []
    expected = {(one.table, one.row, one.field, one.check): one.severity for one in case.findings}
    for key, severity in expected.items():
        table, row, field, check = key
        where = f"表 {table} 第 {row} 行 {field}"
        if key not in actual:
            others = sorted({found[3] for found in actual if found[:3] == key[:3]})
            differences.append(f"{where}：期望校验结果 {check}，实得 {'、'.join(others) or '没有'}")
        elif severity is not None and actual[key] != severity:
            differences.append(f"{where}：{check} 期望为 {severity}，实得 {actual[key]}")
    if case.findings_complete:
        differences += [
            f"表 {table} 第 {row} 行 {field}：多出校验结果 {check}（{actual[table, row, field, check]}）"
            for table, row, field, check in sorted(set(actual) - set(expected), key=str)
        ]
    return differences
