"""What an answer does: rows leave the road or come back to it, lanes open, children wake. All set-based.

The rows concerned are gathered in the temporary table `answered`, their outcomes and next states are worked
out there, then every table is changed once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import orjson

from medferry.events import EnvelopeSettled, Event
from medferry.outbox.outbox import SettleResult, Why
from medferry.outbox.sqlite.connection import Reason, Row
from medferry.outbox.sqlite.journal import write_events
from medferry.outbox.sqlite.rows import HeadOfEnvelope
from medferry.outbox.sqlite.store import Store
from medferry.records import Outcome, Receipt, State, Verdict

AGAIN_DELAY_MS = 30_000  # after the first try; doubles with each
AGAIN_DELAY_MAX_MS = 3_600_000
_UNDER_WAY = frozenset({State.LEASED, State.SENT, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Answer:
    """An envelope being answered in this transaction."""

    message_no: int
    message_id: str
    table: str
    receipt_no: str


class EnvelopeHead(NamedTuple):
    """An envelope under way, without its body."""

    message_no: int
    message_id: str
    table: str
    state: State
    sequences: tuple[int, ...]


class Settlement:
    """Answers inside one open transaction; `finish` applies them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._answers: dict[int, _Answer] = {}
        store.run("clear_answered")
        store.run("clear_opened")

    def settle(self, receipts: Sequence[Receipt]) -> list[SettleResult]:
        for number, receipt in enumerate(receipts):
            self._take(number, receipt)
        by_receipt = self.finish()
        results, events = [], list[Event]()
        for number in range(len(receipts)):
            result = by_receipt.get(number, SettleResult())
            answer = self._answers.get(number)
            if answer is not None:
                counts = (result.accepted, result.refused, result.stale, result.again)
                event = EnvelopeSettled(answer.message_id, answer.table, answer.receipt_no, *counts)
                result = replace(result, event=event)
                events.append(event)
            results.append(result)
        write_events(self._store, events)
        return results

    def _take(self, number: int, receipt: Receipt) -> None:
        head = self.head(receipt.message_id)
        if head is None or any(answer.message_id == receipt.message_id for answer in self._answers.values()):
            return  # answered before
        if not receipt.final:
            self.move(head, State.SENT)
            return
        self._gather(number, head.message_no, receipt.default)
        self._store.many(
            "answer_row",
            [
                (verdict.outcome, verdict.code, verdict.field or "", verdict.text, head.sequences[position])
                for position, verdict in receipt.verdicts.items()
            ],
        )
        self._answers[number] = _Answer(head.message_no, head.message_id, head.table, receipt.receipt_no)

    def give_back(self, head: EnvelopeHead, why: Why, *, not_before_ms: int | None, counted: bool) -> None:
        """All rows of an envelope come back, or are parked when their attempts are used up."""
        self._answers[0] = _Answer(head.message_no, head.message_id, head.table, "")
        self._gather(
            0,
            head.message_no,
            Verdict(Outcome.AGAIN, "", None, why.in_trail or why.code),
            not_before_ms,
            counted,
        )

    def park(self, head: EnvelopeHead, why: Why) -> None:
        """A person looks at all rows of an envelope."""
        self.give_back(head, why, not_before_ms=None, counted=True)
        self._store.run("give_up")

    def head(self, message_id: str) -> EnvelopeHead | None:
        """An envelope under way; None: answered before, or never formed."""
        for found in self._store.typed(HeadOfEnvelope, "envelope_head", (message_id,)):
            table = self._store.stream(found.stream_id).table
            sequences = tuple(orjson.loads(found.sequences))
            return EnvelopeHead(found.message_no, message_id, table, State(found.state), sequences)
        return None

    def _gather(
        self,
        number: int,
        message_no: int,
        verdict: Verdict,
        not_before_ms: int | None = None,
        counted: bool = True,
    ) -> int:
        return self._store.run(
            "answer_envelope",
            {
                "receipt": number, "message_no": message_no, "attempt": int(counted),
                "outcome": verdict.outcome, "code": verdict.code, "field": verdict.field or "",
                "text": verdict.text, "not_before": not_before_ms,
            },
        )  # fmt: skip

    def move(self, head: EnvelopeHead, state: State) -> None:
        """An envelope and its rows stay under way, in another state."""
        assert state in _UNDER_WAY
        if head.state is state:
            return
        store = self._store
        store.run("set_envelope_state", {"state": state, "at": store.now_ms, "message_no": head.message_no})
        store.run("set_rows_under_way", {"state": state, "message_no": head.message_no})

    def finish(self) -> dict[int, SettleResult]:
        """Everything that follows from the answers gathered; per receipt, in rows."""
        store = self._store
        store.run("decide")
        self._delay()
        self._write_down()
        store.run("accept_heads")
        store.run("stale_heads")
        store.run("leave_queue")
        store.run("stay_queue")
        store.many("drop_envelope", [(answer.message_no,) for answer in self._answers.values()])
        return _results(store.rows("count_outcomes"), self.wake())

    def withdraw(self, sequences: Sequence[int], reason: str) -> list[Row]:
        """Rows that a person voids; returns their keys with what the heads say. `wake` must follow."""
        store = self._store
        store.run("answer_voided", (reason, orjson.dumps(sequences).decode()))
        self._write_down()
        store.run("leave_waits")
        store.run("leave_queue")
        return store.rows("voided_keys")

    def wake(self) -> Mapping[int, int]:
        """Children whose last missing parent is there now; rows woken, per receipt."""
        store = self._store
        if not store.run("open_gates"):
            return {}
        receipts: dict[int, int] = dict(store.rows("opened"))
        store.run("drop_opened_waits")
        return Counter(receipts[seq] for (seq,) in store.rows("wake"))

    def _delay(self) -> None:
        store = self._store
        for seq, parents in store.rows("parents_of_missing"):
            on_the_way = store.among("on_the_way_among", orjson.loads(parents))
            if on_the_way:  # it comes again after its parent
                store.many("add_wait", [(parent, seq) for (parent,) in on_the_way])
                store.run("wait_again", (seq,))
        delays = {"now": store.now_ms, "delay": AGAIN_DELAY_MS, "delay_max": AGAIN_DELAY_MAX_MS}
        store.run("delay_answered", delays)

    def _write_down(self) -> None:
        """Final states, steps, refusals as findings, tallies."""
        store = self._store
        first, last = store.rows("span_answered")[0]
        if first is None:
            return
        for day, first_seq, end_seq in store.days_between(first, last):
            span = {"at": store.now_ms, "first_seq": first_seq, "end_seq": end_seq}
            store.run("settle_final", span, day=day)
            store.run("steps_answered", span, day=day)
        for seq, code, name, _ in store.rows("refusals"):
            reason = Reason("platform", code, name, "error", "")
            store.run("add_finding", (seq, store.reason_id(reason)), day=store.day_of(seq))
        store.many("add_tally", store.rows("tally_answered"))


def _results(counts: Sequence[Row], woken: Mapping[int, int]) -> dict[int, SettleResult]:
    found: dict[int, SettleResult] = {}
    for receipt, outcome, rows in counts:
        result = found.get(receipt, SettleResult(woken=woken.get(receipt, 0)))
        if outcome in {Outcome.ACCEPTED, Outcome.WARNED}:
            result = replace(result, accepted=result.accepted + rows)
        elif outcome == Outcome.REFUSED:
            result = replace(result, refused=result.refused + rows)
        elif outcome == Outcome.STALE:
            result = replace(result, stale=result.stale + rows)
        else:
            result = replace(result, again=result.again + rows)
        found[receipt] = result
    return found
