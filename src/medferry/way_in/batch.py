"""The way in: read, drop what is unchanged, map, check, key, keep. One call works one raw batch; nothing here keeps state.

`work_batch` does all that needs the ledger only to look things up, `keep_batch` writes; so the next batch can be worked
while one is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import polars as pl

from medferry.canonical import canonical_rows, digest, source_names
from medferry.catalog.model import Table
from medferry.checks.run import run_checks
from medferry.checks.table_checks import TableChecks
from medferry.events import BatchChecked, BatchMapped, BatchRead, Event, Listener
from medferry.mapping.engine import CompiledMapping, apply_mapping
from medferry.mapping.ready import HasReadyWhen, ready_mask
from medferry.outbox.outbox import PutResult, WayInLedger
from medferry.outbox.row_keys import key_rows
from medferry.records import (
    CheckedBatch,
    Cursor,
    Family,
    KeyedRows,
    RawBatch,
    Severity,
    SourceMarks,
    StandardBatch,
)
from medferry.way_in.ancestors import Ancestors
from medferry.way_in.source_image import source_images

TablesByName = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What one raw batch became, in rows; `kept` per table."""

    rows_read: int
    rows_not_ready: int
    rows_unchanged: int
    lookup_misses: int
    kept: Mapping[str, PutResult]


@dataclass(frozen=True, slots=True)
class LoadTools:
    """What working a batch of one route needs, compiled once.

    recipe  changes when mapping, code tables, waivers or edition change
    """

    route: HasReadyWhen
    mapping: CompiledMapping
    key_columns: Sequence[str]
    tables: Mapping[str, Table]
    checks: Mapping[str, TableChecks]
    outbox: WayInLedger
    tell: Listener
    recipe: str = ""

    @property
    def reads_own_parents(self) -> bool:
        """Rows may be judged by parents that an earlier batch of the same route brings."""
        return any(parent in self.tables for one in self.checks.values() for parent in one.ancestor_columns)


@dataclass(frozen=True, slots=True)
class WorkedBatch:
    """A raw batch ready to be kept. family: None when it brings no news; counts in rows."""

    family: Family | None
    events: Sequence[Event]
    rows_read: int
    rows_not_ready: int
    rows_unchanged: int
    lookup_misses: int


def load_batch(
    raw: RawBatch, batch_id: str, lookup_tables: TablesByName, tools: LoadTools, known: Cursor | None = None
) -> BatchResult:
    """Works one raw batch from source rows to the ledger: `work_batch` and `keep_batch` in one."""
    return keep_batch(work_batch(raw, batch_id, lookup_tables, tools, known), tools)


def work_batch(
    raw: RawBatch, batch_id: str, lookup_tables: TablesByName, tools: LoadTools, known: Cursor | None = None
) -> WorkedBatch:
    """Works one raw batch as far as the ledger's door.

    A source row is marked as seen only when everything it became is sound and no look-up missed: such a row is not mapped
    again until it changes. All others are mapped again by the next overlap or sweep, which heals them when a code table or a
    look-up table has been mended; what comes out unchanged is skipped by the ledger.

    known  the loop's cursor before this batch: a batch without news that does not move it is not written down
    """
    started = perf_counter()
    ready = ready_mask(raw.frame, tools.route)
    frame = raw.frame.filter(ready)
    marks = source_marks(frame, tools.key_columns, tools.recipe)
    seen = pl.Series(tools.outbox.unchanged(raw.route, marks.key_hashes, marks.digests), dtype=pl.Boolean)
    frame, marks = frame.filter(~seen), _without(marks, seen)
    read = BatchRead(
        raw.route, batch_id, raw.loop, raw.frame.height, int(seen.sum()), _milliseconds_since(started)
    )
    height, not_ready, unchanged = raw.frame.height, raw.frame.height - int(ready.sum()), int(seen.sum())
    if frame.height == 0 and raw.cursor in (None, known):
        return WorkedBatch(None, (), height, not_ready, unchanged, 0)
    events: list[Event] = [read]
    mapped = _map(frame, batch_id, raw, lookup_tables, tools, events)
    checked = _check_family(mapped, batch_id, raw.route, marks.key_hashes, tools, events)
    keyed = [_key(one, frame, marks.key_hashes, tools) for one in checked]
    family = Family(
        batch_id=batch_id,
        route=raw.route,
        campus=raw.campus,
        loop=raw.loop,
        read_at=raw.read_at,
        tables=keyed,
        cursor=raw.cursor,
        marks=_healthy(marks, checked, frame.height),
        rows_read=height,
        rows_unchanged=unchanged,
    )
    misses = sum(int(one.batch.lookup_miss.sum()) for one in checked)
    return WorkedBatch(family, events, height, not_ready, unchanged, misses)


def keep_batch(worked: WorkedBatch, tools: LoadTools) -> BatchResult:
    """Writes a worked batch, its cursor and its events in one transaction.

    raises  OutboxError: nothing of the batch was kept
    """
    family = worked.family
    tables: Mapping[str, PutResult] = {}
    if family is not None:
        for event in worked.events:
            tools.tell(event)
        kept = tools.outbox.put(family, worked.events)
        tools.tell(kept.event)
        tables = kept.tables
    return BatchResult(
        worked.rows_read, worked.rows_not_ready, worked.rows_unchanged, worked.lookup_misses, tables
    )


def source_marks(frame: pl.DataFrame, key_columns: Sequence[str], recipe: str = "") -> SourceMarks:
    """Hash of the key and digest of all columns of each source row.

    A mark only saves work: it is the column engine's own hash. It carries that library's version and `recipe`, what
    the row was worked by (mapping, code tables, waivers, edition): after an upgrade or a mended mapping every row that is
    read is mapped once more, and what comes out unchanged is skipped by the ledger.
    """
    seed = int.from_bytes(digest(f"{pl.__version__} {recipe}")[:7])
    rows = [one.to_bytes(8) for one in frame.hash_rows(seed=seed).to_list()]
    return SourceMarks(row_names(frame, key_columns), rows)


def row_names(frame: pl.DataFrame, key_columns: Sequence[str]) -> list[bytes]:
    """Hash of the key of each source row: what the ledger calls it."""
    return source_names(canonical_rows(as_text(frame.select(key_columns)), key_columns).to_list())


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as text: bytes in hexadecimal, times in ISO form. For digests, never for mapping."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Binary:
            column = column.bin.encode("hex")
        elif isinstance(kind, pl.Datetime):
            column = column.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f")
        elif kind != pl.String:
            column = column.cast(pl.String)
        columns.append(column)
    return frame.select(columns)


def _without(marks: SourceMarks, seen: pl.Series) -> SourceMarks:
    if not seen.any():
        return marks
    keep = [not one for one in seen.to_list()]
    return SourceMarks(
        [one for one, kept in zip(marks.key_hashes, keep, strict=True) if kept],
        [one for one, kept in zip(marks.digests, keep, strict=True) if kept],
    )


def _map(
    frame: pl.DataFrame,
    batch_id: str,
    raw: RawBatch,
    lookup_tables: TablesByName,
    tools: LoadTools,
    events: list[Event],
) -> list[StandardBatch]:
    started = perf_counter()
    batches = apply_mapping(frame, tools.mapping, lookup_tables)
    took = _milliseconds_since(started)
    events += [
        BatchMapped(
            raw.route, batch_id, one.table, one.frame.height, int(one.lookup_miss.sum()), took / len(batches)
        )
        for one in batches
    ]
    return batches


def _check_family(
    batches: Sequence[StandardBatch],
    batch_id: str,
    route: str,
    source_keys: Sequence[bytes],
    tools: LoadTools,
    events: list[Event],
) -> list[CheckedBatch]:
    """Judges parents before their children, and returns them in the order of the batches."""
    ancestors = Ancestors(tools.outbox, tools.tables, tools.checks)
    checked: dict[int, CheckedBatch] = {}
    for at in ancestors.parents_first(batches):
        checked[at] = _check(batches[at], batch_id, route, source_keys, tools, ancestors, events)
        ancestors.add(checked[at])
    return [checked[at] for at in range(len(batches))]


def _check(
    batch: StandardBatch,
    batch_id: str,
    route: str,
    source_keys: Sequence[bytes],
    tools: LoadTools,
    ancestors: Ancestors,
    events: list[Event],
) -> CheckedBatch:
    started = perf_counter()
    checked = run_checks(
        batch, tools.checks[batch.table], ancestors=ancestors.of(batch), source_keys=source_keys
    )
    counts = dict(checked.findings.group_by("severity").len().iter_rows())
    held = int(held_rows(checked).sum())
    events.append(
        BatchChecked(
            route,
            batch_id,
            batch.table,
            sound=int(checked.sound.sum()),
            held=held,
            warnings=counts.get(Severity.WARNING, 0),
            unknowns=counts.get(Severity.UNKNOWN, 0) + sum(checked.unknown_counts.values()),
            waived=counts.get(Severity.WAIVED, 0),
            duration_ms=_milliseconds_since(started),
        )
    )
    return checked


def held_rows(checked: CheckedBatch) -> pl.Series:
    """Boolean per row: findings hold it."""
    return ~checked.sound if checked.dropped is None else ~checked.sound & ~checked.dropped


def without_dropped(checked: CheckedBatch) -> CheckedBatch:
    """The batch without copies and older versions; findings are numbered anew."""
    if checked.dropped is None or not checked.dropped.any():
        return checked
    keep = ~checked.dropped
    batch = checked.batch
    places = pl.DataFrame(
        {"row": keep.arg_true(), "place": pl.int_range(int(keep.sum()), dtype=pl.UInt32, eager=True)}
    )
    findings = checked.findings.join(places, on="row", how="inner", maintain_order="left")
    return CheckedBatch(
        batch=replace(
            batch,
            frame=batch.frame.filter(keep),
            origin=batch.origin.filter(keep),
            lookup_miss=batch.lookup_miss.filter(keep),
        ),
        sound=checked.sound.filter(keep),
        findings=findings.with_columns(row=pl.col("place")).select(checked.findings.columns),
        unknown_counts=checked.unknown_counts,
    )


def _key(
    checked: CheckedBatch, frame: pl.DataFrame, source_keys: Sequence[bytes], tools: LoadTools
) -> KeyedRows:
    kept = without_dropped(checked)
    held = (~kept.sound).arg_true().to_list()
    origins = kept.batch.origin.gather(held).to_list()
    texts = source_images(frame[origins]) if held else []
    images = dict(zip(held, texts, strict=True))
    return key_rows(kept, tools.tables[checked.batch.table], images, source_keys)


def _healthy(marks: SourceMarks, checked: Sequence[CheckedBatch], height: int) -> SourceMarks:
    """Marks of the source rows of which nothing was held and no look-up missed."""
    ailing: set[int] = set()
    for one in checked:
        bad = held_rows(one) | one.batch.lookup_miss
        ailing.update(one.batch.origin.filter(bad).to_list())
    if not ailing:
        return marks
    fine = [row for row in range(height) if row not in ailing]
    return SourceMarks([marks.key_hashes[row] for row in fine], [marks.digests[row] for row in fine])


def _milliseconds_since(started: float) -> float:
    return (perf_counter() - started) * 1000
