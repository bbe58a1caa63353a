"""Each stage of the road alone, over the batches it gets on the whole road; the stages before it run unmeasured."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from benchmarks.ground import Ground
from benchmarks.meter import Measured, Meter
from medferry.catalog.platform.profile import load_profile
from medferry.checks import compile_checks, run_checks
from medferry.clock import SystemClock
from medferry.ferry.ferry import Ferry, delivery_settings, read_plan
from medferry.mapping.engine import apply_mapping
from medferry.outbox.row_keys import key_rows
from medferry.receipt.reply import read_reply
from medferry.records import Envelope, Family, Outcome, RawBatch, Receipt, Verdict
from medferry.way_in.batch import source_marks, without_dropped

WAY_IN = ("read", "mark", "map", "check", "key", "put")
WAY_OUT = ("lease", "send", "settle")
STAGES = WAY_IN + WAY_OUT
IN_FLIGHT_MAX = 8


def measure_stage(ground: Ground, rows: int, stage: str) -> Measured:
    """stage: one of STAGES. raises AssertionError when a row was lost or held on the way."""
    with ExitStack() as stack:
        if stage == "send":
            url = stack.enter_context(ground.platform()).url
            ferry = ground.ferry(stack, ground.project(rows, url=url))
        else:
            ferry = ground.ferry(stack, ground.project(rows))
        meter = Meter()
        done = _way_in(ferry, stage, meter)
        if stage in WAY_OUT:
            done = _way_out(ferry, stage, meter)
        assert done == rows, f"{stage}: {done} rows of {rows}"
        return meter.measured(stage, rows)


def _way_in(ferry: Ferry, stage: str, meter: Meter) -> int:
    route = ferry.project.routes[0]
    catalog = ferry.project.catalog
    tables = {name: catalog.table(name) for name in route.tables}
    checks = {name: compile_checks(table, catalog, {}) for name, table in tables.items()}
    mapping = ferry.project.compiled(route)
    # Marks are looked up among those kept before, so their stage needs all stages behind it.
    last = WAY_IN.index("put" if stage == "mark" or stage in WAY_OUT else stage)
    rows = 0
    for number, raw in enumerate(_reads(ferry, meter, measured=stage == "read")):
        rows += raw.frame.height
        if last == 0:
            continue
        with meter.running(when=stage == "mark"):
            marks = source_marks(raw.frame, route.key)
            seen = ferry.outbox.unchanged(route.id, marks.key_hashes, marks.digests)
        assert not any(seen)
        with meter.running(when=stage == "map"):
            batches = apply_mapping(raw.frame, mapping, {}) if last >= 2 else []
        with meter.running(when=stage == "check"):
            checked = [run_checks(one, checks[one.table]) for one in batches] if last >= 3 else []
        assert all(bool(one.sound.all()) for one in checked), "rows of the benchmark are sound"
        with meter.running(when=stage == "key"):
            keyed = [
                key_rows(without_dropped(one), tables[one.batch.table], {}) for one in checked if last >= 4
            ]
        if last >= 5:
            family = Family(
                f"B{number}", route.id, raw.campus, "head", raw.read_at, keyed, raw.cursor, marks,
                raw.frame.height, 0,
            )  # fmt: skip
            with meter.running(when=stage == "put"):
                ferry.outbox.put(family)
    return rows


def _reads(ferry: Ferry, meter: Meter, *, measured: bool) -> Iterator[RawBatch]:
    route = ferry.project.routes[0]
    batches = iter(ferry.source_of(route.source).read(read_plan(route), None, "head"))
    while True:
        with meter.running(when=measured):
            raw = next(batches, None)
        if raw is None:
            return
        yield raw


def _way_out(ferry: Ferry, stage: str, meter: Meter) -> int:
    profile = load_profile()
    limits = delivery_settings(ferry.project, profile).limits
    read = partial(read_reply, profile=profile, codes=profile.load_answer_codes())
    rows = 0

    def sent(envelope: Envelope) -> Receipt:
        return read(ferry.destination.send(envelope), envelope)

    with ThreadPoolExecutor(IN_FLIGHT_MAX) as pool:
        while True:
            with meter.running(when=stage == "lease"):
                leased = ferry.outbox.lease(limits, ferry.destination.pack)
            if not leased:
                return rows
            envelopes = [one.envelope for one in leased]
            with meter.running(when=stage == "send"):
                receipts = list(pool.map(sent if stage == "send" else accepted, envelopes))
            with meter.running(when=stage == "settle"):
                results = ferry.outbox.settle(receipts)
            rows += sum(result.accepted for result in results)


def accepted(envelope: Envelope) -> Receipt:
    """The receipt of a platform that accepts everything, without one."""
    verdict = Verdict(Outcome.ACCEPTED)
    return Receipt(envelope.message_id, "R", verdict, {}, final=True, answered_at=SystemClock().now())
