"""Goal: `medferry run` may be killed at any moment; run again until quiet, the platform ends the same.
Method: one small hospital; a run without a kill is the reference. For each gap between two steps the run is killed by
SIGKILL just there, ledger and platform are looked at to prove that the kill fell in that gap, then the command is run
again to its end. The auditor must find nothing, and the platform's rows must equal the reference's.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from medferry.clock import SystemClock
from medferry_sandbox.auditor import audit
from medferry_sandbox.commands.demo import sunshine_project
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.platform.server import RunningSandbox, running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

DRIVER = Path(__file__).with_name("run_and_die.py")
WAIT_S_MAX = 60.0
PlatformRows = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Scene:
    """One run's folder, platform and environment."""

    folder: Path
    sandbox: RunningSandbox
    environment: Mapping[str, str]

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sqlite"

    @property
    def report(self) -> Path:
        return self.folder / "events.txt"

    def start(self, event: str, nth: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(DRIVER), str(sunshine_project()), event, str(nth), str(self.report)]
        return subprocess.Popen(
            command, env=dict(self.environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def killed_at(self) -> list[str]:
        lines = self.report.read_text(encoding="utf-8").splitlines()
        return next((line.split() for line in lines if line.startswith("killed-at ")), [])


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Sunshine:
    folder = tmp_path_factory.mktemp("hospital")
    made = Sunshine.create(folder, clock=SystemClock(), visits=40, days=7, seed=7)
    made.advance()
    return made


@pytest.fixture
def scene(hospital: Sunshine, tmp_path: Path) -> Iterator[Scene]:
    with make_scene(hospital, tmp_path) as made:
        yield made


@contextmanager
def make_scene(hospital: Sunshine, folder: Path) -> Iterator[Scene]:
    with running_sandbox(SandboxSettings(data=folder / "platform", port=0, control_port=0)) as sandbox:
        environment = dict(os.environ)
        for line in (hospital.folder / "sources.env").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            environment[name] = value
        environment |= {
            "MEDFERRY_PLATFORM_URL": sandbox.url,
            "SUNSHINE_LEDGER": str(folder / "ledger.sqlite"),
        }
        yield Scene(folder, sandbox, environment)


@pytest.fixture(scope="module")
def reference(hospital: Sunshine, tmp_path_factory: pytest.TempPathFactory) -> PlatformRows:
    folder = tmp_path_factory.mktemp("reference")
    with make_scene(hospital, folder) as scene:
        run_to_the_end(scene)
        report = audit(hospital.truth.path, scene.sandbox.storage_path)
        assert report.clean, report.differences[:5]
        assert sum(report.arrived.values()) > 500
        return platform_rows(scene)


def platform_rows(scene: Scene) -> PlatformRows:
    with closing(sqlite3.connect(scene.sandbox.storage_path)) as database:
        query = "SELECT table_name, org_code, record_key, updated_at, hex(record_sha) FROM current"
        return frozenset(database.execute(query))


def run_to_the_end(scene: Scene) -> None:
    process = scene.start("-", 1)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()[-2000:]


def ledger_counts(scene: Scene) -> Mapping[str, int]:
    """Open versions by state, and `taken` messages that the platform has seen."""
    with closing(sqlite3.connect(scene.ledger)) as database:
        found = dict(database.execute("SELECT state, count(*) FROM queue GROUP BY state").fetchall())
        found["envelopes"] = database.execute("SELECT count(*) FROM envelopes").fetchone()[0]
    return found


def message_at_platform(scene: Scene, message_id: str) -> str:
    """DONE, RECEIVED or absent."""
    with closing(sqlite3.connect(scene.sandbox.storage_path)) as database:
        row = database.execute("SELECT state FROM messages WHERE msg_id = ?", (message_id,)).fetchone()
    return "absent" if row is None else str(row[0])


def die_at(event: str, nth: int) -> Callable[[Scene], list[str]]:
    def kill(scene: Scene) -> list[str]:
        process = scene.start(event, nth)
        process.communicate(timeout=300)
        assert process.returncode == -signal.SIGKILL, f"the run ended by itself before {event} number {nth}"
        return scene.killed_at()

    return kill


def die_before_the_lease(scene: Scene) -> list[str]:
    """The way out may lease a batch the moment it is kept: the run is killed again until it was quicker than that."""
    for nth in range(1, 9):
        killed = die_at("batch_stored", nth)(scene)
        if fell_between_put_and_lease(scene, killed):
            return killed
        scene.report.unlink()
    return killed


def die_while_the_platform_answers(scene: Scene) -> list[str]:
    """The platform has taken a message and holds its answer back; the run is killed from outside meanwhile."""
    rule = {"kind": "delay", "when": "after", "path": "/data/", "delay_ms": 120_000, "skip": 3, "count": 1}
    http = urllib3.PoolManager()
    answer = http.request("POST", f"{scene.sandbox.control_url}/_sandbox/faults", json=rule)
    assert answer.status == 200, answer.data
    process = scene.start("-", 1)
    deadline = time.monotonic() + WAIT_S_MAX
    while time.monotonic() < deadline:
        taken = unanswered(scene)
        if taken:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return ["killed-at", "send-answer", taken]
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail("the platform never held an answer back")


def unanswered(scene: Scene) -> str:
    """A message that is done at the platform, leased here, and of which no answer was told."""
    if not scene.report.exists() or not scene.ledger.exists():
        return ""
    events = [line.split() for line in scene.report.read_text(encoding="utf-8").splitlines()]
    answered = {words[1] for words in events if words[0] == "envelope_answered"}
    leased = [words[1] for words in events if words[0] == "envelope_leased" and len(words) == 2]
    waiting = [one for one in leased if one not in answered and message_at_platform(scene, one) == "DONE"]
    # Others are answered within milliseconds; only the one held back stays while later ones are answered.
    later = [one for one in leased if waiting and one > waiting[0] and one in answered]
    return waiting[0] if waiting and later else ""


def fell_between_read_and_put(scene: Scene, killed: list[str]) -> bool:
    batch_id = killed[2]
    with closing(sqlite3.connect(scene.ledger)) as database:
        days = [day for (day,) in database.execute("SELECT day FROM days")]
        found = [
            database.execute(
                f"SELECT count(*) FROM batches_{day} WHERE batch_id = ?", (batch_id,)
            ).fetchone()[0]
            for day in days
        ]
    return sum(found) == 0


def fell_between_put_and_lease(scene: Scene, killed: list[str]) -> bool:
    """The batch is kept, and none of its rows is under way."""
    states: set[str] = set()
    with closing(sqlite3.connect(scene.ledger)) as database:
        for (day,) in database.execute("SELECT day FROM days").fetchall():
            states |= {
                state
                for (state,) in database.execute(
                    f"SELECT q.state FROM batches_{day} b JOIN versions_{day} v USING (batch_no) "
                    "JOIN queue q ON q.seq = v.seq WHERE b.batch_id = ?",
                    (killed[2],),
                )
            }
    return bool(states) and states <= {"ready", "waiting_parent", "held"}


def fell_between_lease_and_send(scene: Scene, killed: list[str]) -> bool:
    return ledger_counts(scene)["envelopes"] > 0 and message_at_platform(scene, killed[2]) == "absent"


def fell_between_send_and_answer(scene: Scene, killed: list[str]) -> bool:
    told = scene.report.read_text(encoding="utf-8")
    return message_at_platform(scene, killed[2]) == "DONE" and f"envelope_answered {killed[2]}" not in told


def fell_between_answer_and_settle(scene: Scene, killed: list[str]) -> bool:
    told = scene.report.read_text(encoding="utf-8")
    with closing(sqlite3.connect(scene.ledger)) as database:
        open_here = database.execute(
            "SELECT count(*) FROM envelopes WHERE message_id = ?", (killed[2],)
        ).fetchone()[0]
    return (
        open_here == 1
        and message_at_platform(scene, killed[2]) == "DONE"
        and f"envelope_settled {killed[2]}" not in told
    )


GAPS = {
    "read-put": (die_at("batch_read", 3), fell_between_read_and_put),
    "put-lease": (die_before_the_lease, fell_between_put_and_lease),
    "lease-send": (die_at("envelope_leased", 5), fell_between_lease_and_send),
    "send-answer": (die_while_the_platform_answers, fell_between_send_and_answer),
    "answer-settle": (die_at("envelope_answered", 4), fell_between_answer_and_settle),
}


@pytest.mark.slow
@pytest.mark.parametrize("gap", GAPS)
def test_killed_in_a_gap_it_ends_the_same(
    gap: str, scene: Scene, hospital: Sunshine, reference: PlatformRows, capsys: pytest.CaptureFixture[str]
) -> None:
    kill, fell_in_the_gap = GAPS[gap]
    killed = kill(scene)
    with capsys.disabled():
        print(f"\n  {gap}: killed at {' '.join(killed[1:])}; ledger then: {dict(ledger_counts(scene))}")
    assert fell_in_the_gap(scene, killed), f"the kill missed the gap {gap}"
    scene.report.unlink()
    run_to_the_end(scene)
    report = audit(hospital.truth.path, scene.sandbox.storage_path)
    assert report.clean, report.differences[:5]
    assert platform_rows(scene) == reference


@pytest.mark.slow
def test_killed_again_and_again_it_ends_the_same(
    scene: Scene, hospital: Sunshine, reference: PlatformRows
) -> None:
    """One ledger lives through a kill in every gap that steers itself, twice."""
    fell = 0
    for event, nth in [
        ("batch_read", 2),
        ("batch_stored", 4),
        ("envelope_leased", 2),
        ("envelope_answered", 2),
    ] * 2:
        process = scene.start(event, nth)
        process.communicate(timeout=300)
        fell += process.returncode == -signal.SIGKILL
    assert fell >= 6
    run_to_the_end(scene)
    assert audit(hospital.truth.path, scene.sandbox.storage_path).clean
    assert platform_rows(scene) == reference
