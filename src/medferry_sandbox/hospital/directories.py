"""What stands still: campuses, departments, staff, drugs, services, beds, diseases. Lists come from seed/*.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from medferry_sandbox.hospital.diseases import Disease, Tcm
from medferry_sandbox.hospital.model import Bed, Campus, Department, Drug, Service, Staff
from medferry_sandbox.hospital.people import birth_at_age, full_name, identity_no, mobile

JAUNDICE = Disease("P59.900", "新生儿黄疸", "D01", "", 0, 0, frozenset({"ip"}), "皮肤黄染1天", "", "", "")
"""Of the newborns that stay: nobody else has it, so it is in no list to choose from."""

_SEED = Path(__file__).parent / "seed"
_ORG_CODE = "12360100A00000001X"

CAMPUSES = (
    Campus("donghu", "东湖院区", "01", _ORG_CODE, "阳光医院", "DH-", "his_donghu", "360102", "0791-86280001"),
    Campus(
        "qingshanhu",
        "青山湖院区",
        "02",
        _ORG_CODE,
        "阳光医院",
        "QS-",
        "his_qingshanhu",
        "360111",
        "0791-88340002",
    ),
)


def _lines(name: str) -> list[dict[str, str]]:
    with (_SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cents(price: str) -> int:
    whole, _, part = price.partition(".")
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


@cache
def drugs() -> tuple[Drug, ...]:
    return tuple(
        Drug(
            line["drug_id"], line["generic"], line["product"], line["type"], line["form_code"], line["form_name"],
            line["spec"], line["dose"], line["dose_unit"], line["min_unit"], line["package_unit"], int(line["factor"]),
            _cents(line["price"]), line["route"], line["frequency"], line["single_dose"], line["manufacturer"],
            line["approval_no"], line["antibacterial"], line["antitumor"], line["special"], line["essential"] == "T",
            frozenset(line["uses"].split()),
        )
        for line in _lines("drugs")
    )  # fmt: skip


@cache
def services() -> tuple[Service, ...]:
    return tuple(
        Service(
            line["item_id"], line["name"], line["kind"], line["charge_category"], line["unit"], _cents(line["price"]),
            line["dept"], line["operation_code"], frozenset(line["uses"].split()),
        )
        for line in _lines("services")
    )  # fmt: skip


@cache
def service(item_id: str) -> Service:
    return next(item for item in services() if item.item_id == item_id)


@cache
def diseases() -> tuple[Disease, ...]:
    return tuple(
        Disease(
            line["code"], line["name"], line["dept"], line["sex"], int(line["age_min"]), int(line["age_max"]),
            frozenset(line["uses"].split()), line["complaint"], line["operation_code"], line["operation_name"],
            line["infectious_class"],
        )
        for line in _lines("diagnoses")
    )  # fmt: skip


@cache
def tcm_patterns() -> tuple[Tcm, ...]:
    return tuple(Tcm(**line) for line in _lines("tcm"))


@dataclass
class Directory:
    """One campus's departments, staff and beds. Drugs and services are the same lists at both campuses."""

    campus: Campus
    departments: dict[str, Department] = field(default_factory=dict)
    staff: list[Staff] = field(default_factory=list)
    beds: dict[str, list[Bed]] = field(default_factory=dict)

    def dept(self, code: str) -> Department:
        return self.departments[code]

    def people(self, role: str, dept: Department) -> list[Staff]:
        """Staff of a role in a department, the most senior first."""
        return [one for one in self.staff if one.role == role and one.dept.code == dept.code]

    def clerk(self, rng: Random, dept_code: str = "L01") -> Staff:
        """Cashiers and registrars (L01), coders (L02)."""
        return rng.choice(self.people("clerk", self.departments[dept_code]))

    def technician(self, rng: Random, dept: Department) -> Staff:
        """Someone of a medical-technical department; a doctor where it has no technicians."""
        return rng.choice(self.people("technician", dept) or self.people("doctor", dept) or self.staff[:1])

    def pharmacist(self, rng: Random) -> Staff:
        return rng.choice(self.people("pharmacist", self.departments["K01"]))


_TEAM = {
    "clinical": (("doctor", "231"), ("doctor", "232"), ("doctor", "233"), ("doctor", "234")),
    "medtech": (("doctor", "233"), ("technician", "263"), ("technician", "264")),
    "pharmacy": (("pharmacist", "243"), ("pharmacist", "244")),
    "admin": (("clerk", ""), ("clerk", "")),
    "ward": (("nurse", "253"), ("nurse", "254"), ("nurse", "254")),
}


def build_directory(campus: Campus, seed: int, on: date) -> Directory:
    """Same seed, same people."""
    directory = Directory(campus)
    for line in _lines("departments"):
        dept = Department(
            line["code"], line["name"], line["kind"], line["standard_code"], line["standard_name"],
            line["outpatient"] == "T", line["inpatient"] == "T", line["ward"],
        )  # fmt: skip
        directory.departments[dept.code] = dept
        if dept.ward:
            ward = Department(
                dept.ward,
                f"{dept.name}病区",
                "ward",
                dept.standard_code,
                dept.standard_name,
                False,
                True,
                "",
                dept.code,
            )
            directory.departments[ward.code] = ward
            directory.beds[ward.code] = [
                Bed(f"{ward.code}{number:02d}", f"{number:02d}", ward, dept) for number in range(1, 13)
            ]
    rng = Random(f"{seed}/staff/{campus.name}")
    for dept in directory.departments.values():
        for role, title in _TEAM[dept.kind]:
            directory.staff.append(_person(rng, len(directory.staff), campus, role, title, dept, on))
    return directory


def _person(
    rng: Random, index: int, campus: Campus, role: str, title: str, dept: Department, on: date
) -> Staff:
    sex = "2" if role == "nurse" or rng.random() < 0.45 else "1"
    years = {"231": 54, "232": 46, "233": 38}.get(title, 30) + rng.randrange(6)
    birth = birth_at_age(rng, on, years)
    serial = index * 2 + (1 if sex == "1" else 0)
    return Staff(
        f"{1001 + index}", full_name(rng, sex), sex, birth, identity_no(campus.area_code, birth, serial), mobile(rng),
        role, title, dept,
    )  # fmt: skip
