"""`medferry run`: the main job."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import wide_console
from medferry.cli.main import EXIT_FINDINGS
from medferry.events import BatchChecked, BatchMapped, EnvelopeAnswered, EnvelopeLeased, Event

if TYPE_CHECKING:
    from medferry.events import Listener
    from medferry.ferry import Ferry
    from medferry.scheduling import RunReport

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
    report = run_project(folder, until_quiet=until_quiet, at_most_s=at_most_s, tell=_printer(verbose))
    if as_json:
        import orjson

        sys.stdout.buffer.write(
            orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
        )
    if report["failed_routes"]:
        sys.exit(EXIT_FINDINGS)


def run_project(
    folder: Path, *, until_quiet: bool, at_most_s: int | None, tell: Listener
) -> dict[str, object]:
    """Runs the project of a folder; returns what `--json` writes.

    raises  ProjectError before anything starts, OutboxError when another process holds the ledger
    """
    from medferry.clock import SystemClock
    from medferry.config import load_project
    from medferry.crypto.software import SoftwareProvider
    from medferry.ferry import open_ferry
    from medferry.scheduling import Scheduler

    clock = SystemClock()
    project = load_project(folder)
    with ExitStack() as stack:
        ferry = open_ferry(project, clock, SoftwareProvider(), tell, stack)
        scheduler = Scheduler(ferry)
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.signal(number, lambda *_: scheduler.stop())
            stack.callback(signal.signal, number, before)
        started = clock.now()
        if until_quiet:
            deadline = started + timedelta(seconds=at_most_s) if at_most_s else None
            report = scheduler.run_until_quiet(deadline)
        else:
            report = scheduler.run()
        ferry.delivery.close()
        return _summary(ferry, report, (clock.now() - started).total_seconds())


def _print_end(folder: Path, report: dict[str, object]) -> None:
    """What stands still, and what `--at-most-s` cut off."""
    from medferry.cli.ledger import reading_ledger
    from medferry.cli.status import print_still
    from medferry.log_center.status import status_of

    with reading_ledger(folder) as (_, reader):
        status = status_of(reader)
    print_still(wide_console(), status)
    if report["left"]:
        click.echo(f"到时停下：还有 {report['left']} 行未送完，留在账本里，下次接着送。", err=True)


def _summary(ferry: Ferry, report: RunReport, seconds: float) -> dict[str, object]:
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
        "seconds": round(seconds, 3),
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
