"""Goal: a run looks at ended visits by itself, goes on where the run before it stopped, and people see what it found.
Method: visits are kept as accepted after a whole review; the project is then run with a clock that hurries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Thread

import polars as pl
import pytest
from click.testing import CliRunner
from kept_rows import Kept, example

from medferry.cli import status
from medferry.clock import ZONE
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.events import Event, VisitsReviewed
from medferry.ferry.ferry import open_ferry
from medferry.ferry.reviews import Reviews, looked_until
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.review.review_pass import review

WAIT_S = 120.0  # only a run that hangs comes to it


class HurryingClock:
    """Each look at it is half a minute later."""

    def __init__(self) -> None:
        self._at = datetime.now(tz=ZONE)
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            self._at += timedelta(seconds=30)
            return self._at


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path / "hospital")
    yield kept
    kept.close()


def run_until_told(folder: Path, wanted: int) -> list[VisitsReviewed]:
    """What the reviews of a run tell of ended visits, until they have told so many times."""
    told: list[VisitsReviewed] = []
    enough = Flag()

    def tell(event: Event) -> None:
        if isinstance(event, VisitsReviewed):
            told.append(event)
            if len(told) >= wanted:
                enough.set()

    with ExitStack() as stack:
        ferry = open_ferry(load_project(folder), HurryingClock(), SoftwareProvider(), tell, stack)
        stop = Flag()
        thread = Thread(target=Reviews(ferry, stop).run)
        thread.start()
        stack.callback(thread.join)
        stack.callback(stop.set)
        assert enough.wait(WAIT_S)
    return told


def test_a_run_looks_at_visits_that_ended_since_the_last_look(kept: Kept) -> None:
    folder = kept.project.folder
    review(kept.project, kept.outbox, kept.reader)
    reviewed = looked_until(kept.reader)
    over = pl.col("visit_status_code") == "2"
    visits = example("visit").filter(over)
    kept.put(
        {
            "patient": example("patient"),
            "visit": visits,
            "medical_expense_rec": example("medical_expense_rec")
            .join(visits.select("visit_id"), on="visit_id", how="semi")
            .head(1),
        }
    )
    kept.close()

    (told,) = run_until_told(folder, 1)
    assert (told.visits, told.left) == (visits.height, 0)
    assert told.findings > 0
    reader = SqliteLedgerReader(kept.path)
    until = looked_until(reader)
    findings = sum(group.rows for group in reader.review_groups())
    reader.close()
    assert findings == told.findings
    assert reviewed is not None
    assert until is not None
    assert until > reviewed, "the next run goes on from here"

    shown = CliRunner().invoke(status.command, ["--project", str(folder)])
    assert told.text() in shown.stdout
    assert f"全部记录还没有复核过，已结束的就诊里发现 {findings:,} 处" in shown.stdout
    said = json.loads(CliRunner().invoke(status.command, ["--project", str(folder), "--json"]).stdout)
    assert said["visits_look"]["text"] == told.text()
