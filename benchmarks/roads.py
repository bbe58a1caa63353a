"""The whole road from source to receipt, and its second half alone."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from benchmarks.ground import RECORDS_MAX, Ground, platform_cpu_seconds, rows_at, silent
from benchmarks.meter import Measured, Meter
from medferry.catalog.platform.profile import load_profile
from medferry.cli.run import run_project
from medferry.ferry.ferry import Ferry, delivery_settings
from medferry.receipt.asked import read_answer
from medferry.receipt.reply import read_reply
from medferry.records import IN_MOTION
from medferry.way_out.delivery import Delivery, DeliverySettings

CALLS_IN_FLIGHT = 64
ANSWER_DELAY_MS = 50
TURN_S = 0.5


def measure_whole_road(
    ground: Ground,
    rows: int,
    name: str = "road",
    *,
    varied: bool = False,
    records_max: int | None = RECORDS_MAX,
) -> Measured:
    """`medferry run --until-quiet` against a platform that verifies every call and accepts every row.

    Loading the project and opening the ledger count; starting the interpreter and the platform does not.
    records_max  in an envelope; None: what the package assumes of the province
    """
    with ground.platform(records_max=records_max) as sandbox:
        project = ground.project(rows, url=sandbox.url, varied=varied, records_max=records_max)
        meter = Meter()
        with meter.running():
            report = run_project(project, until_quiet=True, at_most_s=None, tell=silent)
        _all_arrived(rows, rows_at(sandbox), report["tables"])
        return meter.measured(name, rows, {"platform_cpu_seconds": platform_cpu_seconds(sandbox)})


def measure_calls(ground: Ground, rows: int) -> Measured:
    """One record a call, 64 under way, every answer 50 ms late; the ledger is filled beforehand."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(ground.platform(answer_delay_ms=ANSWER_DELAY_MS))
        ferry = _filled(ground, stack, rows, sandbox.url, CALLS_IN_FLIGHT)
        settings = delivery_settings(ferry.project, load_profile())
        settings = replace(settings, limits=replace(settings.limits, records_max=1))
        meter = _delivered(ferry, settings)
        _all_arrived(rows, rows_at(sandbox))
        return meter.measured("calls", rows, {"platform_cpu_seconds": platform_cpu_seconds(sandbox)})


def measure_to_receipt(ground: Ground, rows: int) -> Measured:
    """Envelopes as the dialect allows, to a platform that judges and stores every record."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(ground.platform(sink=False))
        ferry = _filled(ground, stack, rows, sandbox.url, 8)
        meter = _delivered(ferry, delivery_settings(ferry.project, load_profile()))
        _all_arrived(rows, rows_at(sandbox))
        return meter.measured("to_receipt", rows, {"platform_cpu_seconds": platform_cpu_seconds(sandbox)})


def _filled(ground: Ground, stack: ExitStack, rows: int, url: str, in_flight_max: int) -> Ferry:
    ferry = ground.ferry(stack, ground.project(rows, url=url, in_flight_max=in_flight_max))
    kept = ferry.load_once(ferry.project.routes[0], "head")
    assert kept.new == rows, f"{kept.new} rows kept of {rows}"
    return ferry


def _delivered(ferry: Ferry, settings: DeliverySettings) -> Meter:
    """Runs the way out until nothing is in motion; the ferry's own stays unused."""
    profile = load_profile()
    codes = profile.load_answer_codes()
    delivery = Delivery(
        ferry.outbox,
        ferry.destination,
        partial(read_reply, profile=profile, codes=codes),
        partial(read_answer, profile=profile, codes=codes),
        settings,
        ferry.clock,
        silent,
    )
    meter = Meter()
    with meter.running():
        while delivery.turn(TURN_S) or delivery.in_flight:
            pass
        delivery.close()
    left = sum(count.rows for count in ferry.outbox.counts() if count.state in IN_MOTION)
    assert left == 0, f"{left} rows are still in motion"
    return meter


def _all_arrived(rows: int, arrived: int, tables: object = None) -> None:
    assert arrived == rows, f"the platform has {arrived} rows of {rows}"
    if tables is not None:
        assert isinstance(tables, dict)
        settled = sum(states.get("accepted", 0) for states in tables.values())
        assert settled == rows, f"the ledger has {settled} accepted rows of {rows}"
