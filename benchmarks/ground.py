"""What measurements stand on: the project of purchases.py in a folder, and a sandbox platform beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import orjson
import psutil

from benchmarks.purchases import write_project, write_source
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.events import Event
from medferry.ferry.ferry import Ferry, open_ferry
from medferry_sandbox.platform.server import RunningSandbox, running_sandbox
from medferry_sandbox.platform.settings import Profile, SandboxSettings

RECORDS_MAX = 500  # in an envelope: the most that a synchronous platform is known to be set to; the province's is unknown
NOWHERE = "http://127.0.0.1:9"  # for measurements that send nothing


@dataclass(frozen=True, slots=True)
class Ground:
    """folder: empty, this measurement's own; shared: source files by size, written once for all measurements."""

    folder: Path
    shared: Path

    def source(self, rows: int, *, varied: bool = False) -> Path:
        """The source file of a size; written if it is not there."""
        path = self.shared / f"source_{rows}{'_varied' if varied else ''}.sqlite"
        if not path.exists():
            self.shared.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            write_source(unfinished, rows, varied=varied)
            unfinished.rename(path)
        return path

    def project(
        self,
        rows: int,
        *,
        url: str = NOWHERE,
        in_flight_max: int = 8,
        varied: bool = False,
        records_max: int | None = None,
    ) -> Path:
        """Folder of the project that ferries the source of a size to a platform.

        records_max  in an envelope; None: what the package assumes of the province
        """
        project = self.folder / "project"
        write_project(project, self.source(rows, varied=varied), self.folder / "ledger.sqlite", records_max)
        os.environ["MEDFERRY_PLATFORM_URL"] = url
        os.environ["MEDFERRY_IN_FLIGHT"] = str(in_flight_max)
        return project

    def ferry(self, stack: ExitStack, project: Path) -> Ferry:
        return open_ferry(load_project(project), SystemClock(), SoftwareProvider(), silent, stack)

    @contextmanager
    def platform(
        self, *, sink: bool = True, answer_delay_ms: int = 0, records_max: int | None = None
    ) -> Iterator[RunningSandbox]:
        """A sandbox in a process of its own; signatures, tokens and nonces are verified always."""
        settings = SandboxSettings(
            data=self.folder / "platform",
            port=0,
            control_port=0,
            sink=sink,
            answer_delay_ms=answer_delay_ms,
            profile=Profile() if records_max is None else Profile(records_max=records_max),
        )
        with running_sandbox(settings) as sandbox:
            yield sandbox


def silent(event: Event) -> None:
    """Nobody listens: events cost what they cost, printing them is not measured."""


def platform_cpu_seconds(sandbox: RunningSandbox) -> float:
    spent = psutil.Process(sandbox.process.pid).cpu_times()
    return float(spent.user + spent.system)


def rows_at(sandbox: RunningSandbox) -> int:
    """Rows that the platform itself says it has accepted, sunk ones included."""
    with urlopen(f"{sandbox.control_url}/_sandbox/stats") as answer:  # noqa: S310  our own sandbox on loopback
        told = orjson.loads(answer.read())
    kept = sum(counts["accepted"] for counts in told["tables"].values())
    return int(told["calls"].get("sink_rows", 0)) + int(kept)
