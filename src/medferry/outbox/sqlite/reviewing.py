"""Writes what a review finds, in short transactions: rows that come in do not wait for it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from medferry.outbox.reviews import FINDINGS_MAX
from medferry.outbox.sqlite.reading import Reason, Stream
from medferry.outbox.sqlite.store import Store

PAGE_ROWS = 5_000  # findings written or forgotten in one transaction

_STREAM = ["table", "campus", "org_code", "edition"]
_REASON = ["check", "code", "field", "severity", "rule_id"]


class Reviewing:
    """See Outbox.begin_review and its sisters."""

    def __init__(self, store: Store, findings_max: int = FINDINGS_MAX) -> None:
        self._store = store
        self._findings_max = findings_max

    def begin(self) -> int:
        with self._store.transaction("开始复核"):
            review = int(self._store.rows("add_review", (self._store.now_ms,))[0][0])
        self._forget(review)
        return review

    def add(self, review: int, found: pl.DataFrame) -> None:
        for said, part in found.partition_by([*_STREAM, *_REASON], as_dict=True, maintain_order=True).items():
            stream, reason = Stream(*map(str, said[:4])), Reason(*map(str, said[4:]))
            for keys in _pages(part["key"]):
                self._add(review, stream, reason, keys)

    def _add(self, review: int, stream: Stream, reason: Reason, keys: list[str]) -> None:
        store = self._store
        with store.transaction("写入复核结果"):
            place = (review, store.stream_id(stream), store.reason_id(reason))
            before = store.rows("review_count", place)
            room = max(0, self._findings_max - (before[0][0] if before else 0))
            findings = [(review, place[1], key, place[2]) for key in keys[:room]]
            # Two entries of one rule may find the same record; beyond the limit nobody tells.
            told = store.many("add_review_finding", findings) if findings else 0
            store.run("add_review_count", (*place, told + len(keys[room:])))

    def end(self, review: int, rows: int, left_out: int) -> None:
        with self._store.transaction("结束复核"):
            self._store.run("end_review", (self._store.now_ms, rows, left_out, review))
        self._forget(review + 1)

    def _forget(self, newest: int) -> None:
        """Drops reviews before `newest` but for the last that ended."""
        store = self._store
        ended = store.reading.rows("last_review")
        which = {"newest": newest, "kept": ended[0][0] if ended else 0}
        gone = PAGE_ROWS
        while gone == PAGE_ROWS:
            with store.transaction("清除旧的复核结果"):
                gone = store.run("forget_review_findings", {**which, "many": PAGE_ROWS})
        with store.transaction("清除旧的复核结果"):
            store.run("forget_review_counts", which)
            store.run("forget_reviews", which)


def _pages(keys: pl.Series) -> Iterator[list[str]]:
    for start in range(0, len(keys), PAGE_ROWS):
        yield keys.slice(start, PAGE_ROWS).to_list()
