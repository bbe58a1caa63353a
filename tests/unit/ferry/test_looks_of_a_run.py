"""Goal: a run looks at ended visits by itself, goes on where the run before it stopped, and people see what it found.
Method: visits are kept as accepted after a whole review; then the turns of a run's reviews, by a clock that is moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from kept_rows import Kept, example

from medferry.cli import status
from medferry.clock import ZONE, FixedClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.events import Event, VisitsReviewed
from medferry.ferry.ferry import open_ferry
from medferry.ferry.reviews import Reviews, looked_until
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.review.review_pass import review


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path / "hospital")
    with (kept.project.folder / "medferry.yaml").open("a", encoding="utf-8") as file:
        file.write("review: {nightly: false, ended_visits: true}\n")  # whatever the hour
    yield kept
    kept.close()


class Run:
    """The reviews of a run, turn by turn; what they tell of ended visits."""

    def __init__(self, folder: Path, stack: ExitStack, at: datetime | None = None) -> None:
        self.told: list[VisitsReviewed] = []
        self.clock = FixedClock(at or datetime.now(tz=ZONE))
        project = load_project(folder)
        ferry = open_ferry(project, self.clock, SoftwareProvider(), self._tell, stack)
        reader = project.outbox.open_reader()
        stack.callback(reader.close)
        self._reviews = Reviews(ferry, reader)

    def _tell(self, event: Event) -> None:
        if isinstance(event, VisitsReviewed):
            self.told.append(event)

    def after(self, by: timedelta) -> list[VisitsReviewed]:
        self.clock.advance(by)
        self._reviews.turn()
        return self.told


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

    with ExitStack() as stack:
        run = Run(folder, stack)
        assert run.after(timedelta(minutes=9)) == [], "not yet due"
        (told,) = run.after(timedelta(minutes=1))
        assert run.after(timedelta(minutes=9)) == [told]
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


def test_a_clock_that_is_set_back_does_not_end_the_looks(kept: Kept) -> None:
    """A run begins with a clock that is three days ahead. Somebody sets it right: what was settled since is looked at in
    minutes, not in three days."""
    folder = kept.project.folder
    over = pl.col("visit_status_code") == "2"
    kept.put({"patient": example("patient"), "visit": example("visit").filter(over)})
    kept.close()
    now = datetime.now(tz=ZONE)
    with ExitStack() as stack:
        run = Run(folder, stack, now + timedelta(days=3))
        assert run.after(timedelta(minutes=5)) == []
        run.clock.set(now + timedelta(minutes=1))
        (told,) = run.after(timedelta(minutes=5))
        assert told.visits == example("visit").filter(over).height
