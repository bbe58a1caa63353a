"""What examinations show: requests, studies and reports of a visit. Pure: the same visit gives the same answer each time."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from medferry_sandbox.hospital.model import Order, Staff, Visit, minute
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import World

_PATHOLOGY = {"S0401": "BL01", "S0402": "BL02", "S0209": "BL03"}
"""Operation or endoscopy whose tissue goes to pathology -> line of exam_kinds.csv."""


@dataclass(frozen=True, slots=True)
class ExamKind:
    """A line of seed/exam_kinds.csv: a service with its device and what is usually seen. kind: EXAM_TYPE."""

    item: str
    kind: str
    category: str
    method: str
    part: str
    room: str
    device_no: str
    device: str
    finding: str
    impression: str
    odd_finding: str
    odd_impression: str
    advice: str

    @property
    def images(self) -> bool:
        return self.kind not in ("ECG", "PA")

    @property
    def tissue(self) -> bool:
        return self.kind == "PA"


@cache
def exam_kinds() -> dict[str, ExamKind]:
    path = Path(__file__).parent / "seed" / "exam_kinds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {line["item"]: ExamKind(**line) for line in csv.DictReader(file)}


@dataclass(frozen=True, slots=True)
class ExamRequest:
    """Ordered by itself, or tissue of an operation sent to pathology: then `order` is the operation's."""

    number: str
    order: Order
    kind: ExamKind
    at: datetime

    @property
    def item(self) -> tuple[str, str]:
        """Code and name of what is done."""
        if self.kind.tissue:
            return self.kind.item, f"{self.kind.part}组织病理检查与诊断"
        return self.order.item.item_id, self.order.item.name


@dataclass(frozen=True, slots=True)
class Study:
    """An examination done and reported."""

    request: ExamRequest
    at: datetime
    reviewed: datetime
    reported: datetime
    odd: bool
    critical: bool
    heart_rate: int
    technician: Staff | None
    doctor: Staff
    reviewer: Staff

    @property
    def visit(self) -> Visit:
        return self.request.order.visit

    @property
    def kind(self) -> ExamKind:
        return self.request.kind

    @property
    def key(self) -> str:
        return f"X{self.request.number}"

    @property
    def _tail(self) -> str:
        return self.visit.campus.branch_code + self.request.number

    @property
    def report_no(self) -> str:
        return f"JC{self._tail}"

    @property
    def accession_no(self) -> str | None:
        return f"{self.kind.kind}{self._tail}" if self.kind.images else None

    @property
    def specimen_no(self) -> str | None:
        return f"BB{self._tail}" if self.kind.tissue else None


def exam_requests(visit: Visit) -> list[ExamRequest]:
    """Everything that PACS is asked for."""
    found = []
    for order in visit.orders:
        if order.kind == "exam":
            found.append(ExamRequest(order.group, order, exam_kinds()[order.item.item_id], order.at))
        line = _PATHOLOGY.get(order.item.item_id)
        taken = minute(order.at + timedelta(minutes=55))
        if line and visit.inpatient and taken < visit.until:
            found.append(ExamRequest(f"BL{order.order_id}", order, exam_kinds()[line], taken))
    return found


def studies(world: World, visit: Visit) -> list[Study]:
    """Requests with a report whose type the standard's list has a code for: others cannot be reported."""
    found = [
        _study(world, request)
        for request in exam_requests(visit)
        if request.kind.kind in value_set("EXAM_TYPE")
    ]
    return [one for one in found if one is not None]


def _study(world: World, request: ExamRequest) -> Study | None:
    """None while there is no report yet at the end of the world."""
    visit, kind = request.order.visit, request.kind
    rng = world.rng("exam", visit.campus.name, request.number)
    at = minute(request.at + timedelta(minutes=rng.randint(8, 45)))
    if kind.tissue:
        at += timedelta(hours=rng.randint(3, 20))
    elif visit.inpatient:
        at = minute(min(at, visit.until))
    reviewed = at + timedelta(
        seconds=rng.randint(1200, 4800), hours=rng.randint(20, 44) if kind.tissue else 0
    )
    reported = reviewed + timedelta(seconds=rng.randint(30, 400))
    if reported >= world.horizon(visit):
        return None
    directory = world.directory(visit)
    room = directory.dept(kind.room)
    doctors, technicians = directory.people("doctor", room), directory.people("technician", room)
    odd = rng.random() < (0.85 if kind.tissue else 0.45)
    return Study(
        request, at, reviewed, reported, odd, kind.kind == "ECG" and odd and rng.random() < 0.15,
        rng.randint(62, 96), rng.choice(technicians) if technicians else None, doctors[-1], doctors[0],
    )  # fmt: skip
