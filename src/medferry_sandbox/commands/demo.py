"""`medferry demo`: the whole road on embedded defaults, audited from outside."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

import medferry_sandbox
from medferry.cli.consoles import say, wide_console
from medferry.cli.listing import Listing, counts, group, texts
from medferry.cli.main import EXIT_FINDINGS
from medferry.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.events import Event
    from medferry_sandbox.auditor import AuditReport

_MARK = ".medferry-demo"  # only a folder that carries it is emptied
_PROJECT = "project"  # the example project, copied
_LOOK = "look.env"  # what other commands need to see this demo
_COLUMNS = ("read", "accepted", "held", "refused", "waiting", "superseded")


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How much the synthetic hospital does, and on which server its databases lie; None: in files."""

    visits: int
    days: int
    seed: int
    url: str | None = None


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("run/demo"), help="数据放在哪里。"
)
@click.option(
    "--visits", type=click.IntRange(20), default=600, show_default=True, help="就诊人次（两个院区合计）。"
)
@click.option("--days", type=click.IntRange(7), default=14, show_default=True, help="覆盖天数。")
@click.option("--seed", type=int, default=2026, show_default=True, help="随机种子：同一种子同一家医院。")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="把结果写进这个 JSON 文件。"
)
@click.option(
    "--url",
    help="医院的库建在 PostgreSQL 或 MariaDB 上（同名旧库 sunshine_… 会被删除）；不写则用 SQLite 文件。",
)
def command(out: Path, visits: int, days: int, seed: int, json_file: Path | None, url: str | None) -> None:
    """一条命令看完整条路：造一家医院，开一个沙箱平台，摆渡两轮，再由审计器从外面核对。

    第一轮是存量；第二轮补上迟到的提交、当日更正、作废和新就诊。审计器只看真值与平台的库，不看账本。
    """
    from rich.console import Console

    console = Console(stderr=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also this way nothing is left running
    result, report = run_demo(out, DemoSize(visits, days, seed, url), console)
    print_tables(result)
    _print_audit(report, result)
    click.echo(f"接着看这家医院（同一个终端里）：set -a; . {out / _LOOK}; set +a")
    click.echo(
        "  medferry status | coverage | gaps --out 缺口.xlsx | score | codes unmapped，"
        f"都加 --project {_near(out / _PROJECT)}"
    )
    if json_file is not None:
        import orjson

        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2) + b"\n")
    if not report.clean or result["tables_accepted"] != result["tables_total"]:
        sys.exit(EXIT_FINDINGS)


def run_demo(out: Path, size: DemoSize, console: Console) -> tuple[dict[str, object], AuditReport]:
    """Runs the demo in a folder of its own; returns the object of `--json` and the audit behind it."""
    from medferry.clock import SystemClock
    from medferry_sandbox.auditor import audit
    from medferry_sandbox.hospital.sunshine import Sunshine
    from medferry_sandbox.platform.server import running_sandbox
    from medferry_sandbox.platform.settings import SandboxSettings

    _empty(out)
    project = _copied_project(out)
    started = perf_counter()
    console.print(f"[bold]1/4[/] 造医院：{size.visits} 人次、{size.days} 天，种子 {size.seed}")
    hospital = Sunshine.create(
        out / "hospital",
        clock=SystemClock(),
        visits=size.visits,
        days=size.days,
        seed=size.seed,
        url=size.url,
    )
    waivers = project / "waivers.yaml"
    settings = SandboxSettings(
        data=out / "platform",
        port=0,
        control_port=0,
        waivers=waivers if waivers.exists() else None,
        checks=project / "medferry.yaml",
    )
    with running_sandbox(settings) as sandbox, _environment(out, sandbox.url):
        console.print(f"[bold]2/4[/] 沙箱平台已就绪：{sandbox.url}")
        reads = _Reads()
        console.print("[bold]3/4[/] 第一轮：存量")
        for _ in range(2):  # the second time nothing is new; what is late comes behind its window then
            _ran(project, console, reads)
        touched = hospital.advance()
        console.print(f"[bold]4/4[/] 第二轮：迟到、更正、作废、新就诊（动了 {touched} 个源行）")
        for _ in range(2):
            ran = _ran(project, console, reads)
        report = audit(hospital.truth.path, sandbox.storage_path)
    sources = (out / "hospital" / "sources.env").read_text(encoding="utf-8")
    (out / _LOOK).write_text(
        f"# medferry.yaml 取用的环境变量\n{sources}SUNSHINE_LEDGER={(out / 'ledger.sqlite').resolve()}\n",
        encoding="utf-8",
    )
    return _result(ran, reads.rows, report, perf_counter() - started), report


def _ran(project: Path, console: Console, reads: _Reads) -> dict[str, object]:
    """raises  Abort: a person stopped it, and nothing comes after"""
    from medferry.cli.run import run_project

    with _progress(console, reads):
        ran = run_project(project, until_quiet=True, at_most_s=None, tell=reads.tell)
    if ran["stopped"]:
        console.print("演示停在半路；做到哪里都在账本里，再运行一次从头来。")
        raise click.Abort
    return ran


def sunshine_project() -> Path:
    """The example project, which comes with the program."""
    return Path(medferry_sandbox.__file__).resolve().parent / "sunshine_hospital"


def _copied_project(out: Path) -> Path:
    """A copy of it below `out`: a person may change it."""
    shutil.copytree(sunshine_project(), out / _PROJECT, ignore=shutil.ignore_patterns("__pycache__"))
    return out / _PROJECT


def _near(path: Path) -> Path:
    """From where the person stands, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _empty(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise ConfigError("准备演示目录", folder=out, fix="目录里有别的东西，请换一个 --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / _MARK).touch()


@contextmanager
def _environment(out: Path, url: str) -> Iterator[None]:
    """What medferry.yaml of the example takes from the environment, for this run only."""
    before = dict(os.environ)
    for line in (out / "hospital" / "sources.env").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        os.environ[name] = value
    os.environ["MEDFERRY_PLATFORM_URL"] = url
    os.environ["SUNSHINE_LEDGER"] = str((out / "ledger.sqlite").resolve())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Reads:
    """Counts what the events tell."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.read = 0
        self.accepted = 0

    def tell(self, event: Event) -> None:
        from medferry.events import BatchMapped, BatchRead, EnvelopeSettled

        if isinstance(event, BatchRead):
            self.read += event.rows
        elif isinstance(event, BatchMapped):
            self.rows[event.table] = self.rows.get(event.table, 0) + event.rows
        elif isinstance(event, EnvelopeSettled):
            self.accepted += event.accepted


@contextmanager
def _progress(console: Console, reads: _Reads) -> Iterator[None]:
    from threading import Event as Flag
    from threading import Thread

    if not console.is_terminal:
        yield
        return
    done = Flag()
    with console.status("……") as status:

        def show() -> None:
            while not done.wait(0.2):
                status.update(f"已读源行 {reads.read:,}，平台已接收 {reads.accepted:,}")

        thread = Thread(target=show, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _result(
    ran: Mapping[str, object], reads: Mapping[str, int], report: AuditReport, seconds: float
) -> dict[str, object]:
    states = ran["tables"]
    assert isinstance(states, dict)
    return {
        **tables_of(states, reads),
        "lost": report.lost,
        "doubled": report.doubled,
        "reversed": report.reversed,
        "truth_mismatches": report.mismatches,
        "seconds": round(seconds, 1),
    }


def tables_of(states: Mapping[str, Mapping[str, int]], reads: Mapping[str, int]) -> dict[str, object]:
    """Rows of each table of the standard, by what became of them.

    states  table -> state -> versions; reads: table -> rows mapped
    """
    from medferry.catalog.load import load_catalog

    tables: dict[str, dict[str, int]] = {}
    for name in load_catalog().table_names:
        by_state = states.get(name, {})
        tables[name] = {
            "read": reads.get(name, 0),
            "accepted": by_state.get("accepted", 0),
            "held": by_state.get("held", 0),
            "refused": by_state.get("refused", 0),
            "waiting": by_state.get("waiting_parent", 0),
            "superseded": by_state.get("superseded", 0),
        }
    return {
        "tables": tables,
        "tables_total": len(tables),
        "tables_accepted": sum(1 for counts in tables.values() if counts["accepted"]),
        "rows_accepted": sum(counts["accepted"] for counts in tables.values()),
    }


def print_tables(result: Mapping[str, object]) -> None:
    from medferry.catalog.load import load_catalog

    catalog = load_catalog()
    numbers_zh = counts("映射行", "接收", "扣留", "拒收", "等父记录", "被取代")
    shown = Listing("63 张标准表", [*counts("序"), *group("类别"), *texts("数据表"), *numbers_zh])
    totals = dict.fromkeys(_COLUMNS, 0)
    tables = result["tables"]
    assert isinstance(tables, dict)
    for name, rows in tables.items():
        table = catalog.table(name)
        numbers = [f"{rows[column]:,}" if rows[column] else "·" for column in _COLUMNS]
        shown.add(str(table.no), table.category_zh, f"{table.title_zh} {name}", *numbers)
        for column in _COLUMNS:
            totals[column] += rows[column]
    shown.section()
    shown.add("", "合计", f"{result['tables_accepted']}/{result['tables_total']} 张表有接收",
              *(f"{totals[column]:,}" for column in _COLUMNS), style="bold")  # fmt: skip
    shown.print(wide_console())


def _print_audit(report: AuditReport, result: Mapping[str, object]) -> None:
    console = wide_console()
    colour = "green" if report.clean else "red"
    say(
        console,
        f"审计（真值 对 平台库）：应到 {sum(report.expected.values()):,} 条，"
        f"丢失 {report.lost}，重复 {report.doubled}，倒退 {report.reversed}，与真值不符 {report.mismatches}；"
        f"用时 {result['seconds']} 秒",
        f"bold {colour}",
    )
    for difference in report.differences[:20]:
        fields = f"（{'、'.join(difference.fields)}）" if difference.fields else ""
        say(console, f"  {difference.table} {difference.record_key}：{difference.what}{fields}", "red")
