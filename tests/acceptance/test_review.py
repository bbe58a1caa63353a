"""Goal: what a record may only be asked after it left is asked at night and by hand, and people find the answer.
Method: the sample project with two patients of one passport is ferried into a sandbox; `medferry review` by itself, beside a
run that writes the ledger, and by the run's own clock; then status, trail and score."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from medferry.cli import review, score, status, trail
from medferry.cli.new import SKELETON, new_project
from medferry.cli.run import run_project
from medferry.clock import FixedClock, SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.events import Event, ReviewEnded
from medferry.ferry.ferry import open_ferry, tiers_of
from medferry.ferry.scheduler import Scheduler
from medferry.outbox.settings import OutboxTools
from medferry.review.review_pass import review as review_ledger
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

WAIT_S = 60.0
TWINS = ("2", "3")
FOUND = {"patient": ("PAT-007", "id_no", 2)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Ferried once; patients 2 and 3 have the same passport."""
    folder = tmp_path / "hospital"
    new_project(folder)
    mapping = folder / "mappings" / "his" / "patient.yaml"
    text = mapping.read_text(encoding="utf-8")
    for name, value in {"ethnic_code": "01", "patient_phone": "13800000001"}.items():
        if f"    {name}:" not in text:
            text += f"    {name}: {{constant: '{value}', because: 只为本测试}}\n"
    mapping.write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(folder / "run" / "sample_his.sqlite")) as base, base:
        base.execute("UPDATE BRXX SET ZJH = 'E00000001' WHERE BRID = 3")
    settings = SandboxSettings(
        data=tmp_path / "platform", port=0, control_port=0, waivers=SKELETON / "waivers.yaml"
    )
    with running_sandbox(settings) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        run_project(folder, until_quiet=True, at_most_s=int(WAIT_S), tell=lambda _: None)
        yield folder


def ask(module: ModuleType, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(module.command, [*arguments, "--project", str(folder)])


def answer(module: ModuleType, folder: Path, *arguments: str) -> dict[str, object]:
    ran = ask(module, folder, *arguments, "--json")
    assert ran.exit_code in {0, 1}, ran.output
    said: dict[str, object] = json.loads(ran.stdout)
    return said


def groups(found: object) -> dict[str, tuple[str, str, int]]:
    assert isinstance(found, list)
    return {one["table"]: (one["rule_id"], one["field"], one["rows"]) for one in found}


def test_by_hand_and_seen_everywhere(folder: Path) -> None:
    before = answer(status, folder)
    assert (before["review"], before["review_groups"]) == (None, [])
    assert "复核" not in ask(status, folder).stdout
    score_before = answer(score, folder, "--no-store")

    ran = ask(review, folder)
    assert ran.exit_code == 1, ran.output
    for word in ("复核了 3 条", "发现 2 处", "PAT-007", "（id_no）", "（patient）"):
        assert word in ran.stdout
    said = answer(review, folder)
    assert (said["requested"], said["rows"], said["left_out"]) == (False, 3, 0)
    assert groups(said["findings"]) == FOUND

    now = answer(status, folder)
    assert groups(now["review_groups"]) == FOUND
    shown = ask(status, folder).stdout
    assert "看了 3 条平台已接收的记录，发现 2 处" in shown
    assert "（2 处）" in shown
    assert shown.startswith("平台：可达\n")
    assert "患者基本信息（patient）" in shown
    for key in ("1", *TWINS):
        told = ask(trail, folder, "patient", key).stdout
        assert ("复核 警告 5003 unique_within 规则 PAT-007 字段 id_no" in told) == (key in TWINS)
    (one,) = answer(trail, folder, "patient", "2")["trails"]  # type: ignore[misc]
    assert one["review"] == ["警告 5003 unique_within 规则 PAT-007 字段 id_no"]
    assert dearer(score_before, answer(score, folder, "--no-store")) == [
        ("consistency", "patient", "id_no", 2)
    ]
    assert states(folder) == before["tables"], "nothing was held, nothing recalled"


def dearer(before: dict[str, object], after: dict[str, object]) -> list[tuple[object, ...]]:
    """Deductions that were not there before."""
    names = ("dimension", "table", "field", "rows", "rule_id")
    first, then = (
        [tuple(one[name] for name in names) for one in said["deductions"]] for said in (before, after)
    )  # type: ignore[attr-defined]
    assert float(str(after["points"])) < float(str(before["points"]))
    return [one[:4] for one in then if one not in first and one[4] == "PAT-007"]


def states(folder: Path) -> object:
    return answer(status, folder)["tables"]


def test_mended_at_the_source_the_next_review_finds_nothing(folder: Path) -> None:
    assert ask(review, folder).exit_code == 1
    with closing(sqlite3.connect(folder / "run" / "sample_his.sqlite")) as base, base:
        base.execute("UPDATE BRXX SET ZJH = 'E00000009', GXSJ = '2026-01-16 08:00:00' WHERE BRID = 3")
    run_project(folder, until_quiet=True, at_most_s=int(WAIT_S), tell=lambda _: None)
    ran = ask(review, folder)
    assert ran.exit_code == 0, ran.output
    assert "发现 0 处" in ran.stdout
    assert answer(status, folder)["review_groups"] == []


def test_there_is_nothing_to_review_without_a_ledger(tmp_path: Path) -> None:
    new_project(tmp_path / "new")
    ran = ask(review, tmp_path / "new")
    assert "先运行 medferry run" in str(ran.exception)
    assert not (tmp_path / "new" / "run" / "ledger.sqlite").exists()


class Running:
    """The project's run in a thread, as long as the context lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.reviewed = Flag()
        self.ended: list[ReviewEnded] = []

    def tell(self, event: Event) -> None:
        if isinstance(event, ReviewEnded):
            self.ended.append(event)
            self.reviewed.set()

    def __enter__(self) -> Running:
        project = load_project(self._folder)
        ferry = open_ferry(project, SystemClock(), SoftwareProvider(), self.tell, self._stack)
        scheduler = Scheduler(ferry)
        thread = Thread(target=scheduler.run)
        thread.start()
        self._stack.callback(thread.join)
        self._stack.callback(scheduler.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def test_a_run_that_writes_the_ledger_is_asked(folder: Path) -> None:
    with Running(folder) as running:
        said = answer(review, folder)
        assert said == {"requested": True}
        assert running.reviewed.wait(WAIT_S)
    (event,) = running.ended
    assert (event.rows, event.left_out, event.findings) == (3, 0, 2)
    assert groups(answer(status, folder)["review_groups"]) == FOUND
    assert not list((folder / "run" / "requests").iterdir())


def test_a_night_that_was_missed_is_made_up(folder: Path) -> None:
    project = load_project(folder)
    before = FixedClock(SystemClock().now() - timedelta(days=2))
    outbox = project.outbox.open(OutboxTools(before, tiers_of(project), project.name))
    reader = project.outbox.open_reader()
    review_ledger(project, outbox, reader)
    last = reader.last_review()
    outbox.close()
    with Running(folder) as running:
        assert running.reviewed.wait(WAIT_S)
    newest = reader.last_review()
    reader.close()
    assert last is not None
    assert newest is not None
    assert newest.began_at - last.began_at > timedelta(days=1)
    (line,) = open_journal(folder)
    assert line.startswith("已复核 3 条平台接收的记录，发现 2 处")


def open_journal(folder: Path) -> list[str]:
    project = load_project(folder)
    reader = project.outbox.open_reader()
    try:
        return [line.text for line in reader.latest(["review_ended"], 5)]
    finally:
        reader.close()
