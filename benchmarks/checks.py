"""Goal: how long a batch takes to be judged, for one row and for ten thousand, on every table.

Method: rows drawn from the catalog itself, sound, a tenth of the optional fields empty; checks compiled
beforehand; median of 15 runs for one row, best of 5 for many. Run `python -m benchmarks.checks`.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from medferry.catalog.load import load_catalog
from medferry.catalog.model import Catalog, Field, FormatKind, Table
from medferry.checks import compile_checks, run_checks
from medferry.records import StandardBatch

_WORDS = "患者三天前无明显诱因出现咳嗽咳痰伴发热最高体温三十九度"
_CODES_MAX = 500  # codes drawn from per field: a hospital uses a small part of ICD-10


@dataclass(frozen=True, slots=True)
class Measured:
    """Time of one table.

    one_row_ms     milliseconds for a batch of one row
    rows_per_s     rows a second in batches of `rows`
    sound          share of the rows judged sound: a slow path hides where all is wrong
    """

    table: str
    fields: int
    compile_ms: float
    one_row_ms: float
    rows_per_s: float
    sound: float


def drawn_batch(table: Table, catalog: Catalog, rows: int, seed: int = 7) -> StandardBatch:
    """Rows as a hospital's should be: written as the formats say, codes from the lists."""
    rng = random.Random(seed)
    columns = {field.name: _drawn(field, catalog, rows, rng) for field in table.fields}
    columns[table.key_field] = [f"K{n:08d}" for n in range(rows)]
    columns["created_at"] = ["20260115T081000"] * rows
    columns["updated_at"] = [f"202601{15 + n % 10}T101500" for n in range(rows)]
    frame = pl.DataFrame(columns, schema=dict.fromkeys(table.field_names, pl.String))
    origin = pl.Series("origin", range(rows), dtype=pl.UInt32)
    miss = pl.repeat(value=False, n=rows, dtype=pl.Boolean, eager=True)
    return StandardBatch(table.name, "donghu", "bench", frame, origin, miss)


def _drawn(field: Field, catalog: Catalog, rows: int, rng: random.Random) -> list[str | None]:
    one = _drawer(field, catalog, rng)
    hole = 0.0 if field.required == "R" else 0.1
    return [None if rng.random() < hole else one() for _ in range(rows)]


def _drawer(field: Field, catalog: Catalog, rng: random.Random) -> Callable[[], str]:
    form = field.format
    if field.name == "org_code":
        return lambda: "12360100A00000001X"
    if field.value_set and not catalog.value_set(field.value_set).is_open:
        codes = sorted(catalog.value_set(field.value_set).codes)[:_CODES_MAX]
        codes = [code for code in codes if code != "01"] or codes  # a resident card would want a true number
        return lambda: rng.choice(codes)
    if form.kind is FormatKind.NUMBER:
        return _number_drawer(field, rng)
    simple: dict[FormatKind, Callable[[], str]] = {
        FormatKind.DATE: lambda: f"2025{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}",
        FormatKind.DATETIME: lambda: f"2025{rng.randint(1, 12):02d}15T{rng.randint(0, 23):02d}3000",
        FormatKind.TIME: lambda: f"{rng.randint(0, 23):02d}3000",
        FormatKind.LOGICAL: lambda: rng.choice("TF"),
    }
    return simple.get(form.kind) or _text_drawer(field, rng)


def _text_drawer(field: Field, rng: random.Random) -> Callable[[], str]:
    """Narrative of 20 to 60 characters, never twice; else 2 to 12, half of the fields never twice."""
    least = max(field.format.length_min, 20 if field.type == "text" else 2)
    most = max(least, 60 if field.type == "text" else 12)
    limit = field.format.length_max or most
    alone = field.type == "text" or field.seq % 2 == 0
    return lambda: ((f"{rng.random():.6f}" if alone else "") + _WORDS * 3)[
        : min(rng.randint(least, most), limit)
    ]


def _number_drawer(field: Field, rng: random.Random) -> Callable[[], str]:
    form = field.format
    if field.type in {"decimal", "integer"}:
        whole = 10 ** min((form.length_max or 9) - form.scale, 4) - 1
        return lambda: f"{rng.random() * whole:.{form.scale}f}"
    size = form.length_min or form.length_max or 1
    return lambda: "".join(rng.choices("123456789", k=size))


def _best_s(work: Callable[[], object], times: int) -> float:
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent) if times < 10 else statistics.median(spent)


def measure_table(name: str, rows: int = 10_000) -> Measured:
    """Measures one table of the packaged edition."""
    catalog = load_catalog("jiangxi")
    table = catalog.table(name)
    start = time.perf_counter()
    checks = compile_checks(table, catalog, {})
    compile_ms = (time.perf_counter() - start) * 1e3
    single, many = drawn_batch(table, catalog, 1), drawn_batch(table, catalog, rows)
    sound = int(run_checks(many, checks).sound.sum()) / rows
    one_s = _best_s(lambda: run_checks(single, checks), 15)
    many_s = _best_s(lambda: run_checks(many, checks), 5)
    return Measured(name, len(table.fields), compile_ms, one_s * 1e3, rows / many_s, sound)


def measure(rows: int = 10_000) -> dict[str, float]:
    """Prints and returns the figures: widest table and the median over all tables."""
    catalog = load_catalog("jiangxi")
    widest = max(catalog.table_names, key=lambda name: len(catalog.table(name).fields))
    top = measure_table(widest, rows)
    singles = [measure_table(name, 200).one_row_ms for name in catalog.table_names]
    figures = {
        "checks_widest_fields": float(top.fields),
        "checks_widest_one_row_ms": round(top.one_row_ms, 2),
        "checks_widest_rows_per_s": round(top.rows_per_s),
        "checks_widest_sound_share": round(top.sound, 3),
        "checks_widest_compile_ms": round(top.compile_ms, 1),
        "checks_median_one_row_ms": round(statistics.median(singles), 2),
        "checks_slowest_one_row_ms": round(max(singles), 2),
    }
    for name, value in figures.items():
        print(f"{name:32} {value:>12,}")
    return figures


if __name__ == "__main__":
    measure()
