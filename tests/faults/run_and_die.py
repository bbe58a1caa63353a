"""`medferry run --until-quiet`, killed by itself (SIGKILL) when the n-th event of a name is told.

usage: run_and_die.py PROJECT EVENT NTH REPORT    EVENT "-": never
REPORT gets one line per event, and where the kill fell, written through to the disk before it falls.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path
from threading import Lock

from medferry.cli.run import run_project
from medferry.events import Event


def main() -> None:
    project, event_name, nth, report_path = sys.argv[1:]
    report = Path(report_path).open("a", encoding="utf-8")  # noqa: SIM115  open until the process dies
    seen, lock = count(1), Lock()

    def tell(event: Event) -> None:
        with lock:
            name = getattr(event, "message_id", None) or getattr(event, "batch_id", "")
            report.write(f"{event.name} {name}\n")
            report.flush()
            if event.name == event_name and next(seen) == int(nth):
                report.write(f"killed-at {event.name} {name}\n")
                report.flush()
                os.fsync(report.fileno())
                os.kill(os.getpid(), signal.SIGKILL)

    run_project(Path(project), until_quiet=True, at_most_s=None, tell=tell)


if __name__ == "__main__":
    main()
