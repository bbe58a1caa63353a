"""Rows drawn from the catalog itself: written as the formats say, codes from the lists, a tenth of what may be empty empty.

Each field for itself: rules over several fields are broken in most of the rows. Rows that keep them are in `stays`.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import polars as pl

from medferry.catalog.model import Catalog, Field, FormatKind, Table
from medferry.records import StandardBatch

_WORDS = "患者三天前无明显诱因出现咳嗽咳痰伴发热最高体温三十九度"
_CODES_MAX = 500  # codes drawn from per field: a hospital uses a small part of ICD-10


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
