"""For authors of rules: judges the cases of tables and runs their rules over the synthetic hospital's truth.

    .venv/bin/python -m tests.acceptance.try_rules TABLE [TABLE …] [--visits N] [--truth FOLDER] [--cases] [--keys] [--all]

Prints per entry how many accepted rows are fine, wrong, unknown and untouched (its condition is false); never a value,
but for the keys of wrong rows with --keys. --truth keeps the hospital's rows in a folder for the next time: delete it
when the hospital has changed. --cases leaves the hospital out. Exit code 1 when a case fails, an error
finds an accepted row, or a rule judges nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "at_hand"))

from rule_cases import judge_cases

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.checks.later import later_verdicts
from medferry.checks.rules import Rule, compile_rules
from medferry.clock import SystemClock

START = date(2026, 1, 5)


@dataclass(frozen=True)
class Tried:
    """One entry over the truth: rows by verdict; `untouched` are fine because the condition is false."""

    rule: Rule
    fine: int
    wrong: int
    unknown: int
    untouched: int
    wrong_keys: tuple[str, ...]

    @property
    def place(self) -> str:
        spec = self.rule.spec
        return f"{spec.rule_id or 'required_when'}:{spec.line} {spec.check} {spec.field}"


def truth_frames(catalog: LoadedCatalog, *, visits: int, seed: int = 7) -> dict[str, pl.DataFrame]:
    """Newest accepted rows of every table of a small hospital after its second wave."""
    from medferry_sandbox.hospital.sunshine import Sunshine

    with tempfile.TemporaryDirectory() as folder:
        hospital = Sunshine.create(
            Path(folder), clock=SystemClock(), visits=visits, days=9, seed=seed, start=START
        )
        hospital.advance()
        return {name: _accepted(hospital.truth.read(name), catalog, name) for name in catalog.table_names}


def kept_frames(catalog: LoadedCatalog, visits: int, folder: Path | None) -> dict[str, pl.DataFrame]:
    """The frames of `truth_frames`, from the folder when it holds them, else made and put there."""
    if folder is not None and folder.is_dir():
        return {name: pl.read_parquet(folder / f"{name}.parquet") for name in catalog.table_names}
    frames = truth_frames(catalog, visits=visits)
    if folder is not None:
        folder.mkdir(parents=True)
        for name, frame in frames.items():
            frame.write_parquet(folder / f"{name}.parquet")
    return frames


def _accepted(lines: Iterator[object], catalog: LoadedCatalog, name: str) -> pl.DataFrame:
    newest = {(line.campus, line.record_key): line for line in lines if line.state == "accepted"}
    rows = [json.loads(line.row_json) for line in newest.values()]
    schema = dict.fromkeys(catalog.table(name).field_names, pl.String)
    return pl.DataFrame(rows, schema=schema) if rows else pl.DataFrame(schema=schema)


def try_table(name: str, catalog: LoadedCatalog, frames: Mapping[str, pl.DataFrame]) -> list[Tried]:
    """Every entry of the table over its accepted rows."""
    table = catalog.table(name)
    rows = frames[name].filter(pl.col("record_status").ne_missing("2"))
    found = []
    for rule in compile_rules(table, catalog)[0]:
        verdicts = later_verdicts(rows, table, rule, frames)
        untouched = ~verdicts["applies"].fill_null(value=True)
        wrong = verdicts["verdict"].not_().fill_null(value=False)
        keys = rows[table.key_field].filter(wrong).head(5).to_list()
        fine = int((verdicts["verdict"].fill_null(value=False) & ~untouched).sum())
        unknown = int(verdicts["verdict"].null_count())
        found.append(Tried(rule, fine, int(wrong.sum()), unknown, int(untouched.sum()), tuple(keys)))
    return found


def _print_cases(name: str, catalog: LoadedCatalog) -> int:
    table, book = catalog.table(name), catalog.rule_book(name)
    _, complaints = compile_rules(table, catalog)
    for line, text in complaints:
        print(f"  rules.yaml:{line} {text}")
    judged = judge_cases(table, catalog)
    failed = [text for one in judged for text in one.complaints()]
    print(
        f"{name}: {len(judged)} rules with {sum(len(one.cases) for one in judged)} cases, {len(failed)} complaints"
    )
    for text in failed:
        print(f"  {text}")
    left = [r.rule_id for r in catalog.rules(name) if r.rule_id not in book.expressed | set(book.waived)]
    if left:
        print(f"  neither expressed nor waived: {' '.join(left)}")
    conditional = {f.name for f in table.fields if f.required == "C"}
    named = {e.field for e in book.required_when} | {
        r.spec.field for r in compile_rules(table, catalog)[0] if r.spec.check == "filled"
    }
    if conditional - named:
        print(f"  C fields without a condition: {' '.join(sorted(conditional - named))}")
    return len(failed) + len(complaints)


def _print_truth(tried: Sequence[Tried], *, keys: bool) -> int:
    speaking = {one.rule.spec.rule_id for one in tried if one.fine + one.wrong + one.untouched}
    silent = sorted({one.rule.spec.rule_id for one in tried if one.rule.spec.rule_id} - speaking)
    if silent and tried:
        print(f"  unknown on every row: {' '.join(silent)}")
    bad = len(silent)
    for one in tried:
        mute = one.fine + one.wrong == 0
        bad += bool(one.wrong and one.rule.mark.severity == "error")
        mark = "!!" if one.wrong and one.rule.mark.severity == "error" else "? " if mute else "  "
        print(
            f"  {mark} {one.place:70} {one.rule.scope:9} {one.rule.mark.severity:7} fine {one.fine:6} wrong {one.wrong:5}"
            f" unknown {one.unknown:6} untouched {one.untouched:6}"
            + (f" {one.wrong_keys}" if keys and one.wrong else "")
        )
    return bad


def main() -> int:
    """Prints; 0 when all is as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--visits", type=int, default=400)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--keys", action="store_true")
    options = parser.parse_args()
    catalog = load_catalog("jiangxi")
    with_rules = [n for n in catalog.table_names if catalog.rule_book(n).path is not None]
    tables = with_rules if options.all else options.tables
    bad = sum(_print_cases(name, catalog) for name in tables)
    if not options.cases:
        frames = kept_frames(catalog, options.visits, options.truth)
        for name in tables:
            print(f"{name}: {frames[name].height} accepted rows of the truth")
            bad += _print_truth(try_table(name, catalog, frames), keys=options.keys)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
