"""Goal: after `codes accept` of one value exactly the rows held for it go from held to accepted, once each, whether a
run is on its way or not, and without reading the source again.
Method: the sample project with more patients and bytes in a column, a sandbox platform; the source is taken away while
the decision is made."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from medferry.cli.codes import group
from medferry.cli.new import SKELETON, new_project
from medferry.cli.run import command as run_command
from medferry.cli.run import run_project
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.events import EnvelopeSettled, Event
from medferry.ferry.ferry import open_ferry
from medferry.ferry.scheduler import Scheduler
from medferry.records import State
from medferry_sandbox.platform.server import RunningSandbox, running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

WAIT_S = 60.0
FILLED = {
    "ethnic_code": "01",
    "patient_phone": "13800000001",
}  # what the standard asks for and the sample lacks
FINE, DIVORCED, COHABITING = ("1", "2", "3"), ("4", "6", "7"), ("8", "9")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    waivers = SKELETON / "waivers.yaml"
    settings = SandboxSettings(data=tmp_path / "platform", port=0, control_port=0, waivers=waivers)
    with running_sandbox(settings) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Patients 4, 6 and 7 have marital code 7, patients 8 and 9 have 6; the names are bytes in GB 18030."""
    folder = tmp_path / "hospital"
    new_project(folder)
    monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
    mapping = folder / "mappings" / "his" / "patient.yaml"
    text = mapping.read_text(encoding="utf-8")
    old = "patient_name: {column: XM, verbs: [half_width]}"
    assert old in text
    new = "patient_name: {column: XM, verbs: [{decode: gb18030}, half_width]}"
    text = text.replace(old, new)
    for name, value in FILLED.items():
        if f"    {name}:" not in text:
            text += f"    {name}: {{constant: '{value}', because: 只为本测试}}\n"
    mapping.write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(folder / "run" / "sample_his.sqlite")) as base, base:
        for number, code in (("6", "7"), ("7", "7"), ("8", "6"), ("9", "6")):
            base.execute("CREATE TEMP TABLE one AS SELECT * FROM BRXX WHERE BRID = 4")
            base.execute("UPDATE one SET BRID = ?, HYZK = ?, ZJH = ?", (number, code, f"E0000001{number}"))
            base.execute("INSERT INTO BRXX SELECT * FROM one")
            base.execute("DROP TABLE one")
        base.execute("ALTER TABLE BRXX RENAME COLUMN XM TO XM_TEXT")
        base.execute("ALTER TABLE BRXX ADD COLUMN XM BLOB")
        names = base.execute("SELECT BRID, XM_TEXT FROM BRXX").fetchall()
        rows = [(name.encode("gb18030"), number) for number, name in names]
        base.executemany("UPDATE BRXX SET XM = ? WHERE BRID = ?", rows)
    return folder


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def answer(*arguments: str) -> dict[str, object]:
    ran = ask(*arguments, "--json")
    assert ran.exit_code in {0, 1}, ran.output
    said: dict[str, object] = json.loads(ran.stdout)
    return said


def accept(folder: Path, local: str = "7", standard: str = "40") -> dict[str, object]:
    because = ("--by", "王某", "--because", "与人事科核对")
    return answer("accept", "his_marital", local, standard, *because, "--project", str(folder))


def states(folder: Path) -> dict[str, State]:
    """Key -> state of its newest version."""
    project = load_project(folder)
    reader = project.outbox.open_reader()
    try:
        org_code = project.campuses["main"].org_code
        found = {}
        for number in (*FINE, *DIVORCED, *COHABITING):
            versions = reader.versions_of("patient", org_code, number)
            found[number] = versions[-1].state
        return found
    finally:
        reader.close()


def applied(sandbox: RunningSandbox) -> Counter[str]:
    """Key -> how often the platform applied a version of it."""
    with closing(sqlite3.connect(sandbox.storage_path)) as base:
        return Counter(key for (key,) in base.execute("SELECT record_key FROM applied"))


def run(folder: Path) -> None:
    report = run_project(folder, until_quiet=True, at_most_s=int(WAIT_S), tell=lambda _: None)
    assert report["failed_routes"] == {}


def of(keys: tuple[str, ...], state: State) -> dict[str, State]:
    return dict.fromkeys(keys, state)


def test_exactly_the_rows_of_the_value_leave_and_only_once(project: Path, sandbox: RunningSandbox) -> None:
    run(project)
    assert states(project) == of(FINE, State.ACCEPTED) | of(DIVORCED + COHABITING, State.HELD)
    listed = answer("unmapped", "--project", str(project))["values"]
    assert isinstance(listed, list)
    shown = [(one["codes"], one["value"], one["rows"], one["freed"], one["tables"]) for one in listed]
    assert shown == [
        ("his_marital", "7", 3, 3, {"patient": 3}),
        ("his_marital", "6", 2, 2, {"patient": 2}),
    ]
    assert listed[0]["points"] == 3 * listed[1]["points"] / 2
    assert listed[0]["keys"] == ["9"], "keys are masked"

    source = project / "run" / "sample_his.sqlite"
    away = source.rename(source.with_suffix(".away"))
    said = accept(project)
    healed = said["healed"]
    assert isinstance(healed, dict)
    assert said["written"] is True
    assert (healed["tried"], healed["freed"], healed["still"]) == (3, {"patient": 3}, 0)
    expected = of(FINE, State.ACCEPTED) | of(DIVORCED, State.READY) | of(COHABITING, State.HELD)
    assert states(project) == expected
    line = (project / "codes" / "his_marital.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert line.startswith("7,40,,离婚,王某 20")
    assert line.endswith("：与人事科核对")

    away.rename(source)
    run(project)
    expected = of(FINE + DIVORCED, State.ACCEPTED) | of(COHABITING, State.HELD)
    assert states(project) == expected
    assert applied(sandbox) == dict.fromkeys(FINE + DIVORCED, 1)

    again = accept(project)
    assert again["written"] is False
    assert isinstance(again["healed"], dict)
    assert again["healed"]["tried"] == 0
    run(project)
    assert states(project) == expected
    assert applied(sandbox) == dict.fromkeys(FINE + DIVORCED, 1)
    with closing(sqlite3.connect(sandbox.storage_path)) as base:
        ((record,),) = base.execute("SELECT record FROM applied WHERE record_key = '7'").fetchall()
    row = json.loads(record)
    assert (row["patient_name"], row["marital_status_code"]) == ("样例丁", "40")


def test_a_run_until_quiet_lists_what_stands_still(project: Path) -> None:
    ran = CliRunner().invoke(run_command, ["--until-quiet", "--project", str(project)])
    assert ran.exit_code == 1, ran.output  # rows are held
    assert "结束：平台已接收" in ran.stderr
    (line,) = (one for one in ran.stdout.splitlines() if "marital_status_code" in one)
    assert "3003" in line
    assert "5" in line
    assert states(project) == of(FINE, State.ACCEPTED) | of(DIVORCED + COHABITING, State.HELD)


def test_a_running_run_takes_the_decision_up(project: Path, sandbox: RunningSandbox) -> None:
    first, second = Flag(), Flag()
    accepted: list[int] = []

    def tell(event: Event) -> None:
        if isinstance(event, EnvelopeSettled):
            accepted.append(event.accepted)
            first.set()
            if sum(accepted) >= len(FINE + DIVORCED):
                second.set()

    with ExitStack() as stack:
        ferry = open_ferry(load_project(project), SystemClock(), SoftwareProvider(), tell, stack)
        scheduler = Scheduler(ferry)
        thread = Thread(target=scheduler.run)
        thread.start()
        stack.callback(thread.join)
        stack.callback(scheduler.stop)
        assert first.wait(WAIT_S)
        said = accept(project)
        assert said["healed"] is None
        assert second.wait(WAIT_S)
    assert states(project) == of(FINE + DIVORCED, State.ACCEPTED) | of(COHABITING, State.HELD)
    assert applied(sandbox) == dict.fromkeys(FINE + DIVORCED, 1)
    assert not list((project / "run" / "requests").iterdir())


def test_rows_heal_by_the_sweep_when_the_table_is_mended_by_hand(
    project: Path, sandbox: RunningSandbox
) -> None:
    """A held row is not marked as seen: the next reading of its time window maps it by the tables of that moment."""
    run(project)
    with (project / "codes" / "his_marital.csv").open("a", encoding="utf-8") as file:
        file.write("7,40,离异,离婚,\n")
    run(project)
    assert states(project) == of(FINE + DIVORCED, State.ACCEPTED) | of(COHABITING, State.HELD)
    assert applied(sandbox) == dict.fromkeys(FINE + DIVORCED, 1)


def test_all_that_is_recommended_is_accepted_at_once(project: Path) -> None:
    run(project)
    table = project / "codes" / "his_marital.csv"
    with table.open("a", encoding="utf-8") as file:
        file.write("7,,离异,,\n6,,同居,,\n")
    before = table.read_bytes()
    bulk = ("accept", "--recommended", "--by", "王某", "--project", str(project))

    shown = ask(*bulk, "--dry-run")
    assert "将登记 codes/his_marital.csv：7 离异 → 40 离婚（同义词" in shown.stdout
    assert "另有 1 个值没有建议" in shown.stdout
    assert table.read_bytes() == before
    assert states(project) == of(FINE, State.ACCEPTED) | of(DIVORCED + COHABITING, State.HELD)

    said = answer(*bulk)
    assert isinstance(said["accepted"], list)
    assert [(one["local"], one["standard"]) for one in said["accepted"]] == [("7", "40")]
    assert said["left"] == 1
    assert isinstance(said["healed"], dict)
    assert said["healed"]["his_marital"]["freed"] == {"patient": 3}
    expected = of(FINE, State.ACCEPTED) | of(DIVORCED, State.READY) | of(COHABITING, State.HELD)
    assert states(project) == expected
    line = next(line for line in table.read_text(encoding="utf-8").splitlines() if line.startswith("7,"))
    assert "：批量按建议，同义词（0.9" in line

    assert answer(*bulk)["accepted"] == []
    assert ask(*bulk, "--replace").exit_code == 2
    assert ask("accept", "his_marital", "--by", "王某", "--project", str(project)).exit_code == 2


def test_what_cannot_be_decided_is_refused_in_words(project: Path) -> None:
    run(project)
    before = (project / "codes" / "his_marital.csv").read_bytes()
    place = ("--project", str(project))
    unknown = ask("accept", "his_marital", "7", "41", "--by", "王某", "--because", "x", *place)
    assert "不在这个值域里" in str(unknown.exception)
    other = ask("accept", "his_marital", "1", "10", "--by", "王某", "--because", "x", *place)
    assert "已对照为=20" in str(other.exception)
    assert ask("accept", "his_marital", "7", "40", "--by", "王某", *place).exit_code == 2, (
        "a reason is missing"
    )
    assert (project / "codes" / "his_marital.csv").read_bytes() == before
