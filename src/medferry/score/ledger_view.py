"""What the three commands begin with: the project's ledger, looked at under the scoring that holds for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from medferry.config.model import Project
from medferry.outbox.reader import ScoreReader
from medferry.score.conditional import required_when
from medferry.score.policy import policy_of
from medferry.score.survey import EXAMPLES_MAX, Survey, Window, take_survey


def window_of(days: int | None, now: datetime) -> Window:
    """The last `days` business days, today among them; None: all."""
    return Window(now.date() - timedelta(days=days - 1)) if days else Window()


def survey_of(
    project: Project,
    reader: ScoreReader,
    now: datetime,
    window: Window,
    *,
    tables: Sequence[str] | None = None,
    with_uses: bool = False,
    examples_max: int = EXAMPLES_MAX,
) -> Survey:
    return take_survey(
        reader,
        project.catalog,
        policy_of(project),
        waived=project.waived,
        conditions=required_when,
        now=now,
        window=window,
        tables=tables,
        with_uses=with_uses,
        examples_max=examples_max,
    )
