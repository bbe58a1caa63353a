"""What is ordered in a visit and what it costs. Every charge belongs to an order, so that all sums agree by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from medferry_sandbox.hospital.directories import Directory, drugs, service, services
from medferry_sandbox.hospital.lives import Lives
from medferry_sandbox.hospital.model import Campus, Charge, Department, Drug, Order, Service, Visit, minute

Count = Callable[[Campus, str], int]

_DRUG_USES = {
    "A01": "resp", "A02": "gi", "A03": "card", "A04": "neuro", "A05": "endo", "B01": "surg", "B02": "pain", "B03": "uro",
    "C01": "birth", "C02": "gyn", "D01": "ped", "E01": "onco", "F01": "inf", "G01": "tcm", "H01": "em",
}  # fmt: skip
_DISEASE_DRUGS = {"A16.200": "tb", "B16.900": "hepa", "J11.100": "flu"}
_SURGERY_ITEMS = {"47.0100": "S0401", "51.2300": "S0402", "53.0200": "S0403", "79.3200": "S0404", "74.1x00": "S0405",
                  "73.6x00": "S0406", "86.2200x011": "S0304"}  # fmt: skip
_DEPT_EXAMS = {
    "A04": "S0203",
    "B02": "S0204",
    "B03": "S0206",
    "C01": "S0207",
    "C02": "S0205",
    "A02": "S0209",
    "A03": "S0208",
}
_GROUPED = ("drug", "lab", "exam")


class _Planner:
    """Adds orders to one visit."""

    def __init__(self, visit: Visit, directory: Directory, rng: Random, count: Count, lives: Lives) -> None:
        self.visit = visit
        self.directory = directory
        self.rng = rng
        self.count = count
        self.lives = lives
        self._prescriptions: dict[str, str] = {}

    def once(self, item: Drug | Service, at: datetime, quantity: int = 1) -> Order | None:
        """One order, charged at once. Nothing is ordered after the end of the visit."""
        return self._order(item, at, None, quantity, standing=False)

    def daily(self, item: Drug | Service, first: datetime, quantity: int = 1) -> Order | None:
        """A long-term order, charged once a day until the visit ends."""
        return self._order(item, first, self.visit.end, quantity, standing=True)

    def _order(
        self, item: Drug | Service, at: datetime, stop: datetime | None, quantity: int, *, standing: bool
    ) -> Order | None:
        visit = self.visit
        if at >= visit.until:
            return None
        kind = "drug" if isinstance(item, Drug) else item.kind
        order = Order(
            order_id=f"{700000 + self.count(visit.campus, 'order')}",
            visit=visit,
            kind=kind,
            item=item,
            quantity=quantity,
            at=minute(at),
            stop=stop,
            standing=standing,
            doctor=visit.doctor,
            dept=visit.dept,
            exec_dept=self._executes(item),
            group=self._group(kind, item),
        )
        self._live(order)
        amount = self._amount(order)
        moment = order.at
        while moment < visit.until:
            order.days += 1
            if "own_drug" not in order.lives:
                number = f"{800000 + self.count(visit.campus, 'charge')}"
                order.charges.append(Charge(number, order, moment, quantity, amount))
            if not standing:
                break
            moment += timedelta(days=1)
        visit.orders.append(order)
        return order

    def _live(self, order: Order) -> None:
        """What is odd about it."""
        visit, item = order.visit, order.item
        who = (visit.campus.name, order.order_id)
        asked: list[str] = []
        if isinstance(item, Drug):
            if visit.inpatient and not item.antitumor:
                asked.append("own_drug")
            if skin_tested(item):
                asked.append("skin_test_positive")
        elif order.kind == "lab":
            asked += ["review_after_release", "reviewed_by_rule"] + ["add_on_test"] * visit.inpatient
        elif order.kind == "exam":
            asked.append("half_price")
        elif order.kind == "treatment" and visit.patient.age(visit.start) <= 6:
            asked.append("child_surcharge")
        if order.standing and order.stop:
            asked += ["stopped_by_system", "open_ended"]
        if visit.inpatient and order.kind == "bed":
            asked.append("unchecked_order")
        if "free_registration" in visit.lives and order.kind in ("registration", "consult"):
            order.lives.append("free_registration")
        order.lives += [kind for kind in asked if self.lives.happens(kind, *who)]

    def _amount(self, order: Order) -> int:
        """Price times quantity, if nothing halves, raises or waives it."""
        amount = order.item.price_cents * order.quantity
        if "half_price" in order.lives:
            return amount // 2
        if "child_surcharge" in order.lives:
            return amount * 130 // 100
        if "free_registration" in order.lives:
            return 0
        return amount

    def _executes(self, item: Drug | Service) -> Department:
        if isinstance(item, Drug):
            return self.directory.dept("K01")
        return self.directory.dept(item.dept) if item.dept else self.visit.ward or self.visit.dept

    def _group(self, kind: str, item: Drug | Service) -> str:
        """One prescription per visit and drug class (western, herbal); one request per lab or examination."""
        if kind not in _GROUPED:
            return ""
        if kind != "drug":
            return f"SQ{self.count(self.visit.campus, 'request'):07d}"
        herbal = "herbal" if isinstance(item, Drug) and item.type == "3" else "western"
        if herbal not in self._prescriptions:
            self._prescriptions[herbal] = f"CF{self.count(self.visit.campus, 'prescription'):07d}"
        return self._prescriptions[herbal]

    def drugs(self, number: int) -> list[Drug]:
        """Drugs that fit the disease, none twice."""
        wanted = _DISEASE_DRUGS.get(self.visit.disease.code, _DRUG_USES[self.visit.dept.code])
        fitting = [drug for drug in drugs() if wanted in drug.uses]
        if wanted == "tcm":
            return fitting
        return self.rng.sample(fitting, min(number, len(fitting)))

    def labs(self, number: int) -> list[Service]:
        fitting = [item for item in services() if item.kind == "lab" and "any" in item.uses]
        return self.rng.sample(fitting, number)

    def exam(self) -> Service:
        if self.visit.dept.code in _DEPT_EXAMS and self.rng.random() < 0.7:
            return service(_DEPT_EXAMS[self.visit.dept.code])
        return self.rng.choice([item for item in services() if item.kind == "exam" and "any" in item.uses])


def skin_tested(drug: Drug) -> bool:
    """Penicillins and the cephalosporins of this hospital."""
    return drug.drug_id in ("Y1001", "Y1002")


def plan_orders(visit: Visit, directory: Directory, rng: Random, count: Count, lives: Lives) -> None:
    """Fills `visit.orders`; a cancelled visit has none."""
    if visit.cancelled:
        return
    planner = _Planner(visit, directory, rng, count, lives)
    if visit.inpatient:
        _inpatient(planner)
    else:
        _outpatient(planner)


def _outpatient(planner: _Planner) -> None:
    visit, rng = planner.visit, planner.rng
    urgent = visit.kind == "2"
    planner.once(service("S0002" if urgent else "S0001"), visit.start)
    planner.once(service("S0004" if urgent else "S0003"), visit.start)
    at = visit.start + timedelta(minutes=5)
    if urgent or visit.infectious or rng.random() < 0.4:
        for item in planner.labs(2 if urgent else 1):
            planner.once(item, at)
    if urgent or rng.random() < 0.3:
        planner.once(planner.exam(), at + timedelta(minutes=1))
    for drug in planner.drugs(rng.randint(1, 3)):
        planner.once(
            drug,
            at + timedelta(minutes=3),
            int(drug.single_dose) * 7 if drug.type == "3" else rng.randint(1, 2),
        )
    if visit.tcm:
        planner.once(service("S0305"), at + timedelta(minutes=3))
    if urgent and not visit.operation:
        planner.once(service("S0301"), at + timedelta(minutes=3))
    if visit.observation:
        planner.once(service("S0007"), at)
    if visit.operation and visit.operation_start:
        planner.once(service(_SURGERY_ITEMS[visit.operation[0]]), visit.operation_start)


def _inpatient(planner: _Planner) -> None:
    visit, rng = planner.visit, planner.rng
    heavy = visit.scenario in ("death", "h24d", "su", "ca")
    first = visit.start + timedelta(minutes=30)
    for item_id in ("S0005", "S0006", "S0009" if heavy else "S0008"):
        planner.daily(service(item_id), first)
    for place, drug in enumerate(planner.drugs(3)):
        (planner.daily if place < 2 else planner.once)(drug, first + timedelta(minutes=10), 1)
    for item in planner.labs(3):
        planner.once(item, first + timedelta(minutes=15))
    planner.once(planner.exam(), first + timedelta(minutes=15))
    if visit.dept.code in ("A01", "F01"):
        planner.once(service(rng.choice(("S0108", "S0109"))), first + timedelta(minutes=16))
    planner.daily(service("S0301"), first + timedelta(minutes=20))
    if visit.dept.code in ("A01", "D01"):
        planner.daily(service("S0303"), first + timedelta(minutes=20))
    if visit.scenario == "ch":
        planner.once(service("S0308"), visit.day_after(1, 9))
        planner.once(next(drug for drug in drugs() if drug.drug_id == "Y2001"), visit.day_after(1, 9), 2)
    if visit.scenario == "ra":
        planner.daily(service("S0307"), visit.day_after(1, 9))
    if visit.operation and visit.operation_start:
        _operation(planner, visit.operation[0], visit.operation_start)


def _operation(planner: _Planner, code: str, at: datetime) -> None:
    planner.once(service("S0107"), planner.visit.start + timedelta(minutes=40))
    planner.once(service(_SURGERY_ITEMS[code]), at)
    if planner.visit.scenario == "va":
        planner.once(service("S0407"), at)
        return
    planner.once(service("S0408" if code == "74.1x00" else "S0409"), at)
    planner.once(service("S0502"), at, 2)
    planner.once(service("S0306"), at)
    planner.daily(service("S0309"), at + timedelta(hours=22))
