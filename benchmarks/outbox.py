"""Goal: how fast the ledger keeps, leases and settles rows, and what it costs on disk and in memory.

Method: rows of about 640 bytes in families of 5,000 through a SqliteOutbox on a real disk (synchronous=FULL),
drawn from a seed; envelopes of 500, bodies joined but not compressed, every record accepted; then families of
one row.
Run `python -m benchmarks.outbox [rows]`.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from medferry.canonical import digests, key_hashes
from medferry.clock import ZONE, FixedClock
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.records import (
    FINDINGS_SCHEMA,
    Cursor,
    Family,
    KeyedRows,
    Outcome,
    Receipt,
    SourceMarks,
    Verdict,
)

AT = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
ORG = "12360100A00000001X"
FAMILY_ROWS = 5_000
TABLE = "inspection_test_res"


@dataclass(frozen=True, slots=True)
class Measured:
    """One step of the ledger. Speeds are rows a second; memory is the process's highest so far."""

    step: str
    rows: int
    rows_per_s: float
    memory_mib: float
    note: str = ""


def _families(rows: int, *, one_row: bool = False, seed: int = 7) -> Iterator[Family]:
    rng = random.Random(seed)
    no_findings = pl.DataFrame(schema=FINDINGS_SCHEMA)
    size = 1 if one_row else FAMILY_ROWS
    prefix = "L" if one_row else "R"
    for start in range(0, rows, size):
        count = min(size, rows - start)
        numbers = range(start, start + count)
        keys = [f"DH-{prefix}{n:010d}" for n in numbers]
        filler = [f"{rng.getrandbits(1600):0400x}" for _ in numbers]
        bodies = [
            f'{{"org_code":"{ORG}","test_result_id":"{key}","visit_id":"V{n // 40:09d}","item_name":"血清钾",'
            f'"result":"4.{n % 100:02d}","note":"{text}","updated_at":"20260115T081500"}}'
            for n, key, text in zip(numbers, keys, filler, strict=True)
        ]
        hashes = key_hashes(TABLE, [ORG] * count, keys)
        marks = digests(bodies)
        table = KeyedRows(
            TABLE, "donghu", ORG, keys, hashes, [body.encode() for body in bodies], marks,
            ["20260115T081500"] * count, [True] * count,
            [()] * count, [f"DH-P{n // 200:09d}" for n in numbers], [f"DH-V{n // 40:09d}" for n in numbers],
            no_findings,
        )  # fmt: skip
        yield Family(
            f"B{start}", "lis.result", "donghu", "head", AT, [table], Cursor("2026-01-15", (start,)),
            SourceMarks(hashes, marks), count, 0,
        )  # fmt: skip


def _joined(
    *, message_id: str, table: str, campus: str, org_code: str, created_at: datetime, bodies: Sequence[bytes]
) -> tuple[bytes, str]:
    return b"[" + b",".join(bodies) + b"]", ""


def _memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(rows: int = 100_000, folder: Path | None = None) -> list[Measured]:
    """Put, put again, lease and settle, and one row at a time."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "ledger.sqlite"
        outbox = SqliteOutbox(path, FixedClock(AT), [(TABLE, 7)], "bench")
        try:
            found = [_timed_puts(outbox, rows, "put"), _timed_puts(outbox, rows, "put unchanged")]
            found += [_timed_delivery(outbox, rows, path)]
            found += [_timed_puts(outbox, 500, "put one row", one_row=True)]
        finally:
            outbox.close()
    return found


def _timed_puts(outbox: SqliteOutbox, rows: int, step: str, *, one_row: bool = False) -> Measured:
    spent = 0.0
    for family in _families(rows, one_row=one_row):
        start = time.perf_counter()
        outbox.put(family)
        spent += time.perf_counter() - start
    return Measured(step, rows, rows / spent, _memory_mib())


def _timed_delivery(outbox: SqliteOutbox, rows: int, path: Path) -> Measured:
    limits = LeaseLimits(envelopes_max=8, records_max=500)
    leasing = settling = 0.0
    done = 0
    while True:
        start = time.perf_counter()
        envelopes = [one.envelope for one in outbox.lease(limits, _joined)]
        leased = time.perf_counter()
        outbox.settle(
            [
                Receipt(e.message_id, "R", Verdict(Outcome.ACCEPTED), {}, final=True, answered_at=AT)
                for e in envelopes
            ]
        )
        leasing += leased - start
        settling += time.perf_counter() - leased
        done += sum(envelope.record_count for envelope in envelopes)
        if not envelopes:
            break
    assert done == rows, f"{done} rows delivered of {rows}"
    bytes_a_row = path.stat().st_size / rows
    note = (
        f"lease {rows / leasing:,.0f}, settle {rows / settling:,.0f}; {bytes_a_row:,.0f} bytes a row on disk"
    )
    return Measured("lease and settle", rows, rows / (leasing + settling), _memory_mib(), note)


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        speed = f"{line.rows:>10,} rows {line.rows_per_s:>12,.0f}/s"
        print(f"{line.step:20} {speed} {line.memory_mib:>7,.0f} MiB  {line.note}")
