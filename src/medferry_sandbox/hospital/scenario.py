"""Who comes, when and why: patients and the plan of each visit. Everything from the seed, visit by visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from medferry_sandbox.hospital.directories import (
    CAMPUSES,
    JAUNDICE,
    Directory,
    build_directory,
    diseases,
    tcm_patterns,
)
from medferry_sandbox.hospital.diseases import Diagnosis, Disease, Tcm
from medferry_sandbox.hospital.lived_visits import live
from medferry_sandbox.hospital.lives import Lives
from medferry_sandbox.hospital.model import (
    Bed,
    Campus,
    Patient,
    Visit,
    minute,
)
from medferry_sandbox.hospital.orders import plan_orders
from medferry_sandbox.hospital.population import Population

# One round of visits at a campus; * is the next of the rare ones. The heavy ones come early: small worlds have them too.
_ROUND = "op ca * su op em ch ob io va ii op tc em ip ra op eo su op cancelled op ip op"
_NEVER, _FOR_EVER = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2999-01-01")
_RARE = ("h24", "death", "h24d")
_STAY_DAYS = {
    "ip": (3, 7),
    "su": (4, 7),
    "va": (2, 4),
    "ca": (4, 6),
    "ch": (2, 4),
    "ra": (3, 6),
    "ii": (4, 8),
    "death": (1, 3),
}
_OVER_NIGHT = ("ob", "eo", "h24", "h24d")
_URGENT = ("em", "ob", "eo", "h24", "h24d", "death")
"""Who is brought in, and perhaps by strangers."""
_USES = {"em": "em", "eo": "eo", "ob": "ob", "h24d": "h24d", "cancelled": "op"}


@dataclass
class Batch:
    """What a domain builds from: new patients and new visits. `first`: directories are wanted too."""

    visits: list[Visit] = field(default_factory=list)
    patients: list[Patient] = field(default_factory=list)
    first: bool = False


class Scenario:
    """Makes patients and visits. Call order: `opening()`, `later()`, then `walk_in()` any number of times."""

    def __init__(self, seed: int, visits: int, days: int, start: date) -> None:
        assert visits >= 2, "a hospital of two campuses needs two visits"
        assert days >= 7, "stays need a week"
        self.seed = seed
        self.lives = Lives(seed)
        self.visits = visits
        self.days = days
        self.start = start
        self.directories: dict[str, Directory] = {
            campus.name: build_directory(campus, seed, start) for campus in CAMPUSES
        }
        self.horizons = {
            1: datetime.combine(start + timedelta(days=days), time()),
            2: datetime.combine(start + timedelta(days=days + 1), time()),
        }
        self._counts: dict[tuple[str, str], int] = {}
        self._rare = {campus.name: index * 2 for index, campus in enumerate(CAMPUSES)}
        self.population = Population(self.directories, self.count, self.lives)
        self._stayed: dict[str, list[Patient]] = {campus.name: [] for campus in CAMPUSES}
        self._regulars: dict[str, list[Patient]] = {campus.name: [] for campus in CAMPUSES}
        self._bed_busy: dict[tuple[str, str], datetime] = {}

    def count(self, campus: Campus, what: str) -> int:
        """1, 2, 3 … per campus and subject: local ids are equal at both campuses on purpose."""
        number = self._counts.get((campus.name, what), 0) + 1
        self._counts[campus.name, what] = number
        return number

    def opening(self) -> Batch:
        """Wave 1: what is in the databases at first."""
        batch = Batch(first=True)
        for index in range(self.visits):
            if len(batch.visits) == self.visits:  # newborns that stayed took the places of the last
                break
            campus = CAMPUSES[index % 2]
            scenario = self._scenario(campus, index // 2)
            self._visit(batch, campus, scenario, 1, self._arrival(index, scenario))
        return batch

    def later(self) -> Batch:
        """Wave 2: the visits of the day after."""
        batch = Batch()
        for index in range(max(8, self.visits // 25)):
            campus = CAMPUSES[index % 2]
            scenario = ("op", "em", "ip", "op")[index // 2 % 4]
            day = self.horizons[1]
            arrival = day + timedelta(hours=8, minutes=self._rng("arrival2", index).randrange(480))
            self._visit(batch, campus, scenario, 2, arrival)
        return batch

    def walk_in(self, index: int, now: datetime) -> Batch:
        """A live visit, just ended. It began in a whole minute like every other: clerks write no seconds."""
        batch = Batch()
        campus = CAMPUSES[index % 2]
        self.horizons[3] = now
        self._visit(batch, campus, "em" if index % 5 == 4 else "op", 3, minute(now) - timedelta(hours=5))
        return batch

    def skip_to(self, number: int) -> None:
        """Lets all counters go on from there: live records never meet the keys of an earlier session."""
        for name, count in self._counts.items():
            self._counts[name] = max(count, number)

    def _rng(self, *what: object) -> Random:
        return Random("/".join(str(part) for part in (self.seed, *what)))

    def _scenario(self, campus: Campus, place: int) -> str:
        names = _ROUND.split()
        name = names[place % len(names)]
        if name != "*":
            return name
        self._rare[campus.name] += 1
        return _RARE[self._rare[campus.name] % len(_RARE)]

    def _arrival(self, index: int, scenario: str) -> datetime:
        """Days are filled evenly; those who must leave again come early enough."""
        rng = self._rng("arrival", index)
        stay = (
            _STAY_DAYS.get(scenario, (0, 1 if scenario in _OVER_NIGHT else 0))[1] if scenario != "ip" else 0
        )
        day = index * self.days // self.visits
        if stay:
            day = min(day, self.days - stay - 1) if self.days - stay - 1 > 0 else 0
            day = rng.randrange(day + 1) if day == self.days - stay - 1 else day
        hour = rng.choices((8, 9, 10, 11, 14, 15, 16), (5, 8, 8, 4, 6, 5, 3))[0]
        return datetime.combine(self.start + timedelta(days=day), time(hour, rng.randrange(60)))

    def _visit(
        self,
        batch: Batch,
        campus: Campus,
        scenario: str,
        wave: int,
        registered: datetime,
        newborn: Patient | None = None,
    ) -> Visit:
        """Someone comes; `newborn`: who was born here and is not well."""
        number = self.count(campus, "visit")
        rng = self._rng("visit", campus.name, number)
        use = _USES.get(scenario, scenario)
        disease = rng.choice(
            [one for one in diseases() if use in one.uses] or [one for one in diseases() if "op" in one.uses]
        )
        tcm = rng.choice(tcm_patterns()) if scenario == "tc" else None
        returns = scenario in ("op", "tc") and wave == 1
        patient = self._regular(campus, disease, registered, rng) if returns else None
        if newborn:
            patient, disease = newborn, JAUNDICE
        elif scenario == "ip":
            patient = self._again(campus, number, disease, registered)
        if patient is None:
            patient = self.population.newcomer(
                campus, disease, registered, wave, rng, urgent=scenario in _URGENT
            )
            batch.patients.append(patient)
        visit = self._plan(campus, number, scenario, wave, registered, patient, disease, tcm, rng)
        live(visit, self.lives, directory=self.directories[campus.name], horizon=self.horizons[wave])
        patient.visits.append(visit)
        if visit.inpatient and patient.medical_record_no is None:
            patient.medical_record_no = f"{500000 + self.count(campus, 'medical_record')}"
        if visit.died:
            patient.death_time = visit.end
        if scenario in ("va", "ca") and visit.operation_end:
            visit.baby = self.population.baby(visit, rng)
            batch.patients.append(visit.baby)
        if scenario in ("ip", "su") and visit.end is not None:
            self._stayed[campus.name].append(patient)
        if scenario == "op" and wave == 1:
            self._regulars[campus.name].append(patient)
        plan_orders(visit, self.directories[campus.name], rng, self.count, self.lives)
        batch.visits.append(visit)
        if visit.baby and wave == 1 and len(batch.visits) < self.visits:
            self._keep_baby(batch, visit.baby)
        return visit

    def _keep_baby(self, batch: Batch, baby: Patient) -> None:
        """Some go to the children's ward on their second day, without a card and without a name of their own."""
        admitted = minute(baby.archive_time + timedelta(hours=26))
        if admitted + timedelta(hours=4) >= self.horizons[1]:
            return
        if self.lives.happens("newborn_admitted", baby.campus.name, baby.local_id):
            baby.lives.append("newborn_admitted")
            self._visit(batch, baby.campus, "ip", 1, admitted, baby)

    def _regular(self, campus: Campus, disease: Disease, at: datetime, rng: Random) -> Patient | None:
        """Someone known who comes again: a grown-up whom the disease may befall, not on the same day."""
        if rng.random() > 0.25:
            return None
        fitting = [
            one
            for one in self._regulars[campus.name][-40:]
            if _may_befall(disease, one, at) and one.visits[-1].until.date() < at.date()
        ]
        return rng.choice(fitting) if fitting else None

    def _again(self, campus: Campus, number: int, disease: Disease, at: datetime) -> Patient | None:
        """Someone who went home days ago and is back."""
        fitting = [
            one
            for one in self._stayed[campus.name]
            if _may_befall(disease, one, at) and one.visits[-1].until < at - timedelta(hours=6)
        ]
        return fitting[-1] if fitting and self.lives.happens("readmission", campus.name, number) else None

    def _plan(
        self,
        campus: Campus,
        number: int,
        scenario: str,
        wave: int,
        registered: datetime,
        patient: Patient,
        disease: Disease,
        tcm: Tcm | None,
        rng: Random,
    ) -> Visit:
        directory = self.directories[campus.name]
        emergency = scenario in ("em", "ob", "eo")
        dept = directory.dept("H01" if emergency else "G01" if tcm else disease.dept)
        doctors = directory.people("doctor", dept)
        nurses = directory.people("nurse", directory.dept(dept.ward or "W14"))
        inpatient = scenario not in ("op", "tc", "io", "cancelled") and not emergency
        start = registered + timedelta(minutes=0 if inpatient else rng.randint(4, 25))
        end = self._end(scenario, start, wave, rng)
        in_bed = inpatient or scenario in ("ob", "eo")
        main = Diagnosis(tcm.western_code, tcm.western_name) if tcm else Diagnosis(disease.code, disease.name)
        visit = Visit(
            campus=campus,
            number=number,
            visit_id=f"{registered:%y%m%d}{number:05d}",
            patient=patient,
            scenario=scenario,
            wave=wave,
            registered=registered,
            start=start,
            end=end,
            until=end or self.horizons[wave] - timedelta(hours=2),
            dept=dept,
            doctor=rng.choice(doctors[:3]),
            resident=doctors[-1],
            nurse=rng.choice(nurses),
            main=main,
            others=_other_diagnoses(disease, main, patient.age(start), inpatient, rng),
            disease=disease,
            onset=minute(start - timedelta(hours=rng.randint(2, 60))),
            complaint=tcm.complaint if tcm else disease.complaint,
            local_no=f"{'Z' if inpatient else 'M'}{start:%y}{number:06d}",
            times=len(patient.visits) + 1,
            tcm=tcm,
            bed=self._bed(directory, dept.ward, start, end, rng) if in_bed else None,
            lives=list(patient.lives),
        )
        if disease.operation_code and scenario in ("su", "va", "ca", "eo"):
            visit.operation = (disease.operation_code, disease.operation_name)
            visit.operation_start = minute(start + timedelta(hours=1 if scenario in ("eo", "va") else 20))
            visit.operation_end = visit.operation_start + timedelta(minutes=rng.randint(25, 110))
        if end is not None and scenario != "cancelled":
            visit.settlement_no = f"JS{end:%Y%m%d}{number:06d}"
            visit.settled = end
        return visit

    def _end(self, scenario: str, start: datetime, wave: int, rng: Random) -> datetime | None:
        minutes = {"ob": 60 * rng.randint(5, 9), "eo": 60 * rng.randint(4, 7), "h24": 60 * rng.randint(14, 22),
                   "h24d": 60 * rng.randint(4, 18), "cancelled": 0}  # fmt: skip
        if scenario in minutes:
            return start + timedelta(minutes=minutes[scenario])
        if scenario not in _STAY_DAYS:
            return start + timedelta(minutes=rng.randint(12, 40))
        days = rng.randint(*_STAY_DAYS[scenario])
        end = datetime.combine(start.date() + timedelta(days=days), time(10, rng.randrange(60)))
        return end if end < self.horizons[wave] else None

    def _bed(
        self, directory: Directory, ward: str, start: datetime, end: datetime | None, rng: Random
    ) -> Bed:
        """A bed of the ward that is free from `start` on; any bed when all are taken (加床)."""
        beds = directory.beds[ward or "W14"]
        campus = directory.campus.name
        free = [bed for bed in beds if self._bed_busy.get((campus, bed.bed_id), _NEVER) < start]
        bed = rng.choice(free or beds)
        self._bed_busy[campus, bed.bed_id] = end or _FOR_EVER
        return bed


def _may_befall(disease: Disease, patient: Patient, at: datetime) -> bool:
    return disease.sex in ("", patient.sex) and disease.age_min <= patient.age(at) <= disease.age_max


_SECONDARY = (
    Diagnosis("I10.x00x002", "高血压"),
    Diagnosis("E11.900", "2型糖尿病"),
    Diagnosis("E78.500", "高脂血症"),
    Diagnosis("D64.900", "贫血"),
    Diagnosis("N39.000", "泌尿道感染"),
)


def _other_diagnoses(
    disease: Disease, main: Diagnosis, age: int, inpatient: bool, rng: Random
) -> list[Diagnosis]:
    if "va" in disease.uses or "ca" in disease.uses:
        return [Diagnosis("Z37.000", "单一活产")]
    if age < 40:
        return []
    # High blood pressure with heart failure has a code of its own: nobody writes both.
    together = {main.code} | ({"I10.x00x002"} if main.code.startswith("I50") else set())
    pool = [one for one in _SECONDARY if one.code not in together]
    return rng.sample(pool, rng.choice((1, 2, 2, 3) if inpatient else (0, 0, 1)))
