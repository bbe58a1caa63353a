"""Rows held, by the route that read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from medferry.outbox.reader import HeldOfRoute
from medferry.outbox.sqlite.connection import ReadConnection


def held_by_route(reading: ReadConnection, spans: Iterable[tuple[str, int, int]]) -> list[HeldOfRoute]:
    """spans  of each partition: day, first sequence, end (not included)"""
    found: Counter[tuple[str, int]] = Counter()
    with reading.snapshot("统计扣留"):
        for day, first, end in spans:
            of_day = reading.rows("held_by_route", {"first_seq": first, "end_seq": end}, day=day)
            found.update({(route, stream_id): rows for route, stream_id, rows in of_day})
    by_route = [(route, reading.stream(stream_id), rows) for (route, stream_id), rows in found.items()]
    return [HeldOfRoute(route, of.table, of.campus, rows) for route, of, rows in sorted(by_route)]
