"""What a laboratory finds: tubes, values and germs of a lab order. Pure: the same order gives the same answer each time."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from medferry_sandbox.hospital.model import Order, Staff, Visit, minute
from medferry_sandbox.hospital.world import World

_SEED = Path(__file__).parent / "seed"
LABORATORY = "J01"


@dataclass(frozen=True, slots=True)
class Panel:
    """A line of seed/lab_panels.csv; `panel` is the service's item_id."""

    panel: str
    category: str
    specimen: str
    specimen_code: str
    method: str
    instrument_no: str
    instrument: str

    @property
    def culture(self) -> bool:
        return self.category == "微生物"


@dataclass(frozen=True, slots=True)
class LabItem:
    """A line of seed/lab_items.csv. type: LAB_RESULT_TYPE. shift: "ICD prefix:direction", what a disease does to it."""

    panel: str
    code: str
    name: str
    loinc: str
    type: str
    unit: str
    decimals: str
    low_m: str
    high_m: str
    low_f: str
    high_f: str
    panic_low: str
    panic_high: str
    shift: str
    normal: str
    odd: str

    def limits(self, sex: str) -> tuple[Decimal, Decimal]:
        """Reference limits of a numeric item."""
        low, high = (self.low_m, self.high_m) if sex == "1" else (self.low_f, self.high_f)
        return Decimal(low), Decimal(high)

    def direction(self, diagnosis: str) -> str:
        """H, L or A where the disease shifts this item, else empty."""
        for pair in self.shift.split():
            prefix, _, way = pair.partition(":")
            if diagnosis.startswith(prefix):
                return way
        return ""


@dataclass(frozen=True, slots=True)
class Germ:
    """A line of seed/lab_germs.csv. mdro: its name when it resists `marker`."""

    germ: str
    name: str
    gram: str
    panel: str
    mdro: str
    marker: str
    colonies: str


@dataclass(frozen=True, slots=True)
class Antibiotic:
    """A line of seed/lab_antibiotics.csv, after CLSI M100: s is the last sensitive, r the first resistant value.

    method 4: MIC in μg/mL, s below r; method 1: zone in mm, s above r.
    """

    germ: str
    drug: str
    name: str
    level: str
    method: str
    disk: str
    s: str
    r: str


@dataclass(frozen=True, slots=True)
class Value:
    """One result: `text` as printed, `operator` its sign, `flag` N H L A, `panic` a critical value."""

    item: LabItem
    text: str
    operator: str
    flag: str
    panic: bool


@dataclass(frozen=True, slots=True)
class Susceptibility:
    """One drug against one germ; `measure` is the MIC as printed or the zone in mm."""

    drug: Antibiotic
    measure: str
    code: str


@dataclass(frozen=True, slots=True)
class Isolate:
    germ: Germ
    drugs: tuple[Susceptibility, ...]

    def resists(self, drug: str) -> bool:
        return any(one.drug.drug == drug and one.code == "R" for one in self.drugs)


@dataclass(frozen=True, slots=True)
class LabWork:
    """A finished lab order. Times never decrease: ordered, drawn, received, tested, reviewed, reported, printed; but for
    tests added on and reports released before their review."""

    order: Order
    panel: Panel
    drawn: datetime
    received: datetime
    tested: datetime
    reviewed: datetime
    reported: datetime
    printed: datetime | None
    collector: Staff
    technician: Staff
    reporter: Staff
    reviewer: Staff

    @property
    def visit(self) -> Visit:
        return self.order.visit

    @property
    def signer(self) -> tuple[str | None, str | None]:
        """Who reviewed, number and name; nobody where a rule did."""
        if "reviewed_by_rule" in self.order.lives:
            return None, None
        return self.reviewer.staff_id, self.reviewer.name

    @property
    def key(self) -> str:
        return f"L{self.order.group}"

    @property
    def tube_no(self) -> str:
        """The bar code: campus, day, request; both campuses draw from one roll of labels."""
        return f"{self.visit.campus.branch_code}{self.drawn:%y%m%d}{self.order.group[2:]}"

    @property
    def report_no(self) -> str:
        return f"JY{self.visit.campus.branch_code}{self.reported:%y%m%d}{self.order.group[2:]}"


def _lines(name: str) -> list[dict[str, str]]:
    with (_SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def panels() -> dict[str, Panel]:
    return {line["panel"]: Panel(**line) for line in _lines("lab_panels")}


@cache
def lab_items() -> tuple[LabItem, ...]:
    return tuple(LabItem(**line) for line in _lines("lab_items"))


@cache
def germs() -> tuple[Germ, ...]:
    return tuple(Germ(**line) for line in _lines("lab_germs"))


@cache
def antibiotics() -> tuple[Antibiotic, ...]:
    return tuple(Antibiotic(**line) for line in _lines("lab_antibiotics"))


def lab_work(world: World, order: Order) -> LabWork | None:
    """None while there is no report yet at the end of the world: cultures take days."""
    visit, panel = order.visit, panels()[order.item.item_id]
    rng = world.rng("lab work", visit.campus.name, order.order_id)
    drawn = min(
        minute(order.at + timedelta(minutes=rng.randint(3, 30 if visit.inpatient else 12))), visit.until
    )
    if "add_on_test" in order.lives:  # asked by telephone, of a tube that is there already
        drawn = minute(order.at - timedelta(minutes=rng.randint(10, 40)))
    received = minute(drawn + timedelta(minutes=rng.randint(6, 15)))
    tested = received + timedelta(seconds=rng.randint(300, 1200))
    if panel.culture:
        tested += timedelta(hours=rng.choice((42, 47, 66)))
    reviewed = tested + timedelta(seconds=rng.randint(900, 3600))
    reported = reviewed + timedelta(seconds=rng.randint(20, 600))
    if "review_after_release" in order.lives:  # released by the machine, looked at by a person later
        reviewed = reported + timedelta(minutes=rng.randint(10, 90))
    if max(reported, reviewed) >= world.horizon(visit):
        return None
    printed = reported + timedelta(minutes=rng.randint(4, 25))
    directory = world.directory(visit)
    laboratory = directory.dept(LABORATORY)
    technicians = directory.people("technician", laboratory)
    technician = rng.choice(technicians)
    return LabWork(
        order, panel, drawn, received, tested, reviewed, reported,
        printed if printed < world.horizon(visit) and rng.random() < 0.7 else None,
        visit.nurse, technician, technician, directory.people("doctor", laboratory)[0],
    )  # fmt: skip


def values(world: World, work: LabWork) -> list[Value]:
    """The results of a panel; none for a culture."""
    visit = work.visit
    rng = world.rng("lab values", visit.campus.name, work.order.order_id)
    found = []
    for item in lab_items():
        if item.panel == work.panel.panel:
            numeric = item.type == "1"
            found.append(
                _number(item, visit.patient.sex, visit.main.code, rng)
                if numeric
                else _words(item, visit.main.code, rng)
            )
    return found


def _words(item: LabItem, diagnosis: str, rng: Random) -> Value:
    odd = rng.random() < (0.6 if item.direction(diagnosis) else 0.06)
    return Value(item, item.odd if odd else item.normal, "", "A" if odd else "N", panic=False)


def _number(item: LabItem, sex: str, diagnosis: str, rng: Random) -> Value:
    low, high = item.limits(sex)
    span, part = high - low, Decimal(f"{rng.random():.3f}")
    way = _way(rng.random(), item.direction(diagnosis), low)
    panic = {"H": item.panic_high, "L": item.panic_low}.get(way, "") if rng.random() < 0.12 else ""
    if panic:
        number = Decimal(panic) * (Decimal("1.04") if way == "H" else Decimal("0.94"))
    elif way == "H":
        number = high + span * (Decimal("0.05") + part / 2)
    elif way == "L":
        number = max(low - span * (Decimal("0.05") + part / 4), low / 2)
    else:
        number = low + span * (Decimal("0.1") + part * Decimal("0.8"))
    text = format(number, f".{item.decimals}f")
    if item.code == "CRP" and Decimal(text) < 2:
        return Value(item, "<2.00", "<", "N", panic=False)
    exact = Decimal(text)
    flag = "L" if exact < low else "H" if exact > high else "N"
    critical = bool(item.panic_low and exact < Decimal(item.panic_low)) or bool(
        item.panic_high and exact > Decimal(item.panic_high)
    )
    return Value(item, text, "", flag, critical)


def _way(chance: float, wanted: str, low: Decimal) -> str:
    """H, L or N; what the disease wants comes in six of ten."""
    if wanted and chance < 0.6:
        return wanted
    if chance > 0.95:
        return "H"
    return "L" if chance > 0.91 and low else "N"


def isolates(world: World, work: LabWork) -> list[Isolate]:
    """Germs of a culture, mostly one; none where nothing grew."""
    rng = world.rng("germs", work.visit.campus.name, work.order.order_id)
    if rng.random() < 0.35:
        return []
    fitting = [one for one in germs() if one.panel == work.panel.panel]
    chosen = rng.sample(fitting, 2 if rng.random() < 0.15 else 1)
    return [
        Isolate(germ, tuple(_tested(drug, rng) for drug in antibiotics() if drug.germ == germ.germ))
        for germ in chosen
    ]


def _tested(drug: Antibiotic, rng: Random) -> Susceptibility:
    chance = rng.random()
    code = "S" if chance < 0.66 else "R"
    if drug.method == "1":
        sensitive, resistant = int(drug.s), int(drug.r)
        zone = sensitive + rng.randint(1, 9) if code == "S" else max(6, resistant - rng.randint(0, 9))
        return Susceptibility(drug, str(zone), code)
    if drug.drug in ("VAN", "LNZ"):
        code = "S"
    if code == "S":
        halved = Decimal(drug.s) / 2
        return Susceptibility(drug, rng.choice((drug.s, f"<={halved.normalize():f}")), code)
    return Susceptibility(drug, rng.choice((drug.r, f">={drug.r}")), code)
