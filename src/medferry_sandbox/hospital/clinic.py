"""What the clinic's documents, orders, prescriptions and bills must agree on: bodies, pharmacy times, written orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from medferry_sandbox.hospital.model import Drug, Order, Service, Staff, Visit, d8, minute
from medferry_sandbox.hospital.world import World

THERAPY = {
    "ZBFH20": "辛温解表，疏风散寒",
    "ZBFH40": "疏风散寒，宣肺止咳",
    "ZZGA30": "平肝潜阳",
    "ZBHM10": "散寒除湿，温经通络",
    "ZZXP50": "补益心脾，养血安神",
}
"""Syndrome -> what is done about it."""

ORDER_KINDS = {"drug": "01", "exam": "02", "lab": "03", "surgery": "04", "treatment": "05"}
"""Kinds of orders a clinic doctor writes -> CV06.00.229; registration, consultation and beds are no orders."""


FREQUENCIES = {
    "QD": ("09", 1),
    "BID": ("01", 2),
    "TID": ("99", 3),
    "QID": ("10", 4),
    "QN": ("03", 1),
    "ST": ("13", 1),
}
"""Local frequency -> CV06.00.228 (it has no three times a day), times a day."""


def batch_no(drug: Drug) -> str:
    """The batch on the shelf: one per drug."""
    return f"25{int(drug.drug_id[1:]):04d}A"


def insurance_code(item: Drug | Service) -> str:
    """The insurance's own number of a drug or service."""
    return f"X{item.item_id}36" if isinstance(item, Drug) else f"00{item.item_id}36"


def body(world: World, visit: Visit) -> tuple[str, str]:
    """(height in cm, weight in kg) of the patient, equal at all visits."""
    patient = visit.patient
    rng = world.rng("body", patient.campus.name, patient.local_id)
    age = patient.age(visit.start)
    if age == 0:
        return f"{rng.uniform(48, 53):.1f}", f"{rng.uniform(2.6, 4.0):.2f}"
    height = rng.uniform(152, 182) if age >= 15 else 70 + 6 * age + rng.uniform(0, 6)
    weight = rng.uniform(46, 84) if age >= 15 else 8 + 2.4 * age + rng.uniform(0, 3)
    return f"{height:.1f}", f"{weight:.2f}"


def person_facts(visit: Visit) -> dict[str, str | None]:
    """Who it is, as every clinic document says it."""
    patient = visit.patient
    return {
        "patient_name": patient.name,
        "id_type_code": patient.paper_code,
        "id_no": patient.id_no,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(visit.start)),
    }


def written_orders(visit: Visit) -> list[Order]:
    """The visit's orders that a doctor writes down, in order of time."""
    wanted = [order for order in visit.orders if order.kind in ORDER_KINDS]
    return sorted(wanted, key=lambda order: (order.at, int(order.order_id)))


def request_no(order: Order) -> str | None:
    """The number of the request sheet of labs, examinations, treatments and operations; None for drugs and fees."""
    if order.kind in ("lab", "exam"):
        return order.group
    return order.order_id if order.kind in ("surgery", "treatment") else None


class Counter(NamedTuple):
    """When the pharmacy did what with a prescription."""

    reviewed: datetime
    prepared: datetime
    checked: datetime
    dispensed: datetime


def pharmacy_times(order: Order) -> Counter:
    """Emergencies get their drugs at once; all others pay first."""
    visit = order.visit
    paid = order.at if visit.kind == "2" or visit.settled is None else minute(visit.settled)
    step = timedelta(minutes=1)
    return Counter(order.at + step, paid + 3 * step, paid + 6 * step, paid + 9 * step)


def pharmacy_people(world: World, order: Order) -> tuple[Staff, Staff]:
    """(who reviews and checks, who prepares and hands out)."""
    directory = world.directory(order.visit)
    first, second = directory.people("pharmacist", directory.dept("K01"))[:2]
    return (first, second) if int(order.group[2:]) % 2 else (second, first)


def decimal(value: str | Decimal | int, digits: int) -> str:
    """A decimal of the standard: exactly so many digits."""
    return f"{Decimal(value):.{digits}f}"
