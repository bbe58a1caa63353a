"""`medferry run`: the main job."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import wide_console
from medferry.cli.main import EXIT_FINDINGS
from medferry.cli.process import run_for_months
from medferry.events import (
    NOT_SENT,
    BatchChecked,
    BatchMapped,
    EnvelopeAnswered,
    EnvelopeFailed,
    EnvelopeLeased,
    EnvelopeSettled,
    Event,
    PlatformBack,
    PlatformLost,
    QuestionFailed,
)

if TYPE_CHECKING:
    from datetime import datetime

    from medferry.clock import Clock
    from medferry.config import Project
    from medferry.events import Listener
    from medferry.ferry.counts import RunReport
    from medferry.ferry.scheduler import Scheduler
    from medferry.outbox.outbox import TableCount

_WAITED = re.compile("(?:waited|retry_after)_s=[0-9.]+")  # the same reason, however long it took
_DETAILS = (BatchMapped, BatchChecked, EnvelopeLeased, EnvelopeAnswered)  # only with --verbose


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option(
    "--until-quiet", is_flag=True, help="各路线读到头、报文都有结果后结束；等待父记录与被扣留的行会列出。"
)
@click.option(
    "--at-most-s", type=click.IntRange(1), help="到时即停，剩余留在账本里；可与 --until-quiet 同用。"
)
@click.option("--json", "as_json", is_flag=True, help="结束时向标准输出写一个 JSON 对象。")
@click.option("--verbose", is_flag=True, help="逐批、逐报文显示。")
def command(folder: Path, until_quiet: bool, at_most_s: int | None, as_json: bool, verbose: bool) -> None:
    """开始摆渡：抽取、映射、校验、入账、投递、结清。

    平时不加参数，常驻运行（Ctrl+C 平稳停下）；--until-quiet 把手头的事做完就结束。
    """
    run_for_months()
    from medferry.cli.standing import has_held, next_step, standing  # the column engine comes after

    report = run_project(
        folder,
        until_quiet=until_quiet,
        at_most_s=at_most_s,
        tell=Telling(verbose=verbose),
        say=partial(click.echo, err=True),
    )
    if as_json:
        import orjson

        sys.stdout.buffer.write(
            orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
        )
    else:
        if until_quiet or at_most_s:
            _print_end(folder, report)
        states, failed = report["tables"], report["failed_routes"]
        assert isinstance(states, dict)
        assert isinstance(failed, dict)
        step = next_step(states, len(failed), platform_is_lost=report["platform_lost"] is True)
        click.echo(f"结束：{standing(states)}。{step}", err=True)
    if report["failed_routes"] or (until_quiet and not report["stopped"] and has_held(report)):
        sys.exit(EXIT_FINDINGS)


def run_project(
    folder: Path,
    *,
    until_quiet: bool,
    at_most_s: int | None,
    tell: Listener,
    clock: Clock | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, object]:
    """Runs the project of a folder; returns what `--json` writes.

    say  once a minute of a resident run: how it stands

    raises  ProjectError before anything starts, OutboxError when another process holds the ledger
    """
    from medferry.clock import SystemClock
    from medferry.config import load_project

    clock = clock or SystemClock()

    def load() -> Project:
        return load_project(folder, today=clock.now().date())

    project = load()
    started_s = clock.steady_s()
    deadline_s = started_s + at_most_s if at_most_s else inf
    with _StopSignals() as stopping:
        opening = _OpenProject(clock, tell, stopping, load, say)
        report = opening.run(project, until_quiet=until_quiet, deadline_s=deadline_s)
        while opening.next is not None and not stopping.asked:
            report += opening.run(opening.next, until_quiet=until_quiet, deadline_s=deadline_s)
    summary = _summary(clock.steady_s() - started_s, report, opening.counts)
    return {**summary, "platform_lost": opening.lost_since is not None, "stopped": stopping.asked}


class _StopSignals:
    """Ctrl+C and SIGTERM stop the scheduler of the moment, and no other is started."""

    def __init__(self) -> None:
        self.asked = False
        self.scheduler: Scheduler | None = None

    def __enter__(self) -> _StopSignals:
        numbers = (signal.SIGINT, signal.SIGTERM)
        self._before = {number: signal.signal(number, self._stop) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _stop(self, *_: object) -> None:
        if self.asked:  # who asks twice does not want to wait
            raise KeyboardInterrupt
        self.asked = True
        if self.scheduler is not None:
            self.scheduler.stop()

    def use(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        if self.asked:
            scheduler.stop()


class _OpenProject:
    """Runs a project from opening to closing.

    next    what to open after it, when an edition changed over
    counts  the ledger's, at its end; lost_since: since when the platform has not answered then
    """

    def __init__(
        self,
        clock: Clock,
        tell: Listener,
        stopping: _StopSignals,
        load: Callable[[], Project],
        say: Callable[[str], None],
    ) -> None:
        self._say = say
        self._clock = clock
        self._tell = tell
        self._stopping = stopping
        self._load = load
        self.next: Project | None = None
        self.counts: Sequence[TableCount] = ()
        self.lost_since: datetime | None = None

    def run(self, project: Project, *, until_quiet: bool, deadline_s: float) -> RunReport:
        """raises  OutboxError when another process holds the ledger"""
        from medferry.cli.standing import EveryMinute, told
        from medferry.crypto.software import SoftwareProvider
        from medferry.ferry.edition_switch import EditionSwitch
        from medferry.ferry.ferry import open_ferry
        from medferry.ferry.scheduler import Scheduler

        switched = self.next is not None
        with ExitStack() as stack:
            ferry = open_ferry(project, self._clock, SoftwareProvider(), self._tell, stack)
            scheduler = Scheduler(ferry)
            self._stopping.use(scheduler)
            every_minute = EveryMinute(
                self._clock,
                lambda: self._say(f"现状：{told(ferry.outbox.counts(), ferry.delivery.outage.since)}"),
            )
            switch = EditionSwitch(ferry, self._load, switched=switched)
            report = (
                scheduler.run_until_quiet(deadline_s=deadline_s)
                if until_quiet
                else scheduler.run(lambda: every_minute() or switch.is_due(), deadline_s=deadline_s)
            )
            self.next = switch.project
            self.counts, self.lost_since = ferry.outbox.counts(), ferry.delivery.outage.since
            return report


def _print_end(folder: Path, report: dict[str, object]) -> None:
    """What stands still, and what `--at-most-s` cut off."""
    from medferry.cli.ledger import reading_ledger
    from medferry.cli.names import Names
    from medferry.cli.status import print_still
    from medferry.log_center.status import status_of

    with reading_ledger(folder) as (project, reader):
        status = status_of(reader)
    print_still(wide_console(), status, Names(project))
    if report["left"]:
        click.echo(f"到时停下：还有 {report['left']} 行未送完，留在账本里，下次接着送。", err=True)


def _summary(seconds: float, report: RunReport, counts: Sequence[TableCount]) -> dict[str, object]:
    from medferry.cli.standing import by_table
    from medferry.records import IN_MOTION

    delivered = report.delivered
    states = by_table(counts)
    return {
        "seconds": round(seconds, 3),
        "routes": {
            route: {
                "read": one.rows_read,
                "not_ready": one.rows_not_ready,
                "unchanged": one.rows_unchanged,
                "lookup_misses": one.lookup_misses,
                "kept": {table: asdict(kept) for table, kept in one.kept.items()},
            }
            for route, one in report.loaded.items()
        },
        "failed_routes": dict(report.failed),
        "left": sum(count.rows for count in counts if count.state in IN_MOTION),
        "tables": states,
        "delivered": {
            "envelopes": delivered.envelopes,
            "accepted": delivered.accepted,
            "refused": delivered.refused,
            "stale": delivered.stale,
            "again": delivered.again,
            "answers_lost": delivered.answers_lost,
        },
    }


class Telling:
    """Tells events on standard error. Why envelopes do not arrive is told once, until one does or the reason changes; what
    was told of the first is not said of each that follows."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._why = ""

    def __call__(self, event: Event) -> None:
        is_detail = isinstance(event, _DETAILS) or getattr(event, "code", "") == NOT_SENT
        if self._verbose:
            click.echo(event.text(), err=True)
        elif not is_detail and (text := self._new(event)):
            click.echo(text, err=True)

    def _new(self, event: Event) -> str:
        """What of it was not told yet."""
        if isinstance(event, (EnvelopeSettled, PlatformBack)):
            self._why = ""
        if not isinstance(event, (EnvelopeFailed, QuestionFailed, PlatformLost)):
            return event.text()
        why = _WAITED.sub("", event.message)
        if why != self._why:
            self._why = why
            return event.text()
        return f"{event.HEAD}。" if isinstance(event, PlatformLost) else ""
