"""What is odd about the course of a visit: decided once it is planned, before anything is ordered."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from medferry_sandbox.hospital.directories import Directory
from medferry_sandbox.hospital.lives import Lives
from medferry_sandbox.hospital.model import Visit

_TRANSFER_DAYS = 3
"""Who stays so long may be moved."""


def live(visit: Visit, lives: Lives, *, directory: Directory, horizon: datetime) -> None:
    """Changes the plan of the visit by what happens to it; nothing comes to lie at or after `horizon`."""
    who = (visit.campus.name, visit.number)
    if visit.kind == "2":
        if visit.end is not None and _next_day(visit, horizon) and lives.happens("across_midnight", *who):
            _across_midnight(visit)
        elif lives.happens("registered_later", *who):
            _register_later(visit)
    elif visit.scenario == "op" and lives.happens("free_registration", *who):
        visit.lives.append("free_registration")
    elif visit.scenario == "su" and lives.happens("operation_first", *who):
        _operate_first(visit)
    elif visit.scenario == "ip" and _moves(visit) and lives.happens("transfer", *who):
        _move(visit, directory)
    if visit.died:
        visit.lives += ["death"] if lives.happens("death", *who) else []
    if visit.scenario == "ip" and visit.patient.visits:
        visit.lives.append("readmission")


def _next_day(visit: Visit, horizon: datetime) -> bool:
    return visit.until + timedelta(hours=24) < horizon


def _across_midnight(visit: Visit) -> None:
    """Registered before midnight, seen after."""
    assert visit.end is not None
    start = datetime.combine(visit.registered.date() + timedelta(days=1), time(0, 6))
    shift = start - visit.start
    visit.registered = start - timedelta(minutes=14)
    visit.start, visit.onset, visit.end = start, visit.onset + shift, visit.end + shift
    visit.until = visit.end
    visit.settled = visit.end if visit.settled else None
    if visit.operation_start and visit.operation_end:
        visit.operation_start, visit.operation_end = (
            visit.operation_start + shift,
            visit.operation_end + shift,
        )
    visit.lives.append("across_midnight")


def _register_later(visit: Visit) -> None:
    """Treated at once; a relative registers when there is time."""
    visit.registered = min(visit.start + timedelta(minutes=8 + visit.number % 40), visit.until)
    visit.lives.append("registered_later")


def _operate_first(visit: Visit) -> None:
    """From the emergency room to the theatre; the bed is found afterwards."""
    assert visit.operation_start is not None
    assert visit.operation_end is not None
    took = visit.operation_end - visit.operation_start
    visit.operation_start = visit.start - took - timedelta(minutes=20)
    visit.operation_end = visit.operation_start + took
    visit.lives.append("operation_first")


def _moves(visit: Visit) -> bool:
    return visit.end is not None and visit.end - visit.start > timedelta(days=_TRANSFER_DAYS)


def _move(visit: Visit, directory: Directory) -> None:
    """To another department of the house, which discharges."""
    visit.moved_to = directory.dept("A05" if visit.dept.code != "A05" else "A03")
    visit.lives.append("transfer")
