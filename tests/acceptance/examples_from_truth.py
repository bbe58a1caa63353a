"""Writes the example rows of the standard's tables, taken from the synthetic hospital's truth, and their golden digests.

    .venv/bin/python -m tests.acceptance.examples_from_truth [--visits N] [--truth FOLDER]

Seed, size and first day are fixed, so the same hospital gives the same files. Of every table comes the accepted row that
shows most fields (less what its ancestors would add to the files), further rows while each shows fields that none has
shown yet, all their ancestors (FK), and of the directory entries (REF) that they name as many as a small file holds. To be
run again when the hospital or the rules have changed; `test_examples.py` says when. --truth keeps the hospital's rows in a
folder for the next time.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from try_rules import kept_frames

import medferry.catalog
from medferry.canonical import canonical_rows, digest
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.catalog.model import KeyKind, Table
from medferry.checks.later import later_verdicts
from medferry.checks.rules import HOLDING, compile_rules

VISITS = 400
SHOWING_MAX = 3  # rows of a table chosen for their fields; those that others name come on top
PARENT_COST = 4  # fields that a row must show more for each ancestor it brings along
ROWS_MAX = 15  # of a file
TABLES = Path(medferry.catalog.__file__).parent / "jiangxi" / "tables"
DIGESTS = Path(__file__).parents[1] / "golden" / "example_digests.csv"
DIGEST_COLUMNS = ("table", "key", "digest")
WHOLE_TABLE = ""  # key of the line with the digest over all rows of a table

Row = dict[str, str | None]
Chosen = dict[str, dict[str, Row]]
Pools = Mapping[str, Mapping[str, Row]]


def example_path(table: str) -> Path:
    """Where the table's example rows are."""
    return TABLES / table / "example.csv"


def read_example(table: Table) -> pl.DataFrame:
    """The table's example rows as String columns; an empty cell is null."""
    return pl.read_csv(example_path(table.name), infer_schema=False)


def digest_lines(table: Table, frame: pl.DataFrame) -> list[tuple[str, str, str]]:
    """(table, key, digest in hex) of each row, and of all canonical rows joined by line feeds."""
    rows = canonical_rows(frame, table.field_names).to_list()
    keys = frame[table.key_field].to_list()
    lines = [(table.name, key, digest(row).hex()) for key, row in zip(keys, rows, strict=True)]
    return [*lines, (table.name, WHOLE_TABLE, digest("\n".join(rows)).hex())]


def choose(frames: Mapping[str, pl.DataFrame], catalog: LoadedCatalog) -> Chosen:
    """Table -> key -> row; children first, so that parents chosen for them count before more are taken."""
    order = catalog.dependency_order()
    pools: dict[str, dict[str, Row]] = {}
    for name in order:
        pools[name] = _pool(catalog.table(name), catalog, frames, pools)
    chosen: Chosen = {name: {} for name in catalog.table_names}
    for name in reversed(order):
        table = catalog.table(name)
        for _ in range(SHOWING_MAX):
            shown = {field for row in chosen[name].values() for field, value in row.items() if value}
            best = _best(table, pools[name], shown, chosen) if len(chosen[name]) < ROWS_MAX else None
            if best is None:
                break
            _take(table, best, pools, chosen, catalog)
    _add_directories(pools, chosen, catalog)
    return chosen


def _pool(
    table: Table, catalog: LoadedCatalog, frames: Mapping[str, pl.DataFrame], above: Pools
) -> dict[str, Row]:
    """Rows in force, of parents that are in their pools, with nothing to find but by warnings over children and siblings."""
    frame = frames[table.name]
    fine = frame["record_status"].ne_missing("2")
    for rule in compile_rules(table, catalog)[0]:
        if rule.mark.severity == "error" or rule.scope in HOLDING:
            fine &= later_verdicts(frame, table, rule, frames)["verdict"].fill_null(value=True)
    rows = frame.filter(fine).sort(table.key_field).to_dicts()
    return {
        str(row[table.key_field]): row
        for row in rows
        if all(key in above[parent] for parent, key in _named(table, row, KeyKind.PARENT))
    }


def _best(table: Table, pool: Mapping[str, Row], shown: set[str], chosen: Chosen) -> Row | None:
    """The row that shows most fields not shown yet; records that it names and nobody has chosen yet cost."""

    def worth(row: Row) -> tuple[int, int]:
        filled = {field for field, value in row.items() if value}
        return len(filled - shown) - _cost(table, row, chosen), len(filled)

    best = max(pool.values(), key=worth, default=None)
    return best if best is not None and (not shown or worth(best)[0] > 0) else None


def _cost(table: Table, row: Row, chosen: Chosen) -> int:
    return PARENT_COST * sum(
        key not in chosen[parent] for parent, key in set(_named(table, row, KeyKind.PARENT))
    )


def _named(table: Table, row: Row, kind: KeyKind) -> Iterator[tuple[str, str]]:
    """(table, key) of the records that the row names."""
    for field in table.fields:
        value = row[field.name]
        if field.key is not None and field.key.kind is kind and field.key.table is not None and value:
            yield field.key.table, value


def _take(table: Table, row: Row, pools: Pools, chosen: Chosen, catalog: LoadedCatalog) -> None:
    """The row and its ancestors."""
    key = str(row[table.key_field])
    if key in chosen[table.name]:
        return
    chosen[table.name][key] = row
    for parent, parent_key in _named(table, row, KeyKind.PARENT):
        _take(catalog.table(parent), pools[parent][parent_key], pools, chosen, catalog)


def _add_directories(pools: Pools, chosen: Chosen, catalog: LoadedCatalog) -> None:
    """Directory entries that examples name, those named most often first, while there is room."""
    named = Counter(
        entry
        for name, rows in chosen.items()
        for row in rows.values()
        for entry in _named(catalog.table(name), row, KeyKind.DIRECTORY)
    )
    for (name, key), _ in sorted(named.items(), key=lambda one: (-one[1], one[0])):
        if key in pools[name] and len(chosen[name]) < ROWS_MAX:
            _take(catalog.table(name), pools[name][key], pools, chosen, catalog)


def write(chosen: Chosen, catalog: LoadedCatalog) -> None:
    """All example files and the golden digests."""
    lines: list[tuple[str, str, str]] = []
    for name in catalog.table_names:
        table = catalog.table(name)
        rows = [chosen[name][key] for key in sorted(chosen[name])]
        frame = pl.DataFrame(rows, schema=dict.fromkeys(table.field_names, pl.String))
        frame.write_csv(example_path(name), line_terminator="\n")
        lines += digest_lines(table, frame)
    with DIGESTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(DIGEST_COLUMNS)
        writer.writerows(lines)


def main() -> None:
    """Writes, and prints per table rows and fields shown; never a value."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--truth", type=Path)
    options = parser.parse_args()
    catalog = load_catalog("jiangxi")
    chosen = choose(kept_frames(catalog, options.visits, options.truth), catalog)
    write(chosen, catalog)
    for name, rows in chosen.items():
        shown = {field for row in rows.values() for field, value in row.items() if value}
        print(f"{name:40} rows {len(rows):3} fields {len(shown):3} of {len(catalog.table(name).fields):3}")


if __name__ == "__main__":
    main()
