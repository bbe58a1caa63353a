"""Goal: exactly the rows named go out once more, whoever holds the ledger. Method: the sample hospital in a ledger, its
three sound patients refused by hand."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.cli.main import cli
from medferry.cli.new import new_project
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.ferry.ferry import Ferry, open_ferry
from medferry.ferry.mailbox import Mailbox, Requeue
from medferry.ferry.requests import Requests
from medferry.ferry.resend import standing
from medferry.outbox.outbox import LeaseLimits
from medferry.records import Outcome, Receipt, State, Verdict

LIMITS = LeaseLimits(envelopes_max=9)
WHO = ["--by", "王工", "--because", "平台已补字典"]


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    """A project whose sound patients the platform has refused."""
    folder = tmp_path / "hospital"
    new_project(folder)
    with ExitStack() as stack:
        ferry = opened(folder, stack)
        ferry.load_once(ferry.project.routes[0], "head")
        refused = Verdict(Outcome.REFUSED, "3003", "sex_code", "值不在值域内")
        now = SystemClock().now()
        ferry.outbox.settle(
            [
                Receipt(one.envelope.message_id, "R1", refused, {}, final=True, answered_at=now)
                for one in ferry.outbox.lease(LIMITS, ferry.destination.pack)
            ]
        )
    return folder


def opened(folder: Path, stack: ExitStack) -> Ferry:
    return open_ferry(load_project(folder), SystemClock(), SoftwareProvider(), lambda _: None, stack)


def keys_in(folder: Path, state: State) -> list[str]:
    project = load_project(folder)
    reader = project.outbox.open_reader()
    found = [reader.version_at(seq) for seq in reader.sequences_in("patient", state)]
    reader.close()
    return sorted(one.key for one in found if one is not None)


def run(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["resend", *words, "--project", str(folder)])
    return done.exit_code, done.output


def test_only_the_records_named_are_queued(hospital: Path) -> None:
    refused = keys_in(hospital, State.REFUSED)
    code, text = run(hospital, "patient", refused[0], *WHO)
    assert (code, "1 行已重新排队" in text) == (0, True)
    assert keys_in(hospital, State.READY) == refused[:1]
    assert keys_in(hospital, State.REFUSED) == refused[1:]


def test_all_of_a_table_and_who_and_why_stand_in_the_trail(hospital: Path) -> None:
    refused = keys_in(hospital, State.REFUSED)
    assert run(hospital, "patient", "--all", *WHO)[0] == 0
    assert keys_in(hospital, State.READY) == refused
    trail = CliRunner().invoke(cli, ["trail", "patient", refused[0], "--project", str(hospital)])
    assert "王工：平台已补字典" in trail.output
    with ExitStack() as stack:
        sent = opened(hospital, stack).outbox.lease(LIMITS, lambda **_: (b"", ""))
    assert sorted(key for one in sent for key in one.envelope.keys) == refused


def test_a_run_that_holds_the_ledger_is_asked(hospital: Path) -> None:
    refused = keys_in(hospital, State.REFUSED)
    with ExitStack() as stack:
        ferry = opened(hospital, stack)
        code, text = run(hospital, "patient", "--all", *WHO)
        assert (code, "已请它重送" in text) == (0, True)
        assert keys_in(hospital, State.REFUSED) == refused
        assert Requests(ferry).requeue() == len(refused)
        assert Mailbox.of(ferry.project).pending(Requeue, lambda _: None) == []
    assert keys_in(hospital, State.READY) == refused


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["patient", "nobody"], 1, "没有停下的行"),
        (["patient"], 2, "二者取一"),
        (["patient", "1", "--all"], 2, "二者取一"),
    ],
)
def test_what_cannot_be_sent_again_is_said(
    hospital: Path, words: Sequence[str], code: int, said: str
) -> None:
    refused = keys_in(hospital, State.REFUSED)
    ended, text = run(hospital, *words, *WHO)
    assert (ended, said in text) == (code, True), text
    assert keys_in(hospital, State.REFUSED) == refused


def test_a_table_that_is_not_there_is_said_with_the_nearest(hospital: Path) -> None:
    done = CliRunner().invoke(cli, ["resend", "patent", "--all", *WHO, "--project", str(hospital)])
    assert done.exit_code == 2
    assert "patient_card" in done.output


def test_held_rows_are_not_among_what_stands(hospital: Path) -> None:
    project = load_project(hospital)
    reader = project.outbox.open_reader()
    held = reader.sequences_in("patient", State.HELD)
    assert held
    assert not set(held) & set(standing(reader, "patient"))
    reader.close()
