"""Goal: a run that passes the day on which an edition changes over goes on with the new one by itself.
Method: the sample project with two editions, a clock that is moved to midnight by what the run tells, and rows that come on
either side of it; SIGTERM ends the run."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, Timer

import pytest

from medferry.catalog.files import edition_folder
from medferry.cli.new import SKELETON, new_project
from medferry.cli.run import run_project
from medferry.clock import ZONE, FixedClock
from medferry.config import load_project
from medferry.events import BatchStored, EditionSwitched, Event, Job, JobBack, JobFailed, RouteFailed
from medferry.ferry.edition_switch import RETRY
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

EVENING = datetime(2026, 6, 30, 23, 59, 30, tzinfo=ZONE)
WAIT_S = 600.0  # only a run that hangs comes to it
ROUTE = "his.patient"
SWITCH = 'catalog: {edition: jiangxi, next: "2026", switch: {"*": 2026-07-01}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    new_project(folder)
    main = folder / "medferry.yaml"
    text = main.read_text(encoding="utf-8")
    (line,) = (one for one in text.splitlines() if one.startswith("catalog:"))
    main.write_text(text.replace(line, SWITCH), encoding="utf-8")
    newer = folder / "catalog" / "2026" / "tables" / "patient"
    newer.mkdir(parents=True)
    shutil.copy(edition_folder("jiangxi") / "tables" / "patient" / "rules.yaml", newer)
    return folder


class Night:
    """Moves the clock over midnight once the first rows are kept. When the new edition is at work, it adds a row; when that
    row is kept, it stops the run. Each step waits for what the run tells, whichever of its threads tells it."""

    def __init__(self, folder: Path, *, broken: bool = False) -> None:
        self.clock = FixedClock(EVENING)
        self.events: list[Event] = []
        self.stopped = False
        self._folder = folder
        self._broken = broken
        self._is_midnight_past = False
        self._lock = Lock()

    def tell(self, event: Event) -> None:
        with self._lock:
            self.events.append(event)
            if isinstance(event, BatchStored) and event.route == ROUTE and event.new:
                if self.switched:
                    self.stopped = True
                    os.kill(os.getpid(), signal.SIGTERM)
                elif not self._is_midnight_past:
                    self._is_midnight_past = True
                    if self._broken:
                        self._mapping.rename(self._mapping.with_suffix(".away"))
                    self.clock.advance(timedelta(seconds=31))
            elif isinstance(event, JobFailed):
                self._mapping.with_suffix(".away").rename(self._mapping)
                self.clock.advance(RETRY)
            elif isinstance(event, EditionSwitched):
                with closing(sqlite3.connect(self._folder / "run" / "sample_his.sqlite")) as base, base:
                    base.execute("CREATE TEMP TABLE one AS SELECT * FROM BRXX WHERE BRID = 1")
                    base.execute("UPDATE one SET BRID = 9, GXSJ = '2026-07-01 00:00:10'")
                    base.execute("INSERT INTO BRXX SELECT * FROM one")

    @property
    def _mapping(self) -> Path:
        return self._folder / "mappings" / "his" / "patient.yaml"

    @property
    def switched(self) -> bool:
        return any(isinstance(one, EditionSwitched) for one in self.events)


@pytest.mark.parametrize("broken", [False, True], ids=["at midnight", "when the project is whole again"])
def test_rows_of_the_new_day_follow_the_new_edition(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    night = Night(folder, broken=broken)
    settings = SandboxSettings(
        data=tmp_path / "platform", port=0, control_port=0, waivers=SKELETON / "waivers.yaml"
    )
    with running_sandbox(settings) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        too_late = Timer(WAIT_S, os.kill, (os.getpid(), signal.SIGTERM))
        too_late.start()
        try:
            said = run_project(folder, until_quiet=False, at_most_s=None, tell=night.tell, clock=night.clock)
        finally:
            too_late.cancel()
    assert night.stopped, "the row of the new day was never kept"
    switches = [one for one in night.events if isinstance(one, EditionSwitched)]
    assert [one.day for one in switches] == ["20260701"]
    assert not [one for one in night.events if isinstance(one, RouteFailed)]
    failures = [one for one in night.events if isinstance(one, JobFailed)]
    assert [one.job for one in failures] == [Job.EDITION_SWITCH] * broken
    backs = [one.job for one in night.events if isinstance(one, JobBack)]
    assert backs == [Job.EDITION_SWITCH] * broken
    assert said["routes"][ROUTE]["read"] >= 6  # type: ignore[index]  # of both openings
    project = load_project(folder, today=night.clock.now().date())
    reader = project.outbox.open_reader()
    org_code = project.campuses["main"].org_code
    editions = {key: [v.edition for v in reader.versions_of("patient", org_code, key)] for key in ("1", "9")}
    state = reader.run_state()
    reader.close()
    assert (dict(state.routes), dict(state.jobs)) == ({}, {})
    assert editions == {"1": ["jiangxi"], "9": ["jiangxi+2026"]}
