"""`medferry hospital`: the synthetic hospital "sunshine", made, advanced, kept alive, and asked for its truth."""

from __future__ import annotations

import json
import signal
import threading
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.clock import SystemClock

if TYPE_CHECKING:
    from medferry_sandbox.hospital.sunshine import Sunshine
    from medferry_sandbox.hospital.truth import Expected

STATES_ZH = {"accepted": "应接收", "superseded": "被新版取代", "held": "应扣留", "waiting": "等父记录"}
LINES_MAX = 50
RATE_MAX = 50.0  # events a second

_out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("run"),
    show_default=True,
    help="医院所在目录。",
)
_json = click.option("--json", "as_json", is_flag=True, help="标准输出只写一个 JSON 对象。")


@click.group()
def group() -> None:
    """合成医院“阳光”：两个院区的 HIS、LIS、EMR、资源库，连同真值。没有一个真人。"""


@group.command()
@_out
@click.option(
    "--visits", type=click.IntRange(2), default=600, show_default=True, help="就诊人次（两个院区合计）。"
)
@click.option("--days", type=click.IntRange(7), default=14, show_default=True, help="覆盖天数。")
@click.option("--seed", type=int, default=2026, show_default=True, help="随机种子：同一种子同一家医院。")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="第一天；不写则第二波止于昨天。")
@click.option(
    "--url",
    help="写到 PostgreSQL 或 MariaDB：各系统各建一库 sunshine_<系统>（同名旧库会被删除）；不写则用 SQLite 文件。",
)
@_json
def create(
    out: Path, visits: int, days: int, seed: int, start: datetime | None, url: str | None, *, as_json: bool
) -> None:
    """造一家医院：各系统的库、真值 truth.sqlite、地址 sources.env。"""
    from medferry_sandbox.hospital.sunshine import Sunshine

    first = start.date() if start else None
    hospital = Sunshine.create(
        out, clock=SystemClock(), visits=visits, days=days, seed=seed, start=first, url=url
    )
    _tell(hospital, as_json=as_json)
    if not as_json:
        click.echo(f"医院在 {out}，各系统地址见 {out / 'sources.env'}，真值见 {hospital.truth.path}")


@group.command()
@_out
@_json
def advance(out: Path, *, as_json: bool) -> None:
    """放出第二波：迟到的提交、当日更正、作废、修好的错误、新就诊。"""
    hospital = _open(out)
    touched = hospital.advance()
    _tell(hospital, as_json=as_json, rows_touched=touched)
    if not as_json:
        click.echo(f"第二波已放出，动了 {touched} 个源行。")


@group.command()
@_out
@click.option(
    "--rate", type=click.FloatRange(0.01, RATE_MAX), default=1.0, show_default=True, help="每秒事件数。"
)
@click.option("--events", type=click.IntRange(1), help="产生这么多事件后停下；不写则直到 Ctrl-C。")
@_json
def live(out: Path, rate: float, events: int | None, *, as_json: bool) -> None:
    """一直产生事件：新就诊、更正、作废，时间都是此刻；真值随之更新。"""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl+C does, with the counts so far
    hospital = _open(out)
    counts: Counter[str] = Counter()
    pause = threading.Event()
    try:
        for number, event in enumerate(hospital.live(SystemClock()), start=1):
            counts[event.kind] += 1
            if not as_json:
                click.echo(f"{number:>6}  {event.kind:<10}{event.campus:<12}{event.table:<28}{event.rows} 行")
            if number == events:
                break
            pause.wait(1 / rate)
    except KeyboardInterrupt:
        click.echo("已停下。", err=True)
    if as_json:
        click.echo(json.dumps(dict(counts), ensure_ascii=False))


@group.command()
@click.argument("table")
@click.argument("key", required=False)
@_out
@_json
def truth(table: str, key: str | None, out: Path, *, as_json: bool) -> None:
    """某张表（某个主键，带院区前缀）应有的样子：每个版本的状态、原因、整行内容。"""
    from medferry_sandbox.hospital.truth import TruthBook

    _must_exist(out)
    lines = TruthBook(out / "truth.sqlite").read(table, key)
    if as_json:
        click.echo(
            json.dumps({"table": table, "versions": [_object(line) for line in lines]}, ensure_ascii=False)
        )
        return
    if not lines:
        click.echo(f"真值里没有 {table} {key or ''}")
        return
    for line in lines[:LINES_MAX]:
        planted = f"（埋设：{line.planted}）" if line.planted else ""
        click.echo(
            f"{line.record_key}  第 {line.ordinal} 版  {line.version_time}  {STATES_ZH[line.state]} {line.reason}{planted}"
        )
        if key is not None:
            for name, value in json.loads(line.row_json).items():
                click.echo(f"    {name:<32}{value}")
    if len(lines) > LINES_MAX:
        click.echo(f"……共 {len(lines)} 行，只列前 {LINES_MAX} 行；请给出主键")


@group.command()
@_out
@_json
def lives(out: Path, *, as_json: bool) -> None:
    """这家医院里少见而真实的情形：每一种说的是什么、比例、出现几次、涉及几行；这些行都应当送达。"""
    from medferry_sandbox.hospital.truth import TruthBook

    _must_exist(out)
    found = TruthBook(out / "truth.sqlite").lives()
    if as_json:
        click.echo(json.dumps({"lives": [asdict(one) for one in found]}, ensure_ascii=False))
        return
    from medferry.cli.consoles import wide_console
    from medferry.cli.listing import Listing, counts, texts

    numbers_zh = counts("比例", "机会", "出现", "行", "应送达", "扣留或等父记录")
    shown = Listing("少见而真实的情形（两波合计）", [*texts("情形", "说明", "范围"), *numbers_zh])
    for one in found:
        numbers = (one.chances, one.happened, one.rows, one.due, one.others)
        shown.add(one.kind, one.said, one.of, f"{one.rate:.1%}", *(f"{number:,}" for number in numbers))
    shown.print(wide_console())


def _open(out: Path) -> Sunshine:
    from medferry_sandbox.hospital.sunshine import Sunshine

    return Sunshine.open(out)


def _must_exist(out: Path) -> None:
    from medferry.errors import ConfigError

    if not (out / "truth.sqlite").exists():
        raise ConfigError("查看真值", folder=out, fix="先运行 medferry hospital create --out 目录")


def _object(line: Expected) -> dict[str, object]:
    return {
        "campus": line.campus,
        "key": line.record_key,
        "version_time": line.version_time,
        "ordinal": line.ordinal,
        "state": line.state,
        "reason": line.reason,
        "planted": line.planted,
        "wave": line.wave,
        "row": json.loads(line.row_json),
    }


def _tell(hospital: Sunshine, *, as_json: bool, rows_touched: int | None = None) -> None:
    tables: dict[str, Counter[str]] = {}
    for table, state, number in hospital.truth.counts():
        tables.setdefault(table, Counter())[state] = number
    if as_json:
        answer: dict[str, object] = {"wave": hospital.settings.wave, "tables": tables}
        if rows_touched is not None:
            answer["rows_touched"] = rows_touched
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    from medferry.cli.consoles import wide_console
    from medferry.cli.listing import Listing, counts, texts

    shown = Listing("真值：各表应有的版本数", [*texts("表"), *counts(*STATES_ZH.values())])
    for table, states in tables.items():
        shown.add(table, *(f"{states[state]:,}" if states[state] else "·" for state in STATES_ZH))
    total = sum((states for states in tables.values()), Counter())
    shown.section()
    shown.add("合计", *(f"{total[state]:,}" for state in STATES_ZH), style="bold")
    shown.print(wide_console())
