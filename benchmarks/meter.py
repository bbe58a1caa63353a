"""Seconds, processor seconds and peak memory of one measurement, in a process of its own."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement.

    cpu_seconds      of the measured process, all its threads
    peak_memory_mib  the highest resident memory of the measured process, preparation included
    more             figures that only this measurement has, by name
    """

    name: str
    rows: int
    seconds: float
    cpu_seconds: float
    peak_memory_mib: float
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def rows_per_s(self) -> float:
        return self.rows / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class Meter:
    """Adds up what is spent inside `running` blocks; what lies between them is preparation."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @contextmanager
    def running(self, *, when: bool = True) -> Iterator[None]:
        started, cpu_started = perf_counter(), process_time()
        yield
        if when:
            self.seconds += perf_counter() - started
            self.cpu_seconds += process_time() - cpu_started

    def measured(self, name: str, rows: int, more: Mapping[str, float] | None = None) -> Measured:
        return Measured(name, rows, self.seconds, self.cpu_seconds, peak_memory_mib(), more or {})


def peak_memory_mib() -> float:
    """The highest resident memory of this program so far.

    Linux carries `ru_maxrss` over from the process that started this one; the high-water mark of /proc begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
