"""One exercise suite for every destination: what the contract promises, asked of a real other side.

Raises AssertionError, with the name of the exercise and what was expected. Needs nothing of pytest.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from medferry.clock import ZONE
from medferry.destinations.destination import Destination
from medferry.errors import ChannelStopped, DeliveryError
from medferry.receipt import Asked, AskedState
from medferry.records import Envelope, Outcome, Receipt, Reply
from medferry.testing.hostile_platform import HOSTILE_ANSWERS, HostilePlatform

__all__ = ["EXERCISES", "DestinationCase", "exercise_destination"]

_AT = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
_THREADS = 8
_ENVELOPES = 40


@dataclass(frozen=True)
class DestinationCase:
    """What the suite needs to know of one destination and its other side.

    make        opens it anew; the suite closes it
    row         key -> a canonical row of `table` that the other side accepts
    broken_row  key -> a row it refuses
    read_reply, read_answer   the receipt functions, bound to the dialect
    secret      must never appear in what the destination says
    against     opens it against another address; None of a destination that does not speak HTTP, whose exercise of hostile
                answers is then waived with the reason
    """

    make: Callable[[], Destination]
    table: str
    campus: str
    org_code: str
    row: Callable[[str], str]
    broken_row: Callable[[str], str]
    read_reply: Callable[[Reply, Envelope], Receipt]
    read_answer: Callable[[Reply, Envelope], Asked]
    secret: str
    against: Callable[[str], Destination] | None = None


def exercise_destination(case: DestinationCase, waived: Mapping[str, str] | None = None) -> list[str]:
    """Runs every exercise not waived; `waived`: name -> reason. Returns the names run."""
    waived = waived or {}
    if unknown := set(waived) - set(EXERCISES):
        raise AssertionError(f"no such exercises: {sorted(unknown)}; known: {list(EXERCISES)}")
    assert all(waived.values()), "a waiver says its reason"
    for name, exercise in EXERCISES.items():
        if name in waived:
            continue
        destination = case.make()
        try:
            exercise(destination, case)
        except AssertionError as error:
            raise AssertionError(f"exercise {name}: {error}") from error
        finally:
            destination.close()
    return [name for name in EXERCISES if name not in waived]


def _envelope(
    destination: Destination, case: DestinationCase, keys: list[str], rows: list[str] | None = None
) -> Envelope:
    message_id = f"{case.org_code}-{uuid.uuid4().hex[:20]}"
    body, encoding = destination.pack(
        message_id=message_id,
        table=case.table,
        campus=case.campus,
        org_code=case.org_code,
        created_at=_AT,
        bodies=[row.encode() for row in (rows if rows is not None else [case.row(key) for key in keys])],
    )
    sequences = tuple(range(1, len(keys) + 1))
    return Envelope(
        message_id, case.table, case.campus, case.org_code, sequences, tuple(keys), body, encoding, _AT, 1
    )


def _keys(count: int) -> list[str]:
    start = uuid.uuid4().hex[:12]
    return [f"{start}{number}" for number in range(count)]


def probe_is_fine(destination: Destination, case: DestinationCase) -> None:
    findings = destination.probe()
    assert findings, "probe reports something"
    assert all(finding.ok for finding in findings), [finding.text for finding in findings if not finding.ok]
    assert case.secret not in repr(findings), "probe tells no secret"


def pack_is_pure(destination: Destination, case: DestinationCase) -> None:
    def packed(message_id: str, campus: str = case.campus) -> tuple[bytes, str]:
        return destination.pack(
            message_id=message_id,
            table=case.table,
            campus=campus,
            org_code=case.org_code,
            created_at=_AT,
            bodies=[case.row(key).encode() for key in ("a", "b", "c") * 30],
        )

    assert packed("M1") == packed("M1"), "same input, same bytes"
    assert packed("M1") != packed("M2"), "the message id is in the body"


def sent_is_answered(destination: Destination, case: DestinationCase) -> None:
    for count in (1, 100):
        envelope = _envelope(destination, case, _keys(count))
        reply = destination.send(envelope)
        assert reply.message_id == envelope.message_id, "a reply names its message"
        assert reply.duration_ms >= 0
        receipt = case.read_reply(reply, envelope)
        assert receipt.default.outcome is Outcome.ACCEPTED, receipt.default
        assert not receipt.verdicts, "every row is accepted"


def one_refused_row_leaves_its_neighbours(destination: Destination, case: DestinationCase) -> None:
    keys = _keys(3)
    rows = [case.row(keys[0]), case.broken_row(keys[1]), case.row(keys[2])]
    envelope = _envelope(destination, case, keys, rows)
    receipt = case.read_reply(destination.send(envelope), envelope)
    refused = {at for at, verdict in receipt.verdicts.items() if verdict.outcome is Outcome.REFUSED}
    assert refused == {1}, f"only the second row is refused, not {sorted(refused)}"
    assert receipt.verdicts[1].code, "a refusal has a code"


def sent_twice_is_one(destination: Destination, case: DestinationCase) -> None:
    envelope = _envelope(destination, case, _keys(2))
    first = case.read_reply(destination.send(envelope), envelope)
    second = case.read_reply(destination.send(replace(envelope, attempt=2)), envelope)
    assert first.receipt_no == second.receipt_no, "the old receipt comes back"
    assert (first.default.outcome, first.verdicts) == (second.default.outcome, second.verdicts)


def other_content_under_one_id_stops(destination: Destination, case: DestinationCase) -> None:
    envelope = _envelope(destination, case, _keys(1))
    destination.send(envelope)
    other = replace(_envelope(destination, case, _keys(1)), message_id=envelope.message_id)
    try:
        case.read_reply(destination.send(other), other)
    except ChannelStopped:
        return
    raise AssertionError("a message id used again for other content must stop the channel")


def asked_is_told(destination: Destination, case: DestinationCase) -> None:
    sent, never = _envelope(destination, case, _keys(2)), _envelope(destination, case, _keys(1))
    receipt = case.read_reply(destination.send(sent), sent)
    replies = list(destination.ask([sent.message_id, never.message_id]))
    assert [reply.message_id for reply in replies] == [sent.message_id, never.message_id], (
        "one reply each, in order"
    )
    done = case.read_answer(replies[0], sent)
    assert done.state is AskedState.DONE, done.state
    assert done.receipt is not None
    assert done.receipt.receipt_no == receipt.receipt_no, "the receipt of the first answer"
    assert case.read_answer(replies[1], never).state is AskedState.NOT_SEEN


def many_threads_do_not_mix(destination: Destination, case: DestinationCase) -> None:
    envelopes = [_envelope(destination, case, _keys(2)) for _ in range(_ENVELOPES)]
    with ThreadPoolExecutor(_THREADS) as pool:
        replies = list(pool.map(destination.send, envelopes))
    receipts = [case.read_reply(*pair) for pair in zip(replies, envelopes, strict=True)]
    assert [receipt.message_id for receipt in receipts] == [envelope.message_id for envelope in envelopes]
    assert len({receipt.receipt_no for receipt in receipts}) == _ENVELOPES, "a receipt each"


def close_may_be_called_again(destination: Destination, case: DestinationCase) -> None:
    destination.send(_envelope(destination, case, _keys(1)))
    destination.close()
    destination.close()


def whatever_a_platform_says_is_a_failed_delivery_at_worst(
    destination: Destination, case: DestinationCase
) -> None:
    """Each hostile answer, to a sending and to a question: no other error, and the secret is in none. Those without an end
    are left to the destination's own tests: how long it waits is its own setting.
    """
    assert case.against is not None, (
        "say how it is opened against another address, or waive this with the reason"
    )
    envelope = _envelope(destination, case, _keys(1))
    for name, answer in HOSTILE_ANSWERS.items():
        if answer.endless or not answer.data:
            continue
        with HostilePlatform(answer) as platform:
            opened = case.against(platform.url)
            try:
                for said in (
                    _said_of_sending(opened, envelope, case),
                    _said_of_asking(opened, envelope, case),
                ):
                    assert case.secret not in said, name
            except AssertionError:
                raise
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__} instead of a DeliveryError") from error
            finally:
                opened.close()


def _said_of_sending(destination: Destination, envelope: Envelope, case: DestinationCase) -> str:
    try:
        case.read_reply(destination.send(envelope), envelope)
    except DeliveryError as error:
        return str(error)
    return ""


def _said_of_asking(destination: Destination, envelope: Envelope, case: DestinationCase) -> str:
    try:
        for reply in destination.ask([envelope.message_id]):
            case.read_answer(reply, envelope)
    except DeliveryError as error:
        return str(error)
    return ""


EXERCISES: Mapping[str, Callable[[Destination, DestinationCase], None]] = {
    exercise.__name__: exercise
    for exercise in (
        probe_is_fine,
        pack_is_pure,
        sent_is_answered,
        one_refused_row_leaves_its_neighbours,
        sent_twice_is_one,
        other_content_under_one_id_stops,
        asked_is_told,
        many_threads_do_not_mix,
        close_may_be_called_again,
        whatever_a_platform_says_is_a_failed_delivery_at_worst,
    )
}
