"""Whatever a platform says, or withholds, is a failed delivery at worst, and ends within the exchange's deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic

import pytest

from medferry.catalog.platform import load_profile
from medferry.clock import ZONE, FixedClock
from medferry.crypto.software import SoftwareProvider
from medferry.destinations.exchange import ExchangeWatch
from medferry.destinations.rest import Rest
from medferry.destinations.rest_settings import RestSettings
from medferry.destinations.settings import Addresses
from medferry.errors import AnswerLost, DeliveryError, MedferryError, shown
from medferry.receipt.asked import read_answer
from medferry.receipt.reply import RECEIPT_NO_CHARS_MAX, read_reply
from medferry.records import Envelope, Receipt
from medferry.testing.hostile_platform import HOSTILE_ANSWERS, HostileAnswer, HostilePlatform

NOW = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
PROFILE = load_profile()
CODES = PROFILE.load_answer_codes()
ENVELOPE = Envelope("M1", "patient", "donghu", "36010", (1,), ("K1",), b'{"records":[]}', "", NOW, 1)
SLOW = {name for name, answer in HOSTILE_ANSWERS.items() if answer.endless or name == "silence"}


def rest(url: str, answer_timeout_s: float = 5) -> Rest:
    settings = RestSettings.model_validate(
        {
            "url": url,
            "app_key": "jxsb-demo",
            "app_secret": "jxsb-demo-secret",
            "read_timeout_s": 5,
            "answer_timeout_s": answer_timeout_s,
            "reply_bytes_max": 2_000_000,
        }
    )
    return Rest(
        settings,
        PROFILE,
        FixedClock(NOW),
        SoftwareProvider(),
        addresses=Addresses(("36010",), {"donghu": "01"}),
    )


@pytest.mark.parametrize("name", HOSTILE_ANSWERS)
def test_it_is_a_failed_delivery_at_worst(name: str) -> None:
    """Method: send and ask, then read the reply as the way out does; only DeliveryError may come."""
    limit_s = 0.3 if name in SLOW else 5.0
    began = monotonic()
    with HostilePlatform(HOSTILE_ANSWERS[name]) as platform:
        destination = rest(platform.url, limit_s)
        for work in (_send, _ask):
            said = _said_of(work, destination)
            assert said == shown(said, 3_000)
        findings = destination.probe()
        destination.close()
    assert findings
    assert monotonic() - began < 30


def _said_of(work: Callable[[Rest], object], destination: Rest) -> str:
    """The error's words; nothing where it went well."""
    try:
        work(destination)
    except DeliveryError as error:
        return str(error)
    return ""


def _send(destination: Rest) -> Receipt:
    receipt = read_reply(destination.send(ENVELOPE), ENVELOPE, PROFILE, CODES)
    assert len(receipt.receipt_no) < RECEIPT_NO_CHARS_MAX + 50
    assert "\x1b" not in receipt.receipt_no
    return receipt


def _ask(destination: Rest) -> None:
    read_answer(next(iter(destination.ask(["M1"]))), ENVELOPE, PROFILE, CODES)


@pytest.mark.parametrize("name", sorted(SLOW))
def test_an_endless_answer_is_a_lost_one_at_the_deadline(name: str) -> None:
    with HostilePlatform(HOSTILE_ANSWERS[name]) as platform:
        destination = rest(platform.url, 0.3)
        with pytest.raises(AnswerLost, match="answer_timeout_s"):
            destination.send(ENVELOPE)
        destination.close()


def test_a_sound_answer_that_is_quick_enough_is_none_of_this() -> None:
    fine = b'{"code":"0","msg_id":"M1","receipt_no":"R1","result":{"accepted":1}}'
    said = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(fine) + fine
    with HostilePlatform(HostileAnswer(said)) as platform:
        assert _send(rest(platform.url)).receipt_no == "R1"


def test_a_watch_that_is_closed_cuts_what_is_under_way() -> None:
    watch = ExchangeWatch(60)
    exchange = watch.begin()
    watch.close()
    assert exchange.is_cut


def test_an_error_shows_what_comes_from_outside_cut_and_cleaned() -> None:
    text = str(MedferryError("试", value="\x1b[2J\u202e" + "x" * 10_000))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 2_200
    assert "共 10005 字符" in text
