"""Runs query -> mapping (-> checks) over a small hospital and compares with the truth, row by row and field by field;
and what the count queries say with the truth's keys, day by day.

    .venv/bin/python tests/acceptance/compare_truth.py TABLE [TABLE …] [--only module,module]
        [--visits N] [--seed N] [--live N] [--url URL]

--only builds the hospital from these domain modules alone (dictionaries, patient and visit come along): while another
module of the shared tree is broken. Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from medferry.checks.run import run_checks
from medferry.checks.table_checks import compile_checks
from medferry.clock import ZONE, FixedClock, SystemClock
from medferry.config.load import load_project
from medferry.config.model import Project
from medferry.ferry.ferry import open_sources
from medferry.mapping.engine import apply_mapping
from medferry.records import Severity, StandardBatch
from medferry.score.expected import expected_keys
from medferry.score.survey import Window
from medferry_sandbox.hospital.code_lists import write_code_files
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.hospital.truth import Expected
from medferry_sandbox.hospital.world import all_recipes, use_only

EXAMPLE = Path(__file__).parents[2] / "src" / "medferry_sandbox" / "sunshine_hospital"
START = date(2026, 1, 5)
LIVE_AT = datetime(2026, 3, 1, 12, tzinfo=ZONE)


@dataclass
class Report:
    """rows: compared rows; differences: one line each; warnings: (table, rule or check, field) -> rows."""

    rows: int = 0
    differences: list[str] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)


def compare(
    tables: Sequence[str],
    folder: Path,
    *,
    visits: int,
    days: int = 9,
    seed: int = 7,
    live: int = 0,
    url: str | None = None,
) -> Report:
    """Creates a hospital in `folder`, releases wave 2 and some live events, and compares what the mappings make of it
    with the truth. `url`: a server instead of SQLite files."""
    hospital = Sunshine.create(
        folder / "run", clock=SystemClock(), visits=visits, days=days, seed=seed, start=START, url=url
    )
    hospital.advance()
    for _ in islice(hospital.live(FixedClock(LIVE_AT)), live):
        pass
    project = _project(tables, folder, hospital)
    lookup_tables = _lookup_tables(project, hospital)
    report = Report()
    expected = {table: _newest(hospital.truth.read(table)) for table in tables}
    found: dict[str, dict[str, dict[str, str]]] = {table: {} for table in tables}
    for route in project.routes:
        raw = _read(hospital, route.source, route.query)
        for batch in apply_mapping(raw, project.compiled(route), lookup_tables.get(route.campus.id, {})):
            if batch.table in expected:
                _collect(batch, found[batch.table], report)
                _judge(project, batch, expected[batch.table], report)
    for table in tables:
        _compare_table(table, expected[table], found[table], report)
    _compare_counts(project, expected, report)
    return report


def _project(tables: Sequence[str], folder: Path, hospital: Sunshine) -> Project:
    """The example with only the mappings that feed these tables: others may be half written at this moment."""
    place = folder / "project"
    shutil.copytree(
        EXAMPLE, place, ignore=shutil.ignore_patterns("mappings", "run", "tests", "codes"), dirs_exist_ok=True
    )
    write_code_files(place / "codes")
    wanted = re.compile(rf"^  ({'|'.join(tables)}):", re.MULTILINE)
    for path in sorted((EXAMPLE / "mappings").rglob("*.yaml")):
        target = place / path.relative_to(EXAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        if wanted.search(path.read_text(encoding="utf-8")):
            shutil.copy(path, target)
    for system in ("his_donghu", "his_qingshanhu", "lis", "emr", "res"):
        (place / "mappings" / system).mkdir(parents=True, exist_ok=True)
    environ = {
        f"SUNSHINE_{name.upper()}": url.render_as_string(hide_password=False)
        for name, url in hospital.databases.urls.items()
    }
    return load_project(place, environ)


def _read(hospital: Sunshine, source: str, query: str) -> pl.DataFrame:
    engine = sa.create_engine(hospital.databases.urls[source])
    try:
        with engine.connect() as connection:
            answer = connection.execute(sa.text(query))
            columns, rows = list(answer.keys()), answer.fetchall()
    finally:
        engine.dispose()
    return pl.DataFrame([tuple(row) for row in rows], schema=columns, orient="row", infer_schema_length=None)


def _lookup_tables(project: Project, hospital: Sunshine) -> dict[str, dict[str, pl.DataFrame]]:
    needed = {name for route in project.routes for name in route.lookup_tables}
    return {
        campus: {
            name: _read(hospital, by_campus[campus].source, by_campus[campus].query)
            for name, by_campus in project.lookup_tables.items()
            if campus in by_campus and name in needed
        }
        for campus in project.campuses
    }


def _newest(lines: Iterable[Expected]) -> dict[str, Expected]:
    return {line.record_key: line for line in lines}


def _collect(batch: StandardBatch, into: dict[str, dict[str, str]], report: Report) -> None:
    key = all_recipes()[batch.table].standard.key
    for row in batch.frame.iter_rows(named=True):
        known = {name: value for name, value in row.items() if value is not None}
        if known[key] in into:
            report.differences.append(f"{batch.table} {known[key]}: mapped twice")
        into[known[key]] = known


def _judge(project: Project, batch: StandardBatch, expected: Mapping[str, Expected], report: Report) -> None:
    """Sound rows must pass the checks, held ones must not."""
    checked = run_checks(
        batch, compile_checks(project.catalog.table(batch.table), project.catalog, project.waived)
    )
    keys = batch.frame[all_recipes()[batch.table].standard.key].to_list()
    errors: dict[int, list[str]] = {}
    for row, name, code, where, severity, rule in checked.findings.select(
        "row", "check", "code", "field", "severity", "rule_id"
    ).iter_rows():
        text = f"{batch.table} {rule or name} {code} {where}"
        if severity == Severity.ERROR:
            errors.setdefault(row, []).append(text)
        else:
            report.warnings[f"{severity}: {text}"] += 1
    for row, key in enumerate(keys):
        line = expected.get(key)
        if line is None:
            continue
        if (line.state == "held") != (row in errors):
            shown = "; ".join(errors.get(row, ["no error"]))
            report.differences.append(
                f"{batch.table} {key}: truth says {line.state} {line.reason}, checks say {shown}"
            )


def _compare_table(
    table: str, expected: Mapping[str, Expected], found: Mapping[str, Mapping[str, str]], report: Report
) -> None:
    for key in sorted(expected.keys() - found.keys()):
        report.differences.append(f"{table} {key}: no row (planted {expected[key].planted!r})")
    for key in sorted(found.keys() - expected.keys()):
        report.differences.append(f"{table} {key}: a row that the truth does not know")
    for key in sorted(expected.keys() & found.keys()):
        report.rows += 1
        wanted: dict[str, str] = json.loads(expected[key].row_json)
        for name in all_recipes()[table].standard.fields:
            if wanted.get(name) != found[key].get(name):
                report.differences.append(
                    f"{table} {key}.{name}: truth {wanted.get(name)!r}, mapped {found[key].get(name)!r}"
                    f" (planted {expected[key].planted!r})"
                )


def _compare_counts(project: Project, expected: Mapping[str, Mapping[str, Expected]], report: Report) -> None:
    """Every key of the truth is expected on its day, in its campus, and no other."""
    with ExitStack() as stack:
        counted = expected_keys(project, open_sources(project, SystemClock(), stack), Window())
    for (table, campus), said in counted.items():
        days = Counter(
            str(json.loads(line.row_json)["created_at"])[:8]
            for line in expected.get(table, {}).values()
            if line.campus == campus
        )
        if table in expected and (said.by_day is None or Counter(said.by_day) != days):
            shown = said.reason or f"{said.keys} keys counted, {days.total()} in the truth, by day or in all"
            report.differences.append(f"{table} {campus}: {shown} {said.place}")


def main() -> int:
    """Prints the report; 0 when nothing differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--only", default="")
    parser.add_argument("--visits", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--live", type=int, default=0)
    parser.add_argument("--url")
    parser.add_argument("--lines", type=int, default=40)
    options = parser.parse_args()
    if options.only:
        use_only({"dictionaries", "patient", "visit", *options.only.split(",")})
    with tempfile.TemporaryDirectory() as folder:
        report = compare(
            options.tables,
            Path(folder),
            visits=options.visits,
            seed=options.seed,
            live=options.live,
            url=options.url,
        )
    for line in report.differences[: options.lines]:
        print(line)
    for text, count in report.warnings.most_common(options.lines):
        print(f"  {count:6} x {text}")
    print(f"{report.rows} rows compared, {len(report.differences)} differences")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
