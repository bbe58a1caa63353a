"""A hospital's purchase records: a source table of 60 columns, and the project that ferries them.

Every field of `drug_purchas_rec` (60 fields, no parents) is filled from a column with a name of its own: dates in three
writings, money in cents, codes of the hospital's own, blanks to trim, three columns to join.
"""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from medferry.catalog.load import load_catalog
from medferry.catalog.model import Catalog, Field, FormatKind
from medferry.catalog.platform.profile import load_profile

TABLE = "drug_purchas_rec"
SOURCE_TABLE = "yk_cgmx"
FIRST = datetime(2025, 1, 1, 8, 0, 0)  # noqa: DTZ001  record times are wall time
WORDS = (
    "阿莫西林胶囊",
    "注射用头孢曲松钠",
    "氯化钠注射液",
    "二甲双胍片",
    "国药控股",
    "南昌医药公司",
    "库房甲",
    "李晓明",
)
CODES_MAX = 12
FILLED_ANYWAY = {"org_code", "org_name"}
FEW = (97, 101, 103, 107, 109, 113)  # values a column repeats
MANY = (19_001, 19_009, 19_013, 19_031, 19_037, 19_051)  # more than a batch has rows


def write_source(path: Path, rows: int, seed: int = 11, *, varied: bool = False) -> None:
    """A SQLite file with `rows` rows, indexed by (change time, key).

    varied  columns whose values are free hardly repeat one in a batch: no work is saved by a value seen before
    """
    catalog = load_catalog()
    fields = [field for field in catalog.table(TABLE).fields if field.name not in FILLED_ANYWAY]
    rng = random.Random(seed)
    pools = [_pool(field, catalog, rng, rows, varied=varied) for field in fields]
    columns = ", ".join(f"{column_of(field)} {_kind(field)}" for field in fields)
    key, changed = column_of(catalog.table(TABLE).by_name[catalog.table(TABLE).key_field]), "gxsj"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"CREATE TABLE {SOURCE_TABLE} ({columns})")
        marks = ", ".join("?" * len(fields))
        statement = f"INSERT INTO {SOURCE_TABLE} VALUES ({marks})"
        for start in range(0, rows, 10_000):
            chunk = range(start, min(start + 10_000, rows))
            database.executemany(statement, (_row(number, fields, pools) for number in chunk))
        database.execute(f"CREATE INDEX {SOURCE_TABLE}_gx ON {SOURCE_TABLE} ({changed}, {key})")
        database.commit()


def column_of(field: Field) -> str:
    """The hospital's own column name."""
    return {"updated_at": "gxsj", "created_at": "cjsj"}.get(field.name, f"c{field.seq:02d}")


def _kind(field: Field) -> str:
    return "INTEGER" if field.type in ("integer", "decimal") else "TEXT"


def agreeing(number: int, price_cents: int) -> dict[str, object]:
    """Values that the table's rules tie together, as the source writes them: DP-01, -02, -04, -05, -07, -08, -09, -11."""
    packs = 1 + number % 89
    ordered = FIRST + timedelta(days=number % 300, minutes=number % 479)
    made, expires = ordered - timedelta(days=200), ordered + timedelta(days=700)
    return {
        **dict.fromkeys(
            ("purchase_price", "last_purchase_price", "bidding_price", "retail_price"), price_cents
        ),
        **dict.fromkeys(
            ("purchase_quantity", "purchase_min_quantity", "delivered_quantity", "stock_in_quantity"),
            packs * 100,
        ),
        "purchase_amount": price_cents * packs,
        "purchase_time": ordered.strftime("%Y%m%d%H%M%S"),
        "stock_in_time": (ordered + timedelta(days=2)).strftime("%Y%m%d%H%M%S"),
        "production_date": made.strftime("%Y/%m/%d"),
        "expiry_date": expires.strftime("%Y/%m/%d"),
    }


def _row(number: int, fields: list[Field], pools: list[list[object]]) -> list[object]:
    row: list[object] = []
    agreed = agreeing(number, 1 + number % 997)
    changed = FIRST + timedelta(seconds=number)
    for field, pool in zip(fields, pools, strict=True):
        if field.name == "updated_at":
            row.append(changed.strftime("%Y-%m-%d %H:%M:%S"))
        elif field.name == "created_at":
            row.append((changed - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"))
        elif field.key is not None and field.key.table is None:
            row.append(f"CG{number:010d}")
        elif field.name in agreed:
            row.append(agreed[field.name])
        else:
            row.append(pool[number % len(pool)])
    return row


def _pool(field: Field, catalog: Catalog, rng: random.Random, rows: int, *, varied: bool) -> list[object]:
    """Values a column repeats; lengths are primes apart, so that rows differ."""
    count = min(rng.choice(MANY), rows) if varied else rng.choice(FEW)
    return [_value(field, catalog, rng, varied=varied) for _ in range(count)]


def _value(field: Field, catalog: Catalog, rng: random.Random, *, varied: bool) -> object:  # noqa: PLR0911  one per kind
    kind, length = field.format.kind, field.format.length_max or 20
    if field.value_set and not catalog.value_set(field.value_set).is_open:
        return rng.choice(standard_codes(field, catalog))
    day = FIRST + timedelta(days=rng.randrange(300), minutes=rng.randrange(600))
    if kind is FormatKind.DATE:
        return day.strftime("%Y/%m/%d")
    if kind is FormatKind.DATETIME:
        return day.strftime("%Y%m%d%H%M%S")
    if kind is FormatKind.LOGICAL:
        return rng.choice(["是", "否"])
    if field.type == "decimal":
        return rng.randrange(1, min(10**6, 10 ** (length - field.format.scale) * 100))  # cents
    if field.type == "integer":
        return rng.randrange(1, 10 ** min(length, 3))
    if kind is FormatKind.NUMBER:
        return "".join(rng.choice("123456789") for _ in range(length))
    if field.format.length_min == length:
        return "".join(rng.choice("0123456789ABCDEFGHJKL") for _ in range(length))
    word = rng.choice(WORDS)
    if varied:
        number = f"{rng.randrange(10**6):06d}"
        return f" {word[: max(1, length - 8)]}{number}"[: length + 1]
    return f" {word[: max(1, length - 4)]}{rng.randrange(100)}"[: length + 1]


def standard_codes(field: Field, catalog: Catalog) -> list[str]:
    assert field.value_set is not None
    return sorted(catalog.value_set(field.value_set).codes)[:CODES_MAX]


def write_project(folder: Path, source: Path, ledger: Path, records_max: int | None = None) -> None:
    """A project of one route for the source; the platform's address comes from MEDFERRY_PLATFORM_URL.

    records_max  in an envelope, by a dialect of the project's own; None: the package's dialect
    """
    catalog = load_catalog()
    table = catalog.table(TABLE)
    (folder / "mappings").mkdir(parents=True)
    (folder / "queries").mkdir()
    (folder / "codes").mkdir()
    (folder / "queries" / "cgmx.sql").write_text(f"SELECT * FROM {SOURCE_TABLE}\n", encoding="utf-8")
    lines = ["read:", "  query: queries/cgmx.sql", f"  key: [{column_of(table.by_name[table.key_field])}]",
             "  changed_at: gxsj", "  every: 10s", "tables:", f"  {TABLE}:"]  # fmt: skip
    for field in table.fields:
        if field.name not in FILLED_ANYWAY:
            lines.append(f"    {field.name}: {_mapping(field, catalog, folder)}")
    (folder / "mappings" / f"{TABLE}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    dialect = "" if records_max is None else f"\n  profile: {_write_dialect(folder, records_max)}"
    (folder / "medferry.yaml").write_text(
        f"""project: 基准
catalog: jiangxi
campuses:
  main: {{name: 本部, branch_code: "01", org_code: "12360100A00000001X", org_name: 阳光医院, prefix: "BB-"}}
sources:
  stock: {{type: sql_query, campus: main, url: "sqlite:///{source}", mappings: mappings}}
destination:
  type: rest
  url: ${{MEDFERRY_PLATFORM_URL}}
  app_key: jxsb-demo
  app_secret: jxsb-demo-secret
  in_flight_max: ${{MEDFERRY_IN_FLIGHT:-8}}{dialect}
outbox: {{type: sqlite, path: "{ledger}"}}
""",
        encoding="utf-8",
    )


def _write_dialect(folder: Path, records_max: int) -> str:
    """The package's dialect with another size of envelopes; returns its file's name."""
    profile, name = load_profile(), "platform.yaml"
    text = (profile.folder / name).read_text(encoding="utf-8")
    text, found = re.subn(r"(?m)^  records_max: [0-9]+", f"  records_max: {records_max}", text)
    assert found == 1, "the dialect has one records_max"
    (folder / name).write_text(text, encoding="utf-8")
    (folder / profile.answer_codes).write_bytes((profile.folder / profile.answer_codes).read_bytes())
    return name


def _mapping(field: Field, catalog: Catalog, folder: Path) -> str:
    column, kind = column_of(field), field.format.kind
    if field.value_set and not catalog.value_set(field.value_set).is_open:
        name = f"codes_{field.name}"
        rows = [f"{code},{code},,," for code in standard_codes(field, catalog)]
        text = "local,standard,local_name,standard_name,note\n" + "\n".join(rows) + "\n"
        (folder / "codes" / f"{name}.csv").write_text(text, encoding="utf-8")
        return f"{{column: {column}, codes: {name}}}"
    if kind is FormatKind.DATE:
        return f'{{column: {column}, verbs: [{{date: ["%Y/%m/%d"]}}]}}'
    if kind is FormatKind.DATETIME and field.name not in ("created_at", "updated_at"):
        return f'{{column: {column}, verbs: [{{datetime: ["%Y%m%d%H%M%S"]}}]}}'
    if field.type == "decimal":
        return f"{{column: {column}, verbs: [{{scale: 0.01}}]}}"
    return column
