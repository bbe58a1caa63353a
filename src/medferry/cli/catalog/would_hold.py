"""How many rows of the ledger another edition would hold: its checks on each record's newest version, as mapped today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medferry.catalog.load import LoadedCatalog
    from medferry.config import Project
    from medferry.outbox.reader import ScoreReader

REASONS_MAX = 3


@dataclass(slots=True)
class WouldHold:
    """Of one table. judged: records looked at; held: of these, held by the new edition and not now.

    reasons  (check, field) -> rows, most first
    """

    table: str
    judged: int = 0
    held: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def told(self) -> str:
        """字段（校验）行数, the leading ones."""
        shown = (
            f"{name}（{check}）{rows:,}" for (check, name), rows in self.reasons.most_common(REASONS_MAX)
        )
        return "、".join(shown)


def would_hold(
    project: Project, reader: ScoreReader, new: LoadedCatalog, tables: Sequence[str]
) -> Iterator[WouldHold]:
    """Table by table; those that the new edition does not have are left out."""
    import orjson
    import polars as pl

    from medferry.checks import compile_checks, run_checks
    from medferry.outbox.reader import NewestRows
    from medferry.records import Severity, StandardBatch, State

    def judged(part: NewestRows, found: WouldHold) -> None:
        table = new.table(part.table)
        schema = dict.fromkeys(table.field_names, pl.String)
        bodies = [orjson.loads(body) for body in part.rows["body"]]
        frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in bodies], schema=schema)
        origin = pl.Series("origin", range(frame.height), dtype=pl.UInt32)
        miss = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
        batch = StandardBatch(part.table, "", "diff", frame, origin, miss)
        errors = run_checks(batch, checks[part.table]).findings.filter(pl.col("severity") == Severity.ERROR)
        is_held = part.rows["state"] == State.HELD
        fresh = errors.filter(~is_held.gather(errors["row"]))
        found.judged += frame.height
        found.held += fresh["row"].n_unique()
        found.reasons.update(zip(fresh["check"], fresh["field"].fill_null(""), strict=True))

    known = [name for name in tables if name in new.table_names]
    waived = {place: why for place, why in project.waived.items() if place[0] in known}
    checks = {name: compile_checks(new.table(name), new, waived) for name in known}
    totals = {name: WouldHold(name) for name in known}
    for part in reader.newest(tables=known):
        judged(part, totals[part.table])
    yield from (one for one in totals.values() if one.judged)
