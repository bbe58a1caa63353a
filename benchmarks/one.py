"""One measurement in a process of its own: `python -m benchmarks.one NAME --rows N` prints one line of JSON."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from benchmarks.dlt_copy import measure_dlt
from benchmarks.ground import Ground
from benchmarks.meter import Measured, Meter
from benchmarks.stages import STAGES, measure_stage


def _source(ground: Ground, rows: int, *, varied: bool = False) -> Measured:
    meter = Meter()
    with meter.running():
        ground.source(rows, varied=varied)
    return meter.measured("source", rows)


def _road(ground: Ground, rows: int, name: str, *, varied: bool = False) -> Measured:
    from benchmarks.roads import measure_whole_road

    return measure_whole_road(ground, rows, name, varied=varied)


def _road_assumed(ground: Ground, rows: int) -> Measured:
    from benchmarks.roads import measure_whole_road

    return measure_whole_road(ground, rows, "road_assumed", records_max=None)


def _calls(ground: Ground, rows: int) -> Measured:
    from benchmarks.roads import measure_calls

    return measure_calls(ground, rows)


def _to_receipt(ground: Ground, rows: int) -> Measured:
    from benchmarks.roads import measure_to_receipt

    return measure_to_receipt(ground, rows)


def _plain_client(ground: Ground, rows: int) -> Measured:
    from benchmarks.plain_client import measure_plain_client

    return measure_plain_client(ground, rows)


def _checks(_: Ground, rows: int) -> Measured:
    from benchmarks.checks_beside import measure_checks

    return measure_checks(rows)


# The rivals' libraries are imported where they are measured: they must not count in another's memory.
MEASUREMENTS: Mapping[str, Callable[[Ground, int], Measured]] = {
    "source": _source,
    "source_varied": partial(_source, varied=True),
    **{stage: partial(measure_stage, stage=stage) for stage in STAGES},
    "road": partial(_road, name="road"),
    "road_assumed": _road_assumed,
    "road_long": partial(_road, name="road_long"),
    "road_varied": partial(_road, name="road_varied", varied=True),
    "checks": _checks,
    "calls": _calls,
    "to_receipt": _to_receipt,
    "plain_client": _plain_client,
    "dlt_default": partial(measure_dlt, way="default"),
    "dlt_parquet": partial(measure_dlt, way="parquet"),
    "dlt_arrow": partial(measure_dlt, way="arrow"),
}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one")
    parser.add_argument("name", choices=MEASUREMENTS)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--shared", type=Path, help="源数据文件放在这里，供各项测量共用")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="medferry-bench-") as folder:
        ground = Ground(Path(folder), given.shared or Path(folder) / "shared")
        measured = MEASUREMENTS[given.name](ground, given.rows)
    print(json.dumps(asdict(measured) | {"rows_per_s": measured.rows_per_s}))


if __name__ == "__main__":
    main(sys.argv[1:])
