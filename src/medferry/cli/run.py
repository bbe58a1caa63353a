"""`medferry run`: the main job."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import wide_console
from medferry.cli.main import EXIT_FINDINGS
from medferry.events import BatchChecked, BatchMapped, EnvelopeAnswered, EnvelopeLeased, Event
from medferry.ferry.memory import use_little_memory

if TYPE_CHECKING:
    from medferry.clock import Clock
    from medferry.config import Project
    from medferry.events import Listener
    from medferry.ferry.ferry import Ferry
    from medferry.ferry.scheduler import RunReport, Scheduler

GC_THRESHOLDS = (50_000, 20, 50)
"""A batch makes tens of thousands of tuples that live for a moment and form no cycles: looking through them as often as
the interpreter does by itself takes a twentieth of the processor time."""
_DETAILS = (BatchMapped, BatchChecked, EnvelopeLeased, EnvelopeAnswered)  # only with --verbose


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option(
    "--until-quiet", is_flag=True, help="各路线读到头、报文都有结果后结束；等待父记录与被扣留的行会列出。"
)
@click.option("--at-most-s", type=click.IntRange(1), help="配合 --until-quiet：到时即停，剩余留在账本里。")
@click.option("--json", "as_json", is_flag=True, help="结束时向标准输出写一个 JSON 对象。")
@click.option("--verbose", is_flag=True, help="逐批、逐报文显示。")
def command(folder: Path, until_quiet: bool, at_most_s: int | None, as_json: bool, verbose: bool) -> None:
    """开始摆渡：抽取、映射、校验、入账、投递、结清。

    平时不加参数，常驻运行（Ctrl+C 平稳停下）；--until-quiet 把手头的事做完就结束。
    """
    use_little_memory()
    report = run_project(folder, until_quiet=until_quiet, at_most_s=at_most_s, tell=_printer(verbose))
    if as_json:
        import orjson

        sys.stdout.buffer.write(
            orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
        )
    elif until_quiet:
        _print_end(folder, report)
    if report["failed_routes"]:
        sys.exit(EXIT_FINDINGS)


def run_project(
    folder: Path, *, until_quiet: bool, at_most_s: int | None, tell: Listener, clock: Clock | None = None
) -> dict[str, object]:
    """Runs the project of a folder; returns what `--json` writes.

    raises  ProjectError before anything starts, OutboxError when another process holds the ledger
    """
    from medferry.clock import SystemClock
    from medferry.config import load_project

    gc.set_threshold(*GC_THRESHOLDS)
    clock = clock or SystemClock()

    def load() -> Project:
        return load_project(folder, today=clock.now().date())

    project = load()
    started = clock.now()
    deadline = started + timedelta(seconds=at_most_s) if at_most_s and until_quiet else None
    with _Stopping() as stopping:
        opening = _Opening(clock, tell, stopping, load)
        said = opening.run(project, until_quiet=until_quiet, deadline=deadline)
        while opening.next is not None and not stopping.asked:
            said = _added(said, opening.run(opening.next, until_quiet=until_quiet, deadline=deadline))
    return {"seconds": round((clock.now() - started).total_seconds(), 3), **said}


class _Stopping:
    """Ctrl+C and SIGTERM stop the scheduler of the moment, and no other is started."""

    def __init__(self) -> None:
        self.asked = False
        self.scheduler: Scheduler | None = None

    def __enter__(self) -> _Stopping:
        numbers = (signal.SIGINT, signal.SIGTERM)
        self._before = {number: signal.signal(number, self._stop) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _stop(self, *_: object) -> None:
        self.asked = True
        if self.scheduler is not None:
            self.scheduler.stop()

    def use(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        if self.asked:
            scheduler.stop()


class _Opening:
    """Runs a project from opening to closing. `next`: what to open after it, when an edition changed over."""

    def __init__(
        self, clock: Clock, tell: Listener, stopping: _Stopping, load: Callable[[], Project]
    ) -> None:
        self._clock = clock
        self._tell = tell
        self._stopping = stopping
        self._load = load
        self.next: Project | None = None

    def run(self, project: Project, *, until_quiet: bool, deadline: datetime | None) -> dict[str, object]:
        """raises  OutboxError when another process holds the ledger"""
        from medferry.crypto.software import SoftwareProvider
        from medferry.ferry.edition_switch import EditionSwitch
        from medferry.ferry.ferry import open_ferry
        from medferry.ferry.scheduler import Scheduler

        switched = self.next is not None
        with ExitStack() as stack:
            ferry = open_ferry(project, self._clock, SoftwareProvider(), self._tell, stack)
            scheduler = Scheduler(ferry)
            self._stopping.use(scheduler)
            switch = EditionSwitch(ferry, self._load, switched=switched)
            report = scheduler.run_until_quiet(deadline) if until_quiet else scheduler.run(switch.is_due)
            self.next = switch.project
            ferry.delivery.close()
            return _summary(ferry, report)


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


def _added(before: dict[str, object], now: dict[str, object]) -> dict[str, object]:
    """Counters of one opening after another; how things stand is said by the later one."""
    found = dict(now)
    for name in ("routes", "delivered"):
        found[name] = _sums(before[name], now[name])
    return found


def _sums(one: object, other: object) -> object:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _sums(one.get(key), other.get(key)) for key in {**one, **other}}
    assert isinstance(one, int)
    assert isinstance(other, int)
    return one + other


def _summary(ferry: Ferry, report: RunReport) -> dict[str, object]:
    from medferry.records import IN_MOTION, State

    states: dict[str, dict[str, int]] = {}
    for count in ferry.outbox.counts():
        by_state = states.setdefault(count.table, {})
        by_state[count.state.value] = by_state.get(count.state.value, 0) + count.rows
    figures = ferry.delivery.figures
    left = sum(
        rows for by_state in states.values() for state, rows in by_state.items() if State(state) in IN_MOTION
    )
    return {
        "routes": {
            route: {
                "read": one.rows_read,
                "not_ready": one.rows_not_ready,
                "unchanged": one.rows_unchanged,
                "lookup_misses": one.lookup_misses,
            }
            for route, one in report.loaded.items()
        },
        "failed_routes": dict(report.failed),
        "left": left,
        "tables": states,
        "delivered": {
            "envelopes": figures.envelopes,
            "accepted": figures.accepted,
            "refused": figures.refused,
            "stale": figures.stale,
            "again": figures.again,
            "answers_lost": figures.answers_lost,
        },
    }


def _printer(verbose: bool) -> Listener:
    def tell(event: Event) -> None:
        if verbose or not isinstance(event, _DETAILS):
            click.echo(event.text(), err=True)

    return tell
