"""The entities of the hospital: what is true, before any system writes it down. Money is in fen (cents), times naive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from medferry_sandbox.hospital.diseases import Diagnosis, Disease, Tcm


def dt15(moment: datetime) -> str:
    """The standard's date-time text."""
    return moment.strftime("%Y%m%dT%H%M%S")


def d8(day: date) -> str:
    """The standard's date text."""
    return day.strftime("%Y%m%d")


def yuan(cents: int) -> str:
    """1250 -> 12.50"""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def flag(condition: bool) -> str:
    """T or F."""
    return "T" if condition else "F"


def minute(moment: datetime) -> datetime:
    """The whole minute: what clerks write by hand."""
    return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Campus:
    """One campus; `his` is the name of its HIS."""

    name: str
    title: str
    branch_code: str
    org_code: str
    org_name: str
    prefix: str
    his: str
    area_code: str
    phone: str
    wave: int = 1

    @property
    def campus(self) -> Campus:
        """Directories belong to the campus itself."""
        return self

    @property
    def lives(self) -> tuple[str, ...]:
        """Nothing odd about a campus."""
        return ()


@dataclass(frozen=True)
class Department:
    """kind: clinical, medtech, pharmacy, admin, ward. `ward` is the code of the department's ward."""

    code: str
    name: str
    kind: str
    standard_code: str
    standard_name: str
    outpatient: bool
    inpatient: bool
    ward: str
    parent: str = ""


@dataclass(frozen=True)
class Staff:
    """role: doctor, nurse, technician, pharmacist, clerk. title_code: GB/T 8561."""

    staff_id: str
    name: str
    sex: str
    birth: date
    id_no: str
    phone: str
    role: str
    title_code: str
    dept: Department


@dataclass(frozen=True)
class Drug:
    """A line of seed/drugs.csv; `price_cents` per package."""

    drug_id: str
    generic: str
    product: str
    type: str
    form_code: str
    form_name: str
    spec: str
    dose: str
    dose_unit: str
    min_unit: str
    package_unit: str
    factor: int
    price_cents: int
    route: str
    frequency: str
    single_dose: str
    manufacturer: str
    approval_no: str
    antibacterial: str
    antitumor: str
    special: str
    essential: bool
    uses: frozenset[str]

    @property
    def item_id(self) -> str:
        return self.drug_id

    @property
    def name(self) -> str:
        return self.product

    @property
    def charge_category(self) -> str:
        """CHARGE_CATEGORY: 09 western, 11 patent, 10 herbal."""
        return {"1": "09", "2": "11"}.get(self.type, "10")

    @property
    def unit(self) -> str:
        return self.package_unit


@dataclass(frozen=True)
class Service:
    """A line of seed/services.csv. kind: registration consult bed nursing lab exam treatment surgery anesthesia material."""

    item_id: str
    name: str
    kind: str
    charge_category: str
    unit: str
    price_cents: int
    dept: str
    operation_code: str
    uses: frozenset[str]


@dataclass(frozen=True)
class Bed:
    bed_id: str
    bed_no: str
    ward: Department
    dept: Department


@dataclass(frozen=True)
class Address:
    """Parts of a Chinese address and its GB/T 2260 code."""

    province: str
    city: str
    county: str
    town: str
    village: str
    house_no: str
    area_code: str
    postcode: str

    @property
    def full(self) -> str:
        return self.province + self.city + self.county + self.town + self.village + self.house_no


@dataclass(frozen=True)
class Relative:
    """A contact; relation_code: GB/T 4761."""

    name: str
    relation_code: str
    relation_name: str
    sex: str
    birth: date
    id_no: str
    phone: str
    guardian: bool
    paper_code: str = "01"


@dataclass
class Patient:
    """local_id is the patient number of the campus's own HIS; both campuses count from the same start.

    paper_code        CV02.01.101; `id_no` is its number
    no_paper_reason   NO_ID_REASON
    lives             kinds of lives.csv
    """

    campus: Campus
    local_id: str
    name: str
    sex: str
    birth: date
    id_no: str | None
    address: Address
    phone: str | None
    contacts: list[Relative]
    marital_code: str
    ethnic_code: str
    occupation_code: str
    education_code: str
    insurance_code: str
    insurance_no: str | None
    health_card_no: str
    archive_time: datetime
    archiver: Staff
    wave: int
    medical_record_no: str | None = None
    birth_time: datetime | None = None
    mother: Patient | None = None
    death_time: datetime | None = None
    allergy: tuple[str, str, str, str] | None = None  # allergen type, code, name, drug name
    visits: list[Visit] = field(default_factory=list)
    paper_code: str = "01"
    no_paper_reason: str | None = None
    nationality_code: str = "156"
    lives: list[str] = field(default_factory=list)

    @property
    def unknown(self) -> bool:
        """Nobody knows who it is."""
        return self.no_paper_reason == "2"

    @property
    def newborn(self) -> bool:
        return self.mother is not None

    def age(self, at: datetime) -> int:
        """Whole years."""
        day = at.date()
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass
class Charge:
    """One line of the bill: `quantity` of the order's item on a day."""

    charge_id: str
    order: Order
    at: datetime
    quantity: int
    amount_cents: int


@dataclass
class Order:
    """What a doctor ordered; every charge of a visit belongs to one. kind: drug or the kind of the service.

    quantity   packages of a drug, times of a service, per charge
    standing   long-term (one charge a day) or once
    days       how many days it is carried out so far
    group      prescription number of drugs outside the wards; request number of labs and examinations
    """

    order_id: str
    visit: Visit
    kind: str
    item: Drug | Service
    quantity: int
    at: datetime
    stop: datetime | None
    standing: bool
    doctor: Staff
    dept: Department
    exec_dept: Department
    group: str
    charges: list[Charge] = field(default_factory=list)
    days: int = 0
    lives: list[str] = field(default_factory=list)

    @property
    def amount_cents(self) -> int:
        return sum(charge.amount_cents for charge in self.charges)


@dataclass
class Visit:
    """One visit with its whole plan. See README.md for what the scenarios mean.

    scenario   op em ob eo tc io cancelled | ip su va ca ch ra ii h24 h24d death
    start      registration + waiting, or admission; `end` None while in the hospital
    until      the last moment the records know of this visit (end, or the horizon)
    """

    campus: Campus
    number: int
    visit_id: str
    patient: Patient
    scenario: str
    wave: int
    registered: datetime
    start: datetime
    end: datetime | None
    until: datetime
    dept: Department
    doctor: Staff
    resident: Staff
    nurse: Staff
    main: Diagnosis
    others: list[Diagnosis]
    disease: Disease
    onset: datetime
    complaint: str
    local_no: str  # 门诊号 or 住院号
    times: int
    tcm: Tcm | None = None
    bed: Bed | None = None
    operation: tuple[str, str] | None = None
    operation_start: datetime | None = None
    operation_end: datetime | None = None
    baby: Patient | None = None
    settlement_no: str | None = None
    settled: datetime | None = None
    moved_to: Department | None = None
    orders: list[Order] = field(default_factory=list)
    lives: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """CV09.00.404: 1 outpatient, 2 emergency, 3 inpatient."""
        if self.scenario in ("em", "ob", "eo"):
            return "2"
        return "1" if self.scenario in ("op", "tc", "io", "cancelled") else "3"

    @property
    def inpatient(self) -> bool:
        return self.kind == "3"

    @property
    def cancelled(self) -> bool:
        return self.scenario == "cancelled"

    @property
    def observation(self) -> bool:
        """eo: observed, with a small operation."""
        return self.scenario in ("ob", "eo")

    @property
    def leaves_from(self) -> Department:
        """The department that discharges: another one after a transfer."""
        return self.moved_to or self.dept

    @property
    def died(self) -> bool:
        return self.scenario in ("death", "h24d")

    @property
    def infectious(self) -> bool:
        return bool(self.disease.infectious_class) and not self.tcm

    @property
    def ward(self) -> Department | None:
        return self.bed.ward if self.bed else None

    @property
    def charges(self) -> list[Charge]:
        return [charge for order in self.orders for charge in order.charges]

    @property
    def total_cents(self) -> int:
        return sum(order.amount_cents for order in self.orders)

    @property
    def drug_cents(self) -> int:
        return sum(order.amount_cents for order in self.orders if order.kind == "drug")

    @property
    def insurance_cents(self) -> int:
        """What the fund pays: nothing for those without insurance, else 60 %."""
        return 0 if self.patient.insurance_code == "99" else self.total_cents * 60 // 100

    @property
    def payment_code(self) -> str:
        """CV07.10.005 after the patient's insurance."""
        return self.patient.insurance_code if self.patient.insurance_code in ("01", "02", "03") else "07"

    def day_after(self, days: int, hour: int, at_minute: int = 0) -> datetime:
        """A moment on a later day of the stay, never behind `until`."""
        day = datetime.combine(self.start.date() + timedelta(days=days), datetime.min.time())
        return min(day + timedelta(hours=hour, minutes=at_minute), self.until)
