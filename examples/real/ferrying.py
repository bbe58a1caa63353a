"""One project from its database to a sandbox, until nothing moves; then what became of its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from examples.real.accepted import accepted_keys
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.config.model import Project
from medferry.crypto.software import SoftwareProvider
from medferry.errors import OutboxError
from medferry.events import Event
from medferry.ferry.counts import RunReport
from medferry.ferry.ferry import open_ferry
from medferry.ferry.scheduler import Scheduler
from medferry.outbox.reader import LedgerReader
from medferry.records import Severity, State
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

RUN_S_MAX = 300


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows stand still: a check and the field it names, or the platform's code."""

    check: str
    code: str
    field: str
    rows: int


@dataclass(slots=True)
class TableOutcome:
    """What became of one table's rows.

    read             source rows of the routes that feed it (a source row may feed several tables)
    not_ready        of these, left behind by ready_when
    accepted         without a waiver
    accepted_waived  accepted, with a finding that a waiver lifted
    """

    table: str
    title: str
    read: int = 0
    not_ready: int = 0
    accepted: int = 0
    accepted_waived: int = 0
    held: int = 0
    waiting_parent: int = 0
    refused: int = 0
    unsettled: int = 0
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`failed`: route -> error text."""

    tables: list[TableOutcome]
    failed: Mapping[str, str]

    @property
    def tables_accepted(self) -> int:
        return sum(1 for one in self.tables if one.accepted + one.accepted_waived)


def ferry(folder: Path, environ: Mapping[str, str], run: Path) -> Outcome:
    """Runs the project of `folder` against a sandbox of its own; ledger and platform's files go below `run`.

    raises  ProjectError for a project that does not load, MedferryError for a world that is broken
    """
    settings = SandboxSettings(data=run / "platform", port=0, control_port=0, waivers=folder / "waivers.yaml")
    (key, secret), *_ = settings.app_keys
    with running_sandbox(settings) as sandbox:
        own = {
            "MEDFERRY_PLATFORM_URL": sandbox.url,
            "MEDFERRY_APP_KEY": key,
            "MEDFERRY_APP_SECRET": secret,
            "MEDFERRY_LEDGER": str(run / "ledger.sqlite"),
        }
        project = load_project(folder, {**environ, **own})
        report = _run(project)
    with closing(project.outbox.open_reader()) as reader:
        return Outcome(_outcomes(project, report, reader, sandbox.storage_path), report.failed)


def _run(project: Project) -> RunReport:
    clock = SystemClock()
    with ExitStack() as stack:
        running = open_ferry(project, clock, SoftwareProvider(), _say_nothing, stack)
        return Scheduler(running).run_until_quiet(deadline_s=clock.steady_s() + RUN_S_MAX)


def _say_nothing(event: Event) -> None:
    """The table at the end tells it; the journal keeps it."""


def _outcomes(
    project: Project, report: RunReport, reader: LedgerReader, platform: Path
) -> list[TableOutcome]:
    fed = dict.fromkeys(table for route in project.routes for table in route.tables)
    found = {
        name: TableOutcome(name, project.catalog.table(name).title_zh)
        for name in project.catalog.table_names
        if name in fed
    }
    for route in project.routes:
        for name in route.tables:
            found[name].read += report.loaded[route.id].rows_read
            found[name].not_ready += report.loaded[route.id].rows_not_ready
    _count_states(found, reader)
    for name, (plain, waived) in _accepted(reader, platform).items():
        found[name].accepted, found[name].accepted_waived = plain, waived
    for group in reader.held_summary():
        reason = Reason(group.check, group.code, group.field or "", group.rows)
        found[group.table].reasons.append(reason)
    return list(found.values())


def _count_states(found: Mapping[str, TableOutcome], reader: LedgerReader) -> None:
    for count in reader.counts():
        one = found[count.table]
        match count.state:
            case State.HELD:
                one.held += count.rows
            case State.WAITING_PARENT:
                one.waiting_parent += count.rows
            case State.REFUSED:
                one.refused += count.rows
            case State.READY | State.LEASED | State.SENT | State.UNKNOWN | State.PARKED:
                one.unsettled += count.rows


def _accepted(reader: LedgerReader, platform: Path) -> dict[str, tuple[int, int]]:
    """Table -> records that the platform holds, without and with a waiver. The platform's word counts, not ours."""
    sequences: dict[str, list[int]] = defaultdict(list)
    for table, org_code, key in accepted_keys(platform):
        seq = reader.accepted_seq(table, org_code, key)
        if seq is None:
            raise OutboxError("核对平台与台账", fix="平台有而台账不认为已接收：请交给维护者", table=table)
        sequences[table].append(seq)
    counts = {}
    for table, ours in sequences.items():
        lifted = {one.seq for one in reader.findings_of(ours) if one.severity is Severity.WAIVED}
        counts[table] = (len(ours) - len(lifted), len(lifted))
    return counts
