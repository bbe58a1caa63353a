"""Writes what a review finds, in short transactions: rows that come in do not wait for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import orjson
import polars as pl

from medferry.outbox.reviews import FINDINGS_MAX
from medferry.outbox.sqlite.connection import Reason, Stream
from medferry.outbox.sqlite.rows import ReasonFound, ReviewFound, StreamFound
from medferry.outbox.sqlite.store import Store

PAGE_ROWS = 5_000  # findings written or forgotten in one transaction

_STREAM = ["table", "campus", "org_code", "edition"]
_REASON = ["check", "code", "field", "severity", "rule_id"]


class ReviewWriter:
    """See Outbox.begin_review and its sisters."""

    def __init__(self, store: Store, findings_max: int = FINDINGS_MAX) -> None:
        self._store = store
        self._findings_max = findings_max

    def begin(self) -> int:
        with self._store.transaction("开始复核"):
            review = int(self._store.values("add_review", (self._store.now_ms,))[0])
        self._forget(review)
        return review

    def add(self, review: int, found: pl.DataFrame) -> None:
        for stream, reason, keys in _portions(found):
            with self._store.transaction("写入复核结果"):
                self._add(review, stream, reason, keys)

    def _add(self, review: int, stream: Stream, reason: Reason, keys: list[str]) -> None:
        store = self._store
        place = (review, store.stream_id(stream), store.reason_id(reason))
        before = sum(store.values("review_count", place))
        room = max(0, self._findings_max - before)
        findings = [(review, place[1], key, place[2]) for key in keys[:room]]
        # Two entries of one rule may find the same record; beyond the limit nobody tells.
        told = store.many("add_review_finding", findings) if findings else 0
        store.run("add_review_count", (*place, told + len(keys[room:])))

    def renew(self, judged: pl.DataFrame, rules: pl.DataFrame, found: pl.DataFrame) -> None:
        """Table by table: between two transactions a reader sees some records as they were and some as they are."""
        ended = self._store.reading.typed(ReviewFound, "last_review")
        review = ended[0].review_id if ended else self.begin()
        if not ended:
            self.end(review, 0, 0)
        for (table,), part in judged.partition_by(["table"], as_dict=True).items():
            mine = pl.col("table") == table
            named = {tuple(row) for row in rules.filter(mine).select("check", "field", "rule_id").iter_rows()}
            with self._store.transaction("写入复核结果"):
                self._drop(review, str(table), part, named)
                for stream, reason, keys in _portions(found.filter(mine)):
                    self._add(review, stream, reason, keys)

    def _drop(self, review: int, table: str, judged: pl.DataFrame, rules: set[tuple[str, str, str]]) -> None:
        """A finding that was only counted, beyond the limit, stays counted until the next whole review."""
        store = self._store
        reasons = [
            one.reason_id
            for one in store.typed(ReasonFound, "reasons")
            if (one.check_name, one.field, one.rule_id) in rules
        ]
        keys = {
            str(org): part["key"] for (org,), part in judged.partition_by(["org_code"], as_dict=True).items()
        }
        for stream in store.typed(StreamFound, "streams"):
            if stream.table_name != table or stream.org_code not in keys:
                continue
            for page in _pages(keys[stream.org_code]):
                place = {"review": review, "stream_id": stream.stream_id}
                asked = {"keys": orjson.dumps(page).decode(), "reasons": orjson.dumps(reasons).decode()}
                dropped = Counter(store.values("drop_review_findings", {**place, **asked}))
                for reason_id, rows in dropped.items():
                    store.run("lower_review_count", (rows, review, stream.stream_id, reason_id))
        store.run("drop_review_counts", (review,))

    def end(self, review: int, rows: int, left_out: int) -> None:
        with self._store.transaction("结束复核"):
            self._store.run("end_review", (self._store.now_ms, rows, left_out, review))
        self._forget(review + 1)

    def _forget(self, newest: int) -> None:
        """Drops reviews before `newest` but for the last that ended."""
        store = self._store
        ended = store.reading.typed(ReviewFound, "last_review")
        which = {"newest": newest, "kept": ended[0].review_id if ended else 0}
        gone = PAGE_ROWS
        while gone == PAGE_ROWS:
            with store.transaction("清除旧的复核结果"):
                gone = store.run("forget_review_findings", {**which, "many": PAGE_ROWS})
        with store.transaction("清除旧的复核结果"):
            store.run("forget_review_counts", which)
            store.run("forget_reviews", which)


def _portions(found: pl.DataFrame) -> Iterator[tuple[Stream, Reason, list[str]]]:
    for said, part in found.partition_by([*_STREAM, *_REASON], as_dict=True, maintain_order=True).items():
        stream, reason = Stream(*map(str, said[:4])), Reason(*map(str, said[4:]))
        for keys in _pages(part["key"]):
            yield stream, reason, keys


def _pages(keys: pl.Series) -> Iterator[list[str]]:
    for start in range(0, len(keys), PAGE_ROWS):
        yield keys.slice(start, PAGE_ROWS).to_list()
