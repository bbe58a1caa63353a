"""`medferry resend`: rows that the platform refused, or whose attempts are used up, once more."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from medferry.cli.given_names import given_names
from medferry.cli.main import EXIT_FINDINGS


@click.command()
@click.argument("table")
@click.argument("keys", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="这张表里停下的行全部重送，不逐个写主键。")
@click.option("--by", required=True, help="经手人，记在这些行的轨迹里。")
@click.option("--because", required=True, help="理由，例如“平台已补字典”；不要写患者信息。")
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(
    table: str, keys: tuple[str, ...], everything: bool, by: str, because: str, folder: Path, as_json: bool
) -> None:
    """把停下的行重新排队：平台拒收的，以及次数用尽而搁置的。

    TABLE 是标准表名，KEYS 是记录主键（含院区前缀）。原样重送：平台那边补好字典、放开权限之后用；院内改了数据的不必用，
    新版本会自己送出。被校验扣留的行不在此列。medferry run 正在运行时由它来做。没有可重送的行时退出码为 1。
    """
    from medferry.cli.ledger import reading_ledger
    from medferry.clock import SystemClock
    from medferry.ferry.resend import resend, standing

    if bool(keys) == everything:
        raise click.UsageError("写出要重送的主键，或用 --all 重送这张表里停下的全部行，二者取一。")
    with reading_ledger(folder) as (project, reader):
        with given_names():
            project.catalog.table(table)
        sequences = standing(reader, table, keys)
    queued: int | None = 0
    if sequences:
        queued = resend(project, sequences, f"{by}：{because}", SystemClock())
    if as_json:
        import orjson

        report = {"standing": len(sequences), "queued": queued, "requested": queued is None}
        sys.stdout.buffer.write(orjson.dumps(report) + b"\n")
    elif not sequences:
        click.echo("没有停下的行：平台拒收或搁置的才能重送，用 medferry status 看各行的现状。", err=True)
    elif queued is None:
        click.echo(f"medferry run 正在运行，已请它重送 {len(sequences)} 行；用 medferry status 看结果。")
    else:
        click.echo(f"{queued} 行已重新排队，下次 medferry run 时发送。")
    if not sequences:
        sys.exit(EXIT_FINDINGS)
