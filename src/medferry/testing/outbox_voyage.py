"""A small world from one seed: a hospital, a ledger, a platform, lost answers and kills.

Nothing sleeps: the clock is moved. What may go wrong is drawn from the seed, so a failure is repeated by its number.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from medferry.clock import FixedClock
from medferry.errors import OutboxError
from medferry.outbox.outbox import LeaseLimits, Outbox, Why
from medferry.records import IN_MOTION, Envelope, Outcome, Receipt, Verdict
from medferry.testing.outbox_world import START, MakeOutbox, Record, family, keyed, pack

Keyed = tuple[str, str]
"""A table and a key."""

LEASE_TIME = timedelta(minutes=2)
STEPS_MAX = 3_000


@dataclass(slots=True)
class Platform:
    """Upserts by key, newest time wins, parents first, one answer per message id for ever."""

    rng: random.Random
    rows: dict[Keyed, tuple[str, str]] = field(default_factory=dict)
    answers: dict[str, Receipt] = field(default_factory=dict)
    pending: dict[str, Envelope] = field(default_factory=dict)
    applied: dict[tuple[Keyed, str, str], str] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)

    def take(self, envelope: Envelope) -> Receipt:
        """The answer; a message seen before is answered as before."""
        if envelope.message_id not in self.answers:
            if self.rng.random() < 0.1 and envelope.message_id not in self.pending:
                self.pending[envelope.message_id] = envelope
                first = Verdict(Outcome.ACCEPTED)
                return Receipt(envelope.message_id, "T", first, {}, final=False, answered_at=START)
            self.pending.pop(envelope.message_id, None)
            self._judge(envelope)
        return self.answers[envelope.message_id]

    def ask(self, message_id: str) -> Receipt | None:
        if message_id in self.pending:
            self._judge(self.pending.pop(message_id))
        return self.answers.get(message_id)

    def _judge(self, envelope: Envelope) -> None:
        verdicts = {}
        for position, record in enumerate(json.loads(envelope.body)["records"]):
            verdicts[position] = Verdict(self._record(envelope, record))
        message_id = envelope.message_id
        self.answers[message_id] = Receipt(
            message_id, "R", Verdict(Outcome.ACCEPTED), verdicts, final=True, answered_at=START
        )

    def _record(self, envelope: Envelope, record: dict[str, str]) -> Outcome:
        name, time, content = (envelope.table, record["id"]), record["updated_at"], record["content"]
        if content.startswith("bad"):
            return Outcome.REFUSED
        if self.rng.random() < 0.05:
            return Outcome.AGAIN
        parent = record.get("parent")
        if parent is not None and ("parent", parent) not in self.rows:
            self.wrongs.append(f"{name} came before its parent")
            return Outcome.PARENT_MISSING
        if name in self.rows and self.rows[name][0] > time:
            self.wrongs.append(f"{name} came older than what lies here")
            return Outcome.STALE
        before = self.applied.setdefault((name, time, content), envelope.message_id)
        if before != envelope.message_id:
            self.wrongs.append(f"{name} {content} applied under two message ids")
        self.rows[name] = (time, content)
        return Outcome.WARNED if self.rng.random() < 0.1 else Outcome.ACCEPTED


class Voyage:
    """Everything of one seed. `kill` may make any call on the outbox die half-way, with OutboxError."""

    def __init__(
        self, seed: int, make: MakeOutbox, arm: Callable[[Outbox, random.Random], None], *, families: int = 25
    ) -> None:
        """`arm` prepares the outbox to die at a random point of its next call."""
        self.rng = random.Random(seed)
        self.clock = FixedClock(START)
        self.platform = Platform(self.rng)
        self._make = make
        self._arm = arm
        self.outbox = make(self.clock)
        self._to_read = self._hospital(families)
        self.read = 0
        self.kills = 0

    def _hospital(self, families: int) -> list[dict[str, list[Record]]]:
        """Families to be read in order: new and changed records, late ones, held ones, children before parents."""
        rng, content = self.rng, iter(range(10**9))
        batches = []
        for number in range(families):
            parents: dict[str, Record] = {}
            children: dict[str, Record] = {}
            for _ in range(rng.randint(1, 6)):
                key, parent = f"k{rng.randrange(8)}", f"k{rng.randrange(8)}"
                time = number * 10 + rng.randrange(-15, 10)
                text = f"{'bad ' if rng.random() < 0.1 else ''}{next(content)}"
                record = Record(key, time, text, sound=rng.random() > 0.2)
                if rng.random() < 0.5:
                    parents[key] = record
                else:
                    children[key] = Record(key, time, f"{text}", record.sound, parents=(("parent", parent),))
            batches.append({"child": list(children.values()), "parent": list(parents.values())})
        return batches

    def run(self) -> None:
        """Until everything is read and nothing moves."""
        for _ in range(STEPS_MAX):
            if self.read == len(self._to_read) and self._is_quiet():
                return
            if self.rng.random() < 0.2:
                self._arm(self.outbox, self.rng)
            try:
                self._step()
            except OutboxError:
                self.kills += 1
                self._reopen()
        raise AssertionError("the world never became quiet")

    def _reopen(self) -> None:
        self.outbox.close()
        self.outbox = self._make(self.clock)

    def _is_quiet(self) -> bool:
        return not any(count.rows for count in self.outbox.counts() if count.state in IN_MOTION)

    def _step(self) -> None:
        draw = self.rng.random()
        if draw < 0.3 and self.read < len(self._to_read):
            self._put()
        elif draw < 0.7:
            self._deliver()
        elif draw < 0.85:
            self._ask()
        elif draw < 0.9:
            self._reopen()
        else:
            self.clock.advance(timedelta(minutes=self.rng.choice((1, 3, 30, 600))))
            self.outbox.rescue()

    def _put(self) -> None:
        batch = self._to_read[self.read]
        tables = [keyed(table, records) for table, records in batch.items()]
        self.outbox.put(family(*tables, batch_id=f"B{self.read}", at=self.clock.now()))
        if self.rng.random() > 0.1:  # else read once more, as an overlap or a sweep does
            self.read += 1

    def _deliver(self) -> None:
        limits = LeaseLimits(3, records_max=self.rng.randint(1, 4), lease_time=LEASE_TIME, attempts_max=50)
        self._send([one.envelope for one in self.outbox.lease(limits, pack)])

    def _send(self, envelopes: Sequence[Envelope]) -> None:
        answers = []
        for envelope in envelopes:
            draw = self.rng.random()
            if draw < 0.1:
                self.outbox.release(
                    envelope.message_id, self.clock.now() + timedelta(minutes=1), Why("refused")
                )
            elif draw < 0.15:
                continue  # killed with the envelope in hand: the lease runs out
            elif draw < 0.25:
                self.platform.take(envelope)
                self.outbox.mark_unknown(envelope.message_id, Why("answer lost"))
            elif draw < 0.3:
                self.outbox.mark_unknown(envelope.message_id, Why("lost on the way there"))
            else:
                answers.append(self.platform.take(envelope))
        self.outbox.settle(answers)
        if answers and self.rng.random() < 0.1:
            self.outbox.settle(answers)  # the same answer by two roads

    def _ask(self) -> None:
        for unknown in self.outbox.unknown(3):
            message_id = unknown.envelope.message_id
            answer = self.platform.ask(message_id)
            if answer is not None:
                self.outbox.settle([answer])
            elif self.rng.random() < 0.3:
                self.outbox.asked(message_id, self.clock.now() + timedelta(minutes=1))
            else:
                again = self.outbox.resume(message_id, LEASE_TIME)
                assert again is not None
                assert again.envelope.body == unknown.envelope.body
                self._send([again.envelope])

    def complaints(self) -> list[str]:
        """What is wrong at the end: of every key the platform must hold the newest version that could come."""
        found = list(self.platform.wrongs)
        for name, versions in self._sound_versions().items():
            newest, have = versions[-1], self.platform.rows.get(name)
            parent = newest.parents[0] if newest.parents else None
            could_come = not newest.content.startswith("bad") and (
                parent is None or parent in self.platform.rows
            )
            allowed = {(one.source_time(), one.content) for one in versions} | {None}
            if could_come:
                allowed = {(newest.source_time(), newest.content)}
            if have not in allowed:
                found.append(f"{name}: the platform holds {have}, the hospital's newest is {newest}")
        strangers = self.platform.rows.keys() - self._sound_versions().keys()
        return found + [f"{name}: never sent by the hospital" for name in sorted(strangers)]

    def _sound_versions(self) -> dict[Keyed, list[Record]]:
        """Per key what is sound, in the order of versions: (source time, order of reading)."""
        found: dict[Keyed, list[Record]] = {}
        for batch in self._to_read:
            for table, records in batch.items():
                for record in records:
                    if record.sound:
                        found.setdefault((table, record.key), []).append(record)
        for versions in found.values():
            versions.sort(key=Record.source_time)
        return found
