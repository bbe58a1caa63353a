"""The platform misbehaving on command, other profiles, waivers, the sink, start and stop."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from raw_client import ORG, RawClient
from samples import STANDARD, sample

from medferry.errors import ConfigError
from medferry_sandbox.commands.sandbox import group
from medferry_sandbox.platform.faults import FaultRule, Faults
from medferry_sandbox.platform.server import SandboxError, from_json, running_sandbox, start_sandbox, to_json
from medferry_sandbox.platform.settings import Profile, SandboxSettings, read_profile
from medferry_sandbox.platform.waivers import read_waivers

ANSWER_LOST = (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError)


def patient(key: str = "P1", **changed: str | None) -> dict[str, str]:
    return sample("patient", key=key, only_required=True, **changed)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., RawClient]]:
    """Starts further sandboxes with settings of their own."""
    with ExitStack() as stack:

        def start(**settings: Any) -> RawClient:
            settings["profile"] = replace(settings.get("profile", Profile()), rules="fields")
            data = tmp_path / f"data{len(list(tmp_path.iterdir()))}"
            sandbox = stack.enter_context(
                running_sandbox(SandboxSettings(data=data, port=0, control_port=0, **settings))
            )
            client = RawClient(sandbox.url, sandbox.control_url)
            client.log_in()
            return client

        yield start


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ({"kind": "drop", "when": "before"}, "NOT_SEEN"),
        ({"kind": "drop", "when": "after"}, "DONE"),
        ({"kind": "half_reply", "when": "after"}, "DONE"),
    ],
)
def test_an_answer_is_lost_and_the_message_can_be_asked_for(
    platform: RawClient, rule: dict[str, Any], state: str
) -> None:
    platform.control("POST", "/faults", rule | {"count": 1})
    with pytest.raises(ANSWER_LOST):
        platform.send("patient", [patient()], msg_id="LOST")
    told = platform.ask("LOST")
    assert told["state"] == state
    again = platform.send("patient", [patient()], msg_id="LOST")
    assert again.code == ("0" if state == "NOT_SEEN" else "2007")
    if state == "DONE":
        assert told["receipt"]["receipt_no"] == again.json["receipt_no"]
    assert len(platform.control("GET", "/inspect/patient?key=P1")["versions"]) == 1


@pytest.mark.parametrize(
    ("rule", "status", "code", "state"),
    [
        ({"kind": "status", "status": 503}, 503, "9001", "NOT_SEEN"),
        ({"kind": "status", "status": 500}, 500, "9999", "NOT_SEEN"),
        ({"kind": "status", "status": 429, "retry_after_s": 7}, 429, "1101", "NOT_SEEN"),
        ({"kind": "status", "status": 500, "when": "after"}, 500, "9003", "DONE"),
    ],
)
def test_an_error_status_on_command(
    platform: RawClient, rule: dict[str, Any], status: int, code: str, state: str
) -> None:
    platform.control("POST", "/faults", rule | {"count": 1})
    reply = platform.send("patient", [patient()], msg_id="S")
    assert (reply.status, reply.code) == (status, code)
    assert reply.headers.get("retry-after") == ("7" if status == 429 else None)
    assert platform.ask("S")["state"] == state


def test_tokens_die_and_a_receipt_names_another_message(platform: RawClient) -> None:
    platform.control("POST", "/faults", [{"kind": "token_revoke", "count": 1}])
    assert platform.send("patient", [patient()]).code == "1001"
    platform.log_in()
    platform.control("POST", "/faults", [{"kind": "wrong_receipt", "when": "after", "count": 1}])
    reply = platform.send("patient", [patient()], msg_id="MINE")
    assert reply.json["msg_id"] != "MINE"
    assert platform.ask("MINE")["receipt"]["msg_id"] == "MINE"


def test_faults_hit_the_table_and_calls_they_name_and_can_be_taken_back(platform: RawClient) -> None:
    platform.control("POST", "/faults", {"kind": "status", "table": "patient", "skip": 1, "count": 2})
    codes = [platform.send("patient", [patient()]).status for _ in range(4)]
    assert codes == [200, 503, 503, 200]
    (listed,) = platform.control("GET", "/faults")["faults"]
    assert (listed["met"], listed["hit"]) == (4, 2)
    platform.control("POST", "/faults", {"kind": "status", "path": "/receipts"})
    platform.control("DELETE", "/faults")
    assert platform.call("GET", "/receipts").status == 200


@pytest.mark.parametrize(
    "rule",
    [
        None,
        {},
        {"kind": "fire"},
        {"kind": "drop", "when": "never"},
        {"kind": "drop", "colour": 1},
        {"kind": "delay", "delay_ms": -1},
        {"kind": "delay", "delay_ms": "1"},
        {"kind": "status", "status": 200},
    ],
)
def test_a_fault_that_cannot_be_understood_is_refused(platform: RawClient, rule: object) -> None:
    assert platform.control("POST", "/faults", [rule])["ok"] is False


def test_a_ratio_hits_the_same_calls_each_time() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults()
        faults.add(FaultRule("drop", ratio=0.25, seed=seed))
        return [bool(faults.choose("/data/patient", "patient", ORG)) for _ in range(400)]

    assert run(1) == run(1) != run(2)
    assert 60 <= sum(run(1)) <= 140


def test_reset_forgets_everything_but_the_credentials(platform: RawClient) -> None:
    platform.send("patient", [patient()], msg_id="BEFORE")
    platform.control("POST", "/seed", {"orgs": ["ONLY"]})
    assert platform.send("patient", [patient()]).code == "1008"
    platform.control("POST", "/reset")
    assert platform.call("GET", "/receipts").code == "1001"
    platform.log_in()
    assert platform.ask("BEFORE")["state"] == "NOT_SEEN"
    assert platform.send("patient", [patient()], msg_id="BEFORE").code == "0"


def test_seeded_credentials_serve_and_see_only_their_own_messages(platform: RawClient) -> None:
    platform.send("patient", [patient()], msg_id="THEIRS")
    assert platform.control("POST", "/seed", {"app_keys": {"second": "s2"}})["ok"]
    mine: dict[str, str | None] = {"X-App-Key": "second"}
    token = platform.call("POST", "/auth/token", signed_with="s2", headers=mine | {"Authorization": None})
    mine["Authorization"] = f"Bearer {token.json['access_token']}"
    assert (
        platform.call("GET", "/messages/THEIRS", signed_with="s2", headers=mine).json["state"] == "NOT_SEEN"
    )
    taken = platform.send("patient", [patient()], msg_id="THEIRS", signed_with="s2", headers=mine)
    assert taken.code == "2006"
    assert platform.control("POST", "/seed", {"orgs": "ONLY"})["ok"] is False


def test_waivers_lift_requiredness_and_nothing_else(
    started: Callable[..., RawClient], tmp_path: Path
) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("- {table: patient, field: patient_name, reason: 系统没有}\n", encoding="utf-8")
    client = started(waivers=waivers)
    assert client.send("patient", [patient(patient_name=None)]).code == "0"
    assert client.send("patient", [patient("P2", patient_name="字" * 51)]).code == "2"
    assert client.send("patient", [patient("P3", sex_code=None)]).code == "2"


def test_waivers_that_cannot_be_meant_are_named_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(
        "- {table: nowhere, field: a, reason: b}\n- {table: patient, field: nowhere, reason: b}\n"
        "- {table: patient, field: patient_id, reason: b}\n- {table: patient}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        read_waivers(path, STANDARD)
    assert all(f"第 {number} 项" in str(caught.value) for number in (1, 2, 3, 4))
    assert read_waivers_of(tmp_path, "") == frozenset()


def read_waivers_of(folder: Path, text: str) -> frozenset[tuple[str, str]]:
    path = folder / "empty.yaml"
    path.write_text(text, encoding="utf-8")
    return read_waivers(path, STANDARD)


def test_all_or_nothing_with_every_detail_and_one_token_at_a_time(started: Callable[..., RawClient]) -> None:
    client = started(profile=Profile(atomic="ALL", details="all", tokens="single", records_max=2))
    reply = client.send("patient", [patient("P1"), patient("P2", sex_code="Q")])
    assert [(one["status"], one["errors"][0]["code"]) for one in reply.json["details"]] == [
        ("REJECTED", "9001"),
        ("REJECTED", "3003"),
    ]
    good = client.send("patient", [patient("P1"), patient("P2")])
    assert [(one["status"], one["version"]) for one in good.json["details"]] == [("ACCEPTED", 1)] * 2
    old = client.token
    client.log_in()
    assert client.call("GET", "/receipts", headers={"Authorization": f"Bearer {old}"}).code == "1001"
    assert client.send("patient", [patient(f"P{n}") for n in range(3)]).code == "1103"


def test_too_many_calls_are_told_to_wait_and_judging_goes_on_by_itself(
    started: Callable[..., RawClient],
) -> None:
    client = started(profile=Profile(calls_per_s=1, calls_burst=3), orgs=(ORG,))
    assert client.send("patient", [patient()], mode="async", msg_id="A").status == 202
    for _ in range(3):
        reply = client.call("GET", "/messages/A")
    assert (reply.status, reply.code, reply.headers["retry-after"]) == (429, "1101", "1")
    client.control("POST", "/clock", {"shift_s": 10})
    assert client.call("GET", "/messages/A").json["state"] in ("RECEIVED", "DONE")


def test_the_sink_takes_everything_and_keeps_nothing(started: Callable[..., RawClient]) -> None:
    client = started(sink=True, verify=False, answer_delay_ms=1)
    reply = client.send("patient", [{"x": 1}, {"x": 2}], signed_with="wrong", zipped=True)
    assert (reply.code, reply.json["result"]["accepted"]) == ("0", 2)
    statistics = client.control("GET", "/stats")
    assert statistics["calls"]["sink_rows"] == 2
    assert statistics["tables"] == {}


def test_a_restart_remembers_messages_and_judges_what_waited(tmp_path: Path) -> None:
    settings = SandboxSettings(data=tmp_path, port=0, control_port=0, profile=Profile(async_delay_ms=600_000))
    first = start_sandbox(settings)
    client = RawClient(first.url, first.control_url)
    client.log_in()
    client.send("patient", [patient()], mode="async", msg_id="W")
    first.process.kill()
    first.process.wait()
    with running_sandbox(settings) as second:
        client = RawClient(second.url, second.control_url)
        client.log_in()
        assert client.ask("W")["state"] == "RECEIVED"
        assert client.control("POST", "/settle")["judged"] == 1
        assert client.ask("W")["state"] == "DONE"
    assert second.process.returncode == 0


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path) -> None:
    with running_sandbox(SandboxSettings(data=tmp_path / "a", port=0, control_port=0)) as running:
        taken = int(running.url.rsplit(":", 1)[1])
        with pytest.raises(SandboxError, match=str(taken)):
            start_sandbox(SandboxSettings(data=tmp_path / "b", port=taken, control_port=0))


def test_profiles_are_read_and_their_mistakes_named(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text("records_max: 500\natomic: ALL\n", encoding="utf-8")
    assert read_profile(path) == Profile(records_max=500, atomic="ALL")
    path.write_text("record_max: 5\natomic: SOME\ntoken_life_s: -1\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_profile(path)
    assert all(name in str(caught.value) for name in ("record_max", "atomic", "token_life_s"))


def test_settings_travel_to_the_other_process_whole(tmp_path: Path) -> None:
    settings = SandboxSettings(
        data=tmp_path, waivers=tmp_path / "w", orgs=("A",), profile=Profile(details="all")
    )
    assert from_json(to_json(settings)) == settings


def test_the_command_names_its_addresses_and_credentials(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from medferry_sandbox.commands.sandbox import group; group()", "serve"]
    command += ["--port", "0", "--control-port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(9)]
        process.terminate()
    assert process.returncode == 0
    said = "".join(lines)
    for word in ("业务地址  http://127.0.0.1:", "/_sandbox", "jxsb-demo-secret", "登记机构  任意"):
        assert word in said
    assert "--control-port" in CliRunner().invoke(group, ["serve", "--help"]).output
