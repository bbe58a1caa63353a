"""`rest` against the sandbox platform: the shipped exercises, and faults on command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import pytest
import urllib3
from pydantic import SecretStr

from medferry.catalog.platform import load_profile
from medferry.clock import ZONE, SystemClock
from medferry.crypto.software import SoftwareProvider
from medferry.destinations.destination import Destination
from medferry.destinations.errors import PlatformBusy
from medferry.destinations.rest_settings import RestSettings
from medferry.destinations.settings import Addresses, DestinationTools
from medferry.errors import AnswerLost
from medferry.receipt import AskedState, ReplyNotUnderstood, read_answer, read_reply
from medferry.records import Envelope, Outcome
from medferry.testing.exercise_destination import EXERCISES, DestinationCase, exercise_destination
from medferry_sandbox.platform.server import RunningSandbox, running_sandbox
from medferry_sandbox.platform.settings import DEMO_APP_KEY, DEMO_APP_SECRET, Profile, SandboxSettings

ORG = "12360100A00000001X"
PROFILE = load_profile()
CODES = PROFILE.load_answer_codes()
ROW = {
    "org_code": ORG,
    "org_name": "阳光医院",
    "dept_code": "",
    "dept_name": "心内科",
    "standard_dept_code": "03.04",
    "standard_dept_name": "心血管内科专业",
    "dept_category_code": "01",
    "is_outpatient": "T",
    "is_inpatient": "T",
    "is_tcm": "F",
    "is_ward": "F",
    "dept_status_code": "1",
    "record_status": "1",
    "created_at": "20260101T080000",
    "updated_at": "20260101T080000",
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    profile = Profile(
        rules="fields"
    )  # the exercises' records are sound field by field, and belong to nothing
    settings = SandboxSettings(tmp_path_factory.mktemp("sandbox"), port=0, control_port=0, profile=profile)
    with running_sandbox(settings) as running:
        yield running


def make(url: str) -> Destination:
    settings = RestSettings(url=url, app_key=DEMO_APP_KEY, app_secret=SecretStr(DEMO_APP_SECRET))
    addresses = Addresses((ORG,), {"donghu": "01"})
    return settings.open(DestinationTools(addresses, SystemClock(), SoftwareProvider()))


def row(key: str, **changed: str) -> str:
    return json.dumps({**ROW, "dept_code": key, **changed}, ensure_ascii=False, separators=(",", ":"))


def case_of(sandbox: RunningSandbox) -> DestinationCase:
    return DestinationCase(
        make=partial(make, sandbox.url),
        table="qm_base_dept",
        campus="donghu",
        org_code=ORG,
        row=row,
        broken_row=partial(row, is_ward="maybe"),
        read_reply=lambda reply, envelope: read_reply(reply, envelope, PROFILE, CODES),
        read_answer=lambda reply, envelope: read_answer(reply, envelope, PROFILE, CODES),
        secret=DEMO_APP_SECRET,
        against=make,
    )


def test_rest_passes_the_exercises(sandbox: RunningSandbox) -> None:
    assert exercise_destination(case_of(sandbox)) == list(EXERCISES)


def envelope(destination: Destination, message_id: str, key: str, **changed: str) -> Envelope:
    at = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
    body, encoding = destination.pack(
        message_id=message_id, table="qm_base_dept", campus="donghu", org_code=ORG, created_at=at,
        bodies=[row(key, **changed).encode()],
    )  # fmt: skip
    return Envelope(message_id, "qm_base_dept", "donghu", ORG, (1,), (key,), body, encoding, at, 1)


def fault(sandbox: RunningSandbox, **rule: object) -> None:
    said = urllib3.request("POST", f"{sandbox.control_url}/_sandbox/faults", json=rule)
    assert said.status == 200, said.data


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        ({"kind": "drop", "when": "before"}, AskedState.NOT_SEEN),
        ({"kind": "drop", "when": "after"}, AskedState.DONE),
        ({"kind": "half_reply", "when": "after"}, AskedState.DONE),
        ({"kind": "status", "when": "after", "status": 500}, AskedState.DONE),
    ],
    ids=["dropped before", "dropped after", "half reply", "storage error"],
)
def test_a_lost_answer_is_asked_for(
    sandbox: RunningSandbox, rule: dict[str, object], taken: AskedState
) -> None:
    """Goal: a lost answer ends in one copy. Method: the sandbox breaks it; we ask and send again."""
    destination = make(sandbox.url)
    name = f"{rule['kind']}-{rule['when']}"
    sent = envelope(destination, f"{ORG}-{name}", name)
    fault(sandbox, **rule, count=1)
    with pytest.raises(AnswerLost):
        destination.send(sent)
    (reply,) = destination.ask([sent.message_id])
    told = read_answer(reply, sent, PROFILE, CODES)
    assert told.state is taken
    again = read_reply(destination.send(sent), sent, PROFILE, CODES)
    assert again.default.outcome is Outcome.ACCEPTED
    assert told.receipt is None or told.receipt.receipt_no == again.receipt_no


def test_a_receipt_for_another_message_is_not_ours(sandbox: RunningSandbox) -> None:
    destination = make(sandbox.url)
    sent = envelope(destination, f"{ORG}-wrong", "wrong")
    fault(sandbox, kind="wrong_receipt", when="after", count=1)
    reply = destination.send(sent)
    with pytest.raises(ReplyNotUnderstood):
        read_reply(reply, sent, PROFILE, CODES)


def test_a_busy_platform_says_how_long(sandbox: RunningSandbox) -> None:
    destination = make(sandbox.url)
    fault(sandbox, kind="status", status=429, retry_after_s=7, count=1)
    with pytest.raises(PlatformBusy) as caught:
        destination.send(envelope(destination, f"{ORG}-busy", "busy"))
    assert caught.value.retry_after_s == 7


def test_revoked_tokens_are_not_noticed(sandbox: RunningSandbox) -> None:
    destination = make(sandbox.url)
    first = envelope(destination, f"{ORG}-token-1", "token")
    assert destination.send(first).status == 200
    fault(sandbox, kind="token_revoke", when="before", count=1)
    second = envelope(destination, f"{ORG}-token-2", "token")
    receipt = read_reply(destination.send(second), second, PROFILE, CODES)
    assert receipt.default.outcome is Outcome.ACCEPTED


def test_an_older_version_is_stale(sandbox: RunningSandbox) -> None:
    destination = make(sandbox.url)
    versions = (("20260103T000000", Outcome.ACCEPTED), ("20260102T000000", Outcome.STALE))
    for number, (at, outcome) in enumerate(versions):
        sent = envelope(destination, f"{ORG}-stale-{number}", "stale", updated_at=at)
        receipt = read_reply(destination.send(sent), sent, PROFILE, CODES)
        assert receipt.verdicts.get(0, receipt.default).outcome is outcome
