"""Who walks in: patients with their relatives, and those born here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random

from medferry_sandbox.hospital import people
from medferry_sandbox.hospital.directories import Directory
from medferry_sandbox.hospital.diseases import Disease
from medferry_sandbox.hospital.lives import Lives
from medferry_sandbox.hospital.model import Campus, Patient, Relative, Visit

_ALLERGIES = (
    ("1", "101", "青霉素类抗生素", "青霉素"),
    ("1", "103", "头孢类抗生素", "头孢呋辛"),
    ("1", "102", "磺胺类抗生素", "复方磺胺甲噁唑"),
    ("2", "207", "鱼、虾等水产类食品", ""),
    ("3", "301", "植物花粉", ""),
)


class Population:
    """Makes people; identity numbers are never given twice."""

    def __init__(
        self, directories: Mapping[str, Directory], count: Callable[[Campus, str], int], lives: Lives
    ) -> None:
        self._directories = directories
        self._lives = lives
        self._count = count
        self._used_ids: set[str] = set()

    def newcomer(
        self, campus: Campus, disease: Disease, at: datetime, wave: int, rng: Random, *, urgent: bool
    ) -> Patient:
        patient = self._newcomer(campus, disease, at, wave, rng)
        self._give_paper(patient, urgent=urgent)
        return patient

    def _newcomer(self, campus: Campus, disease: Disease, at: datetime, wave: int, rng: Random) -> Patient:
        sex = disease.sex or rng.choice("12")
        age = rng.randint(disease.age_min, disease.age_max)
        birth = people.birth_at_age(rng, at.date(), age)
        address = people.address(rng)
        id_no = self._identity(address.area_code, birth, sex)
        insurance = rng.choices(("01", "02", "03", "99"), (4, 5, 1, 2))[0]
        earlier = wave == 1 and rng.random() < 0.3
        archived = at - timedelta(days=rng.randrange(30, 900)) if earlier else at - timedelta(minutes=5)
        return Patient(
            campus=campus,
            local_id=f"{100000 + self._count(campus, 'patient')}",
            name=people.full_name(rng, sex),
            sex=sex,
            birth=birth,
            id_no=id_no,
            address=address,
            phone=people.mobile(rng) if age >= 16 else None,
            contacts=self._relatives(rng, birth, people.years(birth, archived.date()), sex),
            marital_code="10" if age < 23 else rng.choices(("20", "10", "30", "40"), (20, 3, 2 if age > 60 else 0, 1))[0],
            ethnic_code=rng.choices(("01", "22", "03", "06"), (96, 2, 1, 1))[0],
            occupation_code=_occupation(rng, age),
            education_code="90" if age < 7 else "81" if age < 13 else rng.choice(("21", "31", "61", "71")),
            insurance_code=insurance,
            insurance_no=None if insurance == "99" else f"36{rng.randrange(10**10):010d}",
            health_card_no=f"360100{rng.randrange(10**9):09d}",
            archive_time=archived,
            archiver=self._directories[campus.name].clerk(rng),
            wave=wave,
            allergy=rng.choice(_ALLERGIES) if rng.random() < 0.12 else None,
        )  # fmt: skip

    def _give_paper(self, patient: Patient, *, urgent: bool) -> None:
        """Most have an identity card; who has not, has something else, or nothing and a reason."""
        who = (patient.campus.name, patient.local_id)
        age = people.years(patient.birth, patient.archive_time.date())
        rng = Random("/".join(("paper", *who, patient.name)))
        if urgent and age >= 16 and self._lives.happens("unknown_patient", *who):
            _nobody_knows(patient)
        elif age < 14 and self._lives.happens("child_without_card", *who):
            _without(patient, "9", "child_without_card")
        elif age >= 16 and self._lives.happens("papers_refused", *who):
            _without(patient, "3", "papers_refused")
        elif age < 14 and self._lives.happens("household_register", *who):
            _carries(patient, "02", str(patient.id_no), "household_register", insured=True)
        elif 18 <= age < 60 and self._lives.happens("officer_card", *who):
            _carries(patient, "04", f"军字第{rng.randrange(10**7):07d}号", "officer_card")
        elif self._lives.happens("foreign_resident_card", *who):
            country, names = rng.choice(people.FOREIGNERS)
            patient.name = names[int(patient.sex) - 1]
            patient.nationality_code, patient.ethnic_code = country, people.FOREIGN
            number = self._identity(f"911{country}", patient.birth, patient.sex)
            _carries(patient, "99", number, "foreign_resident_card")
        elif self._lives.happens("passport", *who):
            country, names = rng.choice(people.FOREIGNERS)
            patient.name = names[int(patient.sex) - 1]
            patient.nationality_code, patient.ethnic_code = country, people.FOREIGN
            _carries(patient, "03", f"{rng.choice('EGPKL')}{rng.randrange(10**8):08d}", "passport")
        elif self._lives.happens("hk_macao_permit", *who):
            _carries(patient, "06", f"{rng.choice('HM')}{rng.randrange(10**8):08d}", "hk_macao_permit")
        elif self._lives.happens("taiwan_permit", *who):
            _carries(patient, "07", f"{rng.randrange(10**8):08d}", "taiwan_permit")
        elif self._lives.happens("residence_permit", *who):
            area, paper = rng.choice((("810000", "10"), ("820000", "10"), ("830000", "11")))
            number = self._identity(area, patient.birth, patient.sex)
            _carries(patient, paper, number, "residence_permit")

    def _identity(self, area_code: str, birth: date, sex: str) -> str:
        serial = int(sex) % 2
        while (number := people.identity_no(area_code, birth, serial)) in self._used_ids:
            serial += 2
        self._used_ids.add(number)
        return number

    def _relatives(self, rng: Random, birth: date, age: int, sex: str) -> list[Relative]:
        codes = ["52", "51"] if age < 18 else (["30"] if age > 65 else ["10"])
        if age >= 18 and rng.random() < 0.3:
            codes.append("75")
        return [
            self._relative(rng, code, birth, sex, age < 18 and place == 0) for place, code in enumerate(codes)
        ]

    def _relative(self, rng: Random, code: str, birth: date, sex: str, guardian: bool) -> Relative:
        own_sex = {"51": "1", "20": "1"}.get(code, "2") if code != "10" else ("2" if sex == "1" else "1")
        shift = {"51": -27, "52": -25, "20": 26, "30": 26, "75": -3}.get(code, rng.randint(-2, 2))
        born = birth.replace(day=min(birth.day, 28), year=birth.year + shift)
        area_code = people.address(rng).area_code
        number = self._identity(area_code, born, own_sex)
        name = people.full_name(rng, own_sex)
        return Relative(
            name, code, people.RELATION[code], own_sex, born, number, people.mobile(rng), guardian
        )

    def baby(self, visit: Visit, rng: Random) -> Patient:
        """Born in this hospital: no identity card yet, the mother's data instead."""
        assert visit.operation_end is not None
        born = visit.operation_end - timedelta(minutes=10)
        mother, sex = visit.patient, rng.choice("12")
        contact = Relative(
            mother.name,
            "52",
            "母亲",
            "2",
            mother.birth,
            mother.id_no or "",
            mother.phone or "",
            True,
            mother.paper_code,
        )
        return Patient(
            campus=visit.campus,
            local_id=f"{100000 + self._count(visit.campus, 'patient')}",
            name=f"{mother.name}之{'子' if sex == '1' else '女'}",
            sex=sex,
            birth=born.date(),
            id_no=None,
            address=mother.address,
            phone=None,
            contacts=[contact],
            marital_code="10",
            ethnic_code=mother.ethnic_code,
            occupation_code="90",
            education_code="90",
            insurance_code="99",
            insurance_no=None,
            health_card_no=f"360100{rng.randrange(10**9):09d}",
            archive_time=born + timedelta(minutes=40),
            archiver=self._directories[visit.campus.name].clerk(rng),
            wave=visit.wave,
            birth_time=born,
            mother=mother,
            paper_code="99",
            no_paper_reason="1",
            lives=["newborn"] if self._lives.happens("newborn", visit.campus.name, visit.visit_id) else [],
        )


def _carries(patient: Patient, paper: str, number: str, kind: str, *, insured: bool = False) -> None:
    """Another paper than today's card; who comes from elsewhere is not insured here."""
    patient.paper_code, patient.id_no = paper, number
    if not insured:
        patient.insurance_code, patient.insurance_no = "99", None
    patient.lives.append(kind)


def _without(patient: Patient, reason: str, kind: str) -> None:
    patient.paper_code, patient.id_no, patient.no_paper_reason = "99", None, reason
    patient.lives.append(kind)


def _nobody_knows(patient: Patient) -> None:
    """Brought in without a name; the year of birth is guessed, and nobody is there to call."""
    _without(patient, "2", "unknown_patient")
    patient.name, patient.birth = "无名氏", patient.birth.replace(month=1, day=1)
    patient.phone, patient.allergy, patient.contacts = None, None, []
    patient.insurance_code, patient.insurance_no = "99", None
    patient.marital_code, patient.occupation_code, patient.education_code = "90", "90", "90"


def _occupation(rng: Random, age: int) -> str:
    if age < 20:
        return "31" if age >= 6 else "90"
    return "80" if age > 62 else rng.choice(("17", "24", "27", "54"))
