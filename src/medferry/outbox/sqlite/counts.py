"""How many rows are where."""

from __future__ import annotations

from medferry.outbox.outbox import TableCount
from medferry.outbox.sqlite.connection import ReadConnection, from_ms
from medferry.records import State


def counts(reading: ReadConnection) -> list[TableCount]:
    """Rows by table, campus and state, of one moment. Costs a walk over the queue, not over the ledger."""
    with reading.snapshot("统计账本"):
        found = reading.rows("counts_open")
        found += [(*row, None) for row in reading.rows("counts_final")]
    totals: dict[tuple[str, str, State], tuple[int, int | None]] = {}
    for stream_id, state, rows, oldest in found:
        stream = reading.stream(stream_id)
        place = (stream.table, stream.campus, State(state))
        before, before_oldest = totals.get(place, (0, None))
        totals[place] = (
            before + rows,
            min((at for at in (before_oldest, oldest) if at is not None), default=None),
        )
    return [
        TableCount(table, campus, state, rows, None if oldest is None else from_ms(oldest))
        for (table, campus, state), (rows, oldest) in sorted(totals.items())
    ]
