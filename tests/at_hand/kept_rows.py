"""A project whose ledger holds given rows, all of them accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl

from medferry.catalog.load import load_catalog
from medferry.catalog.model import Catalog
from medferry.cli.new import new_project
from medferry.clock import SystemClock
from medferry.config import Project, load_project
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.row_keys import key_rows
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import FINDINGS_SCHEMA, CheckedBatch, Family, SourceMarks, StandardBatch
from medferry.review.reads import RECORD_STATUS
from medferry.testing.outbox_world import START, pack, settle

CATALOG = load_catalog("jiangxi")
Frames = Mapping[str, pl.DataFrame]


def example(table: str) -> pl.DataFrame:
    """The standard's example rows."""
    path = CATALOG.files.find(f"tables/{table}/example.csv")
    assert path is not None
    return pl.read_csv(path.read_bytes(), infer_schema=False)


def broken_examples() -> Frames:
    """Example rows with a twin each: other keys, some values of a neighbour, some void; a seventh of all rows is gone."""
    random = Random(20260115)
    frames = {}
    for name in CATALOG.table_names:
        table, rows = CATALOG.table(name), example(name).to_dicts()
        loose = [one.name for one in table.fields if one.key is None]
        for number, row in enumerate(list(rows)):
            other = {**row, table.key_field: f"{row[table.key_field]}-{number}"}
            for field in random.sample(loose, min(6, len(loose))):
                other[field] = random.choice(rows)[field]
            if random.random() < 0.2:
                other[RECORD_STATUS] = "2"
            rows.append(other)
        kept_rows = [row for row in rows if table.tier < 3 or random.random() < 6 / 7]
        frames[name] = pl.DataFrame(kept_rows, schema=dict.fromkeys(table.field_names, pl.String))
    return closed(frames)


def closed(frames: dict[str, pl.DataFrame]) -> Frames:
    """Without rows whose parents are gone: the ledger would keep them waiting."""
    for name in CATALOG.dependency_order():
        for field in CATALOG.table(name).parents:
            assert field.key is not None
            assert field.key.table is not None
            parents = frames[field.key.table].select(
                "org_code", pl.col(str(field.key.column)).alias(field.name)
            )
            fine = frames[name].join(parents, on=["org_code", field.name], how="semi", maintain_order="left")
            frames[name] = pl.concat([fine, frames[name].filter(pl.col(field.name).is_null())])
    return frames


class Kept:
    """A new project, its ledger and its reader."""

    def __init__(self, folder: Path) -> None:
        new_project(folder)
        self.project: Project = load_project(folder, {})
        self.path = self.project.outbox.path
        tiers = [(name, CATALOG.table(name).tier) for name in CATALOG.table_names]
        self.outbox = SqliteOutbox(self.path, SystemClock(), tiers, "test")
        self.reader = SqliteLedgerReader(self.path)

    def put(self, frames: Frames, catalog: Catalog = CATALOG) -> None:
        """Keeps the rows under the catalog's edition; the platform takes them all."""
        for name in sorted(frames, key=lambda name: catalog.table(name).tier):
            table = catalog.table(name)
            columns = [
                pl.col(one) if one in frames[name].columns else pl.lit(None, dtype=pl.String).alias(one)
                for one in table.field_names
            ]
            frame = frames[name].select(columns)
            marks = pl.Series([True] * frame.height, dtype=pl.Boolean)
            batch = StandardBatch(
                name, "main", f"test.{name}", frame, pl.Series(range(frame.height), dtype=pl.UInt32), ~marks
            )
            checked = CheckedBatch(batch, marks, pl.DataFrame(schema=dict(FINDINGS_SCHEMA)))
            keyed = key_rows(checked, table, {})
            family = Family(
                f"B-{name}",
                f"test.{name}",
                "main",
                "head",
                START,
                [keyed],
                None,
                SourceMarks(),
                frame.height,
                0,
            )
            self.outbox.put(family)
            while leased := self.outbox.lease(LeaseLimits(envelopes_max=8, records_max=500), pack):
                settle(self.outbox, [one.envelope for one in leased])
        waiting = {one.state.value for one in self.outbox.counts()}
        assert waiting <= {"accepted", "superseded"}, waiting

    def use(self, catalog: Catalog) -> None:
        self.project = replace(self.project, catalog=catalog)

    def found(self) -> set[tuple[str, str, str, str]]:
        """Table, key, field and rule of what the last review found."""
        columns = ("table", "key", "field", "rule_id")
        return {
            row
            for name in CATALOG.table_names
            for row in self.reader.review_findings(name).select(columns).iter_rows()
        }

    def close(self) -> None:
        self.reader.close()
        self.outbox.close()
