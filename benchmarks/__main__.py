"""`make bench`: every measurement in a process of its own, one after another, then one table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.meter import Measured
from benchmarks.report import TITLES, as_json, machine, show
from benchmarks.stages import STAGES
from medferry.cli.process import LITTLE_MEMORY
from medferry.clock import SystemClock

ROWS = 200_000
CHECKS_ROWS = 10_000  # a batch
MEASUREMENT_S_MAX = 600  # a hang ends here; the slowest takes about half of it on two quiet cores


def plan(rows: int) -> dict[str, int]:
    """Measurement -> rows, in the order of the run; everything shrinks with `rows`."""
    return {
        **dict.fromkeys(STAGES, rows),
        "road": rows,
        "road_assumed": rows,
        "road_varied": rows,
        "road_long": rows * 5,
        "plain_client": max(1, rows // 40),
        "dlt_default": rows,
        "dlt_parquet": rows,
        "dlt_arrow": rows,
        "checks": max(1, min(CHECKS_ROWS, rows // 20)),
        "calls": max(1, rows // 50),
        "to_receipt": max(1, rows // 2),
    }


def measure(name: str, rows: int, shared: Path) -> Measured | str:
    """One measurement in its process; a text says why there is no figure."""
    call = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.one",
        name,
        "--rows",
        str(rows),
        "--shared",
        str(shared),
    ]
    try:
        ended = subprocess.run(
            call,
            capture_output=True,
            text=True,
            timeout=MEASUREMENT_S_MAX,
            check=False,
            env=_environment(name),
        )
    except subprocess.TimeoutExpired:
        return f"{MEASUREMENT_S_MAX} 秒内没有测完"
    lines = ended.stdout.strip().splitlines()
    if ended.returncode != 0 or not lines:
        said = ended.stderr.strip().splitlines()
        return said[-1] if said else f"退出码 {ended.returncode}"
    told = json.loads(lines[-1])
    told.pop("rows_per_s")
    return Measured(**told)


def _environment(name: str) -> dict[str, str]:
    """Ours run as `medferry run` does; others as they come."""
    return {**os.environ, **(LITTLE_MEMORY if name.startswith(("road", "calls", "to_receipt")) else {})}


def main(arguments: Sequence[str]) -> int:
    """0 also when an aim is missed: these are measurements. 1 when one of them could not be made."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="速度与内存，一次运行里并排测量。"
    )
    parser.add_argument("--rows", type=int, default=ROWS, help=f"行数，默认 {ROWS}；其余各项按比例缩放")
    parser.add_argument("--only", nargs="+", choices=list(TITLES), help="只测这些")
    parser.add_argument("--json", type=Path, help="把结果写进这个文件")
    given = parser.parse_args(arguments)
    progress, where, at = Console(stderr=True), machine(), SystemClock().now()
    planned = {name: rows for name, rows in plan(given.rows).items() if not given.only or name in given.only}
    found: dict[str, Measured] = {}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="medferry-bench-") as folder:
        sources = {
            ("source_varied" if name == "road_varied" else "source", rows)
            for name, rows in planned.items()
            if name != "checks"  # draws its own batch
        }
        for name, rows in sorted(sources):
            progress.print(f"[dim]准备源表：{rows:,} 行 × 60 列[/]", highlight=False)
            told = measure(name, rows, Path(folder))
            if isinstance(told, str):
                progress.print(f"[red]源表没有写成：{told}[/]", highlight=False)
                return 1
        for number, (name, rows) in enumerate(planned.items(), 1):
            label = f"{number:2}/{len(planned)} {TITLES[name]}，{rows:,} 行"
            with progress.status(label):
                told = measure(name, rows, Path(folder))
            if isinstance(told, str):
                failed[name] = told
                progress.print(f"[red]{label}：没有测出：{told}[/]", highlight=False)
            else:
                found[name] = told
                progress.print(f"[dim]{label}：{told.rows_per_s:,.0f} 行/秒[/]", highlight=False)
    # Wide enough for a file or a pipe, where there is no terminal to ask.
    show(found, where, at, Console(width=None if sys.stdout.isatty() else 190))
    if given.json is not None:
        told_json = json.dumps(as_json(found, failed, where, at), ensure_ascii=False, indent=2)
        given.json.write_text(told_json + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
