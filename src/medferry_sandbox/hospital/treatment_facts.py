"""How treatments go: sessions, drugs and hands of a treatment order. Pure: the same order gives the same answer each time."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from medferry_sandbox.hospital.model import Charge, Drug, Order, Staff, Visit, minute
from medferry_sandbox.hospital.world import World

_TIMES_A_DAY = {"QD": 1, "BID": 2, "TID": 3, "QID": 4, "QN": 1, "ST": 1}
_FREQUENCY = {"QD": "09", "BID": "01", "QID": "10", "QN": "03", "ST": "13"}
"""CV06.00.228; it has no code for tid, which is 99."""
_DRIP, _NEBULISER, _CHEMOTHERAPY = "S0301", "S0303", "S0308"
_SKIN_TEST = ("头孢呋辛", "阿莫西林")


@dataclass(frozen=True, slots=True)
class TreatmentKind:
    """A line of seed/treatment_kinds.csv; `operation` empty where ICD-9-CM-3 has none."""

    item: str
    minutes: str
    who: str
    category: str
    site_code: str
    site: str
    method: str
    opinion: str
    device: str
    invasive: str
    operation: str
    operation_method: str
    before: str
    after: str
    plan: str


@cache
def treatment_kinds() -> dict[str, TreatmentKind]:
    path = Path(__file__).parent / "seed" / "treatment_kinds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {line["item"]: TreatmentKind(**line) for line in csv.DictReader(file)}


@dataclass(frozen=True, slots=True)
class Session:
    """One time the treatment was given."""

    start: datetime
    end: datetime
    charge: Charge

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Dose:
    """A drug given by the treatment. `total` in the drug's dose unit."""

    order: Order
    drug: Drug
    frequency_code: str
    total: Decimal
    skin_test: str | None


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment order carried out: all sessions so far, and who did them."""

    order: Order
    kind: TreatmentKind
    sessions: tuple[Session, ...]
    executor: Staff
    signed: datetime

    @property
    def visit(self) -> Visit:
        return self.order.visit

    @property
    def key(self) -> str:
        return f"T{self.order.order_id}"

    @property
    def start(self) -> datetime:
        return self.sessions[0].start

    @property
    def end(self) -> datetime:
        return self.sessions[-1].end

    @property
    def operation_code(self) -> str:
        return "" if isinstance(self.order.item, Drug) else self.order.item.operation_code

    @property
    def cyclic(self) -> bool:
        """Chemo- and radiotherapy come again."""
        return self.kind.item in ("S0307", _CHEMOTHERAPY)


def treatments(world: World, visit: Visit) -> list[Treatment]:
    """The visit's treatment orders as carried out."""
    return [_treatment(world, order) for order in visit.orders if order.kind == "treatment"]


def _treatment(world: World, order: Order) -> Treatment:
    visit, kind = order.visit, treatment_kinds()[order.item.item_id]
    rng = world.rng("treatment", visit.campus.name, order.order_id)
    last = minute(visit.until)
    sessions = []
    for charge in order.charges:
        start = min(minute(charge.at + timedelta(minutes=rng.randint(2, 15))), last)
        end = min(start + timedelta(minutes=int(kind.minutes)), last)
        sessions.append(Session(start, end, charge))
    executor = {"nurse": visit.nurse, "doctor": visit.doctor}.get(kind.who) or world.directory(
        visit
    ).technician(rng, order.exec_dept)
    end = sessions[-1].end
    signed = max(end, minute(world.clamp(visit, end + timedelta(minutes=rng.randint(1, 9)))))
    return Treatment(order, kind, tuple(sessions), executor, signed)


def doses(treatment: Treatment) -> list[Dose]:
    """Drugs that this treatment gives, none that the patient is allergic to."""
    allergy = treatment.visit.patient.allergy
    found = []
    for order in treatment.visit.orders:
        drug = order.item
        if isinstance(drug, Drug) and _gives(treatment.kind.item, drug) and order.at < treatment.end:
            if allergy and allergy[3] == drug.generic:
                continue
            times = _TIMES_A_DAY.get(drug.frequency, 1) * order.days
            found.append(
                Dose(
                    order,
                    drug,
                    _FREQUENCY.get(drug.frequency, "99"),
                    Decimal(drug.single_dose) * times,
                    "1" if drug.generic in _SKIN_TEST else None,
                )
            )
    return found


def _gives(item: str, drug: Drug) -> bool:
    if item == _NEBULISER:
        return drug.route == "5"
    if drug.route != "404":
        return False
    return item == (_CHEMOTHERAPY if drug.antitumor else _DRIP)
