"""The way out of the ledger: lease, send, read the answer, settle; ask about lost answers; wait out an outage.

The caller's thread settles, another one forms the next envelopes meanwhile; up to `in_flight_max` threads talk to the
platform. Settles are gathered, so that one durable commit answers for many envelopes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from medferry.clock import Clock
from medferry.destinations.destination import Destination
from medferry.destinations.errors import EnvelopeTooLarge
from medferry.errors import AnswerLost, DeliveryError, Next
from medferry.events import (
    NOT_SENT,
    EnvelopeAnswered,
    EnvelopeFailed,
    EnvelopeSettled,
    Event,
    Listener,
    PlatformBack,
    PlatformLost,
    QuestionFailed,
)
from medferry.outbox.outbox import Leased, LeaseLimits, UnknownEnvelope, WayOutLedger, Why
from medferry.receipt.asked import Asked, AskedState
from medferry.receipt.errors import EnvelopeRefused, EnvelopeStopped, ReplyNotUnderstood
from medferry.records import Envelope, Receipt, Reply, State
from medferry.way_out.lease_ahead import LeaseAhead
from medferry.way_out.outage import Outage, Patience

NOT_YET = Why(NOT_SENT, Next.RETRY, "平台不可达或运行正在停止，还没有轮到它")
TOO_OLD = Why(
    "deliver.too_old",
    Next.PARK,
    "平台已不记得此报文，且超过幂等窗口，须先对账",
    in_trail="平台已不记得此报文，且超过幂等窗口，须先对账",
)

_LOST_CODES = {AnswerLost.code, ReplyNotUnderstood.code}

ReadReply = Callable[[Reply, Envelope], Receipt]
ReadAnswer = Callable[[Reply, Envelope], Asked]


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Limits of the way out; every wait has a name."""

    limits: LeaseLimits
    in_flight_max: int = 8
    gather_s: float = 0.02  # how long finished envelopes wait for company before one commit settles them
    ask_again_s: float = 2.0  # before each question about one envelope
    not_understood_max: int = 5  # replies about one envelope that contradict themselves: then it is parked
    rescue_every_s: float = 5.0
    unknown_at_once_max: int = 16
    idempotency_window: timedelta = timedelta(hours=72)
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one sending, or of one question about it."""

    envelope: Envelope
    receipt: Receipt | None = None
    asked: Asked | None = None
    about: UnknownEnvelope | None = None
    error: DeliveryError | None = None
    held_back: bool = False  # the platform was lost, or the run stopped, before its turn came


@dataclass(slots=True)
class DeliveryFigures:
    """Counters of this process, in rows unless named otherwise; counted from what the ledger says happened."""

    envelopes: int = 0
    accepted: int = 0
    refused: int = 0
    stale: int = 0
    again: int = 0
    answers_lost: int = 0

    def count(self, event: Event) -> None:
        """What an event adds."""
        if isinstance(event, EnvelopeSettled):
            self.envelopes += 1
            self.accepted += event.accepted
            self.refused += event.refused
            self.stale += event.stale
            self.again += event.again
        elif isinstance(event, EnvelopeFailed) and event.state == State.UNKNOWN:
            self.answers_lost += event.code in _LOST_CODES

    def __add__(self, later: DeliveryFigures) -> DeliveryFigures:
        return DeliveryFigures(
            self.envelopes + later.envelopes,
            self.accepted + later.accepted,
            self.refused + later.refused,
            self.stale + later.stale,
            self.again + later.again,
            self.answers_lost + later.answers_lost,
        )


class Delivery:
    """Runs the way out. `turn()` is called again and again by one thread."""

    def __init__(
        self,
        outbox: WayOutLedger,
        destination: Destination,
        read_reply: ReadReply,
        read_answer: ReadAnswer,
        settings: DeliverySettings,
        clock: Clock,
        tell: Listener,
        lost_since: datetime | None = None,
    ) -> None:
        self._outbox = outbox
        self._destination = destination
        self._read_reply = read_reply
        self._read_answer = read_answer
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._pool = ThreadPoolExecutor(max_workers=settings.in_flight_max, thread_name_prefix="deliver")
        self._leased = LeaseAhead(outbox.lease, destination.pack, settings.limits, settings.in_flight_max)
        self._running: set[Future[Sent]] = set()
        self._asking: set[str] = set()
        self._not_understood_times: dict[str, int] = {}
        self._rescued_at: datetime | None = None
        self.closing = False
        self.outage = Outage(
            settings.patience, since=lost_since
        )  # an outage outlives the process that noticed it
        self.figures = DeliveryFigures()

    def turn(self, wait_s: float) -> bool:
        """One turn; waits at most `wait_s` for an answer when envelopes are under way. True if anything moved."""
        moved = self._rescue()
        if self._may_send():
            moved |= self._ask_about_unknown()
        self._lease_next()
        if not self._running:
            moved |= self._send_leased()
        moved |= self._gather(wait_s)
        return moved

    @property
    def in_flight(self) -> int:
        return len(self._running) + (self._leased.under_way is not None)

    def close(self) -> None:
        """Waits for what is under way and settles it, then ends; what has not begun stays in the ledger."""
        self.closing = True
        self._send_leased()
        while self._running:
            self._gather(1.0)
        self._leased.close()
        self._pool.shutdown(wait=True)

    # --- before sending

    def _rescue(self) -> bool:
        now = self._clock.now()
        due = timedelta(seconds=self._settings.rescue_every_s)
        if self._rescued_at is not None and now - self._rescued_at < due:
            return False
        self._rescued_at = now
        rescued = self._outbox.rescue()
        self._happened(rescued)
        return rescued is not None

    def _may_send(self) -> bool:
        retry_at = self.outage.retry_at
        if retry_at is None:
            return True
        return self._clock.now() >= retry_at and not self._running  # half-open: one envelope tries the way

    def _ask_about_unknown(self) -> bool:
        # Loads wait in the pool nearly always: questions have room of their own.
        room = min(self._settings.in_flight_max, self._settings.unknown_at_once_max) - len(self._asking)
        if self.outage.since is not None:
            room = min(room, 1)
        asked = 0
        if room > 0:
            for unknown in self._outbox.unknown(room + len(self._asking)):
                message_id = unknown.envelope.message_id
                if message_id in self._asking or asked >= room:
                    continue
                self._asking.add(message_id)
                self._running.add(self._pool.submit(self._ask, unknown))
                asked += 1
        return asked > 0

    def _lease_next(self) -> None:
        """Has the next load formed, if there is room for it."""
        if self.closing or not self._may_send():
            return
        under_way = len(self._running)
        room = int(not under_way) if self.outage.since is not None else self._leased.room(under_way)
        if room > 0:
            self._leased.begin(room)

    def _send_leased(self) -> bool:
        """Waits for the lease under way and sends what it formed."""
        formed = self._leased.formed()
        for leased in formed:
            self._submit(leased)
        if formed:
            self._lease_next()
        return bool(formed)

    def _submit(self, leased: Leased) -> None:
        self._happened(leased.event)
        self._running.add(self._pool.submit(self._send, leased.envelope))

    # --- on the sending threads

    def _send(self, envelope: Envelope) -> Sent:
        retry_at = self.outage.retry_at
        if self.closing or (retry_at is not None and self._clock.now() < retry_at):
            return Sent(envelope, held_back=True)
        try:
            reply = self._destination.send(envelope)
            self._tell(EnvelopeAnswered(envelope.message_id, envelope.table, reply.status, reply.duration_ms))
            self._leased.answered(reply.duration_ms)
            return Sent(envelope, receipt=self._read_reply(reply, envelope))
        except DeliveryError as error:
            return Sent(envelope, error=error)

    def _ask(self, unknown: UnknownEnvelope) -> Sent:
        envelope = unknown.envelope
        try:
            reply = next(iter(self._destination.ask([envelope.message_id])))
            return Sent(envelope, asked=self._read_answer(reply, envelope), about=unknown)
        except DeliveryError as error:
            return Sent(envelope, error=error, about=unknown)

    # --- after the answer

    def _gather(self, wait_s: float) -> bool:
        if not self._running:
            return False
        if self._leased.under_way is not None:
            either: set[Future[Any]] = {*self._running, self._leased.under_way}
            wait(either, timeout=wait_s, return_when=FIRST_COMPLETED)
            if self._leased.under_way.done() and self._send_leased():
                return True
        done, _ = wait(self._running, timeout=wait_s, return_when=FIRST_COMPLETED)
        if not done:
            return False
        if len(done) < len(self._running):
            late, _ = wait(self._running - done, timeout=self._settings.gather_s)
            done |= late
        self._running -= done
        self._lease_next()  # while these are settled
        results = [future.result() for future in done]
        receipts = [result for result in results if self._final_word(result) is not None]
        if receipts:
            self._settle(receipts)
        for result in results:
            if result.about is not None:
                self._asking.discard(result.envelope.message_id)
            if result.held_back:
                self._not_sent(result.envelope)
            elif result.error is not None:
                self._failed(result, result.error)
            elif result.asked is not None and result.asked.receipt is None:
                self._still_unknown(result, result.asked)
        return True

    @staticmethod
    def _final_word(result: Sent) -> Receipt | None:
        if result.receipt is not None:
            return result.receipt
        return result.asked.receipt if result.asked is not None else None

    def _settle(self, results: Sequence[Sent]) -> None:
        receipts = [receipt for result in results if (receipt := self._final_word(result)) is not None]
        for settled in self._outbox.settle(receipts):
            self._happened(settled.event)
        self._platform_answers()

    def _happened(self, event: Event | None) -> None:
        """Tells and counts what the ledger says it has done; None: nothing."""
        if event is not None:
            self.figures.count(event)
            self._tell(event)

    def _still_unknown(self, result: Sent, asked: Asked) -> None:
        envelope = result.envelope
        self._platform_answers()
        assert result.about is not None
        now = self._clock.now()
        if asked.state is not AskedState.NOT_SEEN:
            self._ask_again(envelope)
            return
        if now - result.about.first_sent_at >= self._settings.idempotency_window:
            self._happened(self._outbox.park(envelope.message_id, TOO_OLD))
            return
        again = self._outbox.resume(envelope.message_id, self._settings.limits.lease_time)
        if again is not None:
            self._submit(again)

    def _failed(self, result: Sent, error: DeliveryError) -> None:
        """What a failed sending or question means for its envelope, and for the platform as a whole."""
        envelope = result.envelope
        why = Why(error.code, error.next, str(error))
        if isinstance(error, ReplyNotUnderstood):
            self._not_understood(result, why)
        elif isinstance(error, (EnvelopeRefused, EnvelopeStopped)):
            # The platform's final word about this message, also when it came by asking. A channel that is stopped
            # refuses every message alike: that is no try of these rows.
            self._release(envelope, why, counted=isinstance(error, EnvelopeRefused))
        elif result.about is not None:
            self._question_failed(envelope, why)
        elif isinstance(error, EnvelopeTooLarge):
            self._too_large(envelope, error, why)
        elif isinstance(error, AnswerLost) or envelope.attempt > 1:
            # Sent before: an earlier request may still arrive, so the rows may not leave under another id.
            self._happened(self._outbox.mark_unknown(envelope.message_id, why))
            self._ask_again(envelope)
        else:
            self._release(envelope, why, counted=False)
        if isinstance(error, (EnvelopeTooLarge, EnvelopeRefused, ReplyNotUnderstood)):
            self._platform_answers()
        else:
            self._platform_silent(error)

    def _release(self, envelope: Envelope, why: Why, *, counted: bool) -> None:
        now = self._clock.now()
        self._happened(self._outbox.release(envelope.message_id, now, why, counted=counted))

    def _not_sent(self, envelope: Envelope) -> None:
        """Back to where it was before its turn: one that was sent before is asked about, the rest is ready again."""
        if envelope.attempt > 1:
            self._happened(self._outbox.mark_unknown(envelope.message_id, NOT_YET))
            self._ask_again(envelope)
        else:
            self._release(envelope, NOT_YET, counted=False)

    def _not_understood(self, result: Sent, why: Why) -> None:
        """Asked a few times more, then a person looks: what the platform did is never guessed."""
        envelope = result.envelope
        times = self._not_understood_times.get(envelope.message_id, 0) + 1
        if times >= self._settings.not_understood_max:
            self._not_understood_times.pop(envelope.message_id, None)
            self._happened(self._outbox.park(envelope.message_id, why))
            return
        self._not_understood_times[envelope.message_id] = times
        if result.about is None:
            self._happened(self._outbox.mark_unknown(envelope.message_id, why))
            self._ask_again(envelope)
        else:
            self._question_failed(envelope, why)

    def _question_failed(self, envelope: Envelope, why: Why) -> None:
        self._tell(QuestionFailed(envelope.message_id, envelope.table, why.code, why.next, why.message))
        self._ask_again(envelope)

    def _too_large(self, envelope: Envelope, error: EnvelopeTooLarge, why: Why) -> None:
        if envelope.record_count == 1 or error.next is Next.PARK:
            self._happened(self._outbox.park(envelope.message_id, why))
            return
        now, records_max = self._clock.now(), error.records_max
        self._happened(self._outbox.release(envelope.message_id, now, why, records_max=records_max))

    def _ask_again(self, envelope: Envelope) -> None:
        later = self._clock.now() + timedelta(seconds=self._settings.ask_again_s)
        self._outbox.asked(envelope.message_id, later)

    # --- outages

    def _platform_silent(self, error: DeliveryError) -> None:
        if self.outage.note(error, self._clock.now()):
            lost = PlatformLost(error.code, str(error))
            self._outbox.record([lost])
            self._tell(lost)

    def _platform_answers(self) -> None:
        outage = self.outage
        if outage.since is None:
            outage.answers_lost = 0
            return
        back = PlatformBack((self._clock.now() - outage.since).total_seconds())
        self.outage = Outage(self._settings.patience)
        self._outbox.record([back])
        self._tell(back)
