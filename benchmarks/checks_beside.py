"""Goal: what the checks cost beside pydantic, pandera on pandas and dataframely, with the same rules on the same rows.

Method: the widest table (238 fields) in one batch, a twentieth of the rows wrong, each in one of the ways of
`checkers.broken`. Every checker gets the batch as its users have it (dicts, a pandas frame, a Polars frame; making it is
not measured) and must return all findings. First all four must call the same rows wrong, and pandera and dataframely
the same fields of them; pydantic asks its rules only of rows whose fields are fine, so it may name fewer fields. Then
they are measured in turn, round after round, the best of each counts. What everybody is asked is told in
`benchmarks/checkers/__init__.py`.

A batch of one row: the first example row that the catalog has of each table; the best of `ONE_ROW_RUNS`.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from time import perf_counter, process_time

import polars as pl

from benchmarks.checkers import dataframely_schema, ours, pandera_schema, pydantic_model
from benchmarks.checkers.broken import broken
from benchmarks.checkers.said import Said, said_of
from benchmarks.checkers.stays import TABLE, stays
from benchmarks.checkers.verdicts import Checker, Places
from benchmarks.meter import Measured, peak_memory_mib
from medferry.catalog.load import load_catalog
from medferry.catalog.model import Catalog
from medferry.checks import compile_checks, run_checks

RIVALS = ("pydantic", "pandera", "dataframely")
ROUNDS = 3
RUNS = {"medferry": 4, "dataframely": 4}  # of a round; the slow ones run once
ONE_ROW_RUNS = 25
EXAMPLES = Path(str(files("medferry"))) / "catalog" / "jiangxi" / "tables"


def checkers(said: Said) -> Sequence[Checker]:
    modules = (ours, pydantic_model, pandera_schema, dataframely_schema)
    return [module.checker(said) for module in modules]


def measure_checks(rows: int) -> Measured:
    """Ours as the measurement; the rivals' figures and those of one row under `more`."""
    catalog = load_catalog()
    median_ms, widest_ms = one_row_ms(catalog)  # first: the rivals leave a large heap behind
    said = said_of(catalog.table(TABLE), catalog)
    sound = stays(said.table, catalog, rows).frame
    frame, spoiled = broken(said, sound)
    made = checkers(said)
    assert_agreement(said, made, sound, frame, spoiled)
    seconds, cpu = _side_by_side(made, frame)
    more = {
        "fields": float(len(said.fields)),
        "required": float(sum(field.required for field in said.fields.values())),
        "lists": float(sum(field.codes is not None for field in said.fields.values())),
        "rules": float(len(said.rules)),
        "wrong_rows": float(len(spoiled)),
        **{f"{name}_seconds": seconds[name] for name in RIVALS},
        **{f"{name}_cpu_seconds": cpu[name] for name in RIVALS},
        "one_row_median_ms": median_ms,
        "one_row_widest_ms": widest_ms,
    }
    return Measured("checks", rows, seconds["medferry"], cpu["medferry"], peak_memory_mib(), more)


def assert_agreement(
    said: Said, made: Sequence[Checker], sound: pl.DataFrame, frame: pl.DataFrame, spoiled: frozenset[int]
) -> None:
    """Nobody finds anything in the sound rows; everybody finds the same rows wrong, and all that were made wrong."""
    for checker in made:
        assert not checker.places(checker.judge(checker.given(sound))), (
            f"{checker.name}: sound rows are wrong"
        )
    found = {checker.name: checker.places(checker.judge(checker.given(frame))) for checker in made}
    wanted = found["medferry"]
    assert _rows(wanted) == spoiled, f"not all wrong rows are found: {len(_rows(wanted))} of {len(spoiled)}"
    for name in RIVALS:
        assert _rows(found[name]) == spoiled, f"{name} calls other rows wrong: {_told(found[name], wanted)}"
        assert found[name] <= wanted, f"{name} names other fields: {_told(found[name], wanted)}"
        assert name == "pydantic" or found[name] == wanted, (
            f"{name} misses fields: {_told(found[name], wanted)}"
        )


def _rows(places: Places) -> frozenset[int]:
    return frozenset(row for row, _ in places)


def _told(one: Places, other: Places) -> str:
    fields = sorted({field for _, field in one ^ other})
    return f"{len(one ^ other)} places in {', '.join(fields)}"


def _side_by_side(
    made: Sequence[Checker], frame: pl.DataFrame
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Best seconds and processor seconds of each checker."""
    given = {checker.name: checker.given(frame) for checker in made}
    seconds = dict.fromkeys(given, float("inf"))
    cpu = dict(seconds)
    for _ in range(ROUNDS):
        for checker in made:
            for _ in range(RUNS.get(checker.name, 1)):
                started, cpu_started = perf_counter(), process_time()
                checker.judge(given[checker.name])
                seconds[checker.name] = min(seconds[checker.name], perf_counter() - started)
                cpu[checker.name] = min(cpu[checker.name], process_time() - cpu_started)
    return seconds, cpu


def one_row_ms(catalog: Catalog) -> tuple[float, float]:
    """Milliseconds for a batch of one row: of the median table, of the widest."""
    spent = {name: _one_row_ms(name, catalog) for name in catalog.table_names}
    return statistics.median(spent.values()), spent[TABLE]


def _one_row_ms(name: str, catalog: Catalog) -> float:
    table = catalog.table(name)
    example = EXAMPLES / name / "example.csv"
    row = pl.read_csv(example, infer_schema=False).head(1)
    checks, batch = compile_checks(table, catalog, {}), ours.batch_of(name, row)
    assert run_checks(batch, checks).sound.all(), f"{name}: the example row is wrong"
    best = float("inf")
    for _ in range(ONE_ROW_RUNS):
        started = perf_counter()
        run_checks(batch, checks)
        best = min(best, perf_counter() - started)
    return best * 1e3
