"""A birth: what the delivery record, the caesarean record and the newborn's patient row must agree on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from medferry_sandbox.hospital.model import Staff, Visit, dt15
from medferry_sandbox.hospital.world import World


@dataclass(frozen=True)
class Birth:
    """One newborn; times of whole minutes. stages_min: the three stages of a vaginal delivery."""

    at: datetime
    placenta: datetime
    watched: datetime
    sex: str
    weight_g: int
    length_cm: str
    apgar: tuple[int, int, int]
    gravidity: int
    parity: int
    week: int
    day: int
    last_period: date
    stages_min: tuple[int, int, int]
    position: str
    cord_cm: str
    cord_loops: int
    fluid_ml: int
    stitches: int
    loss_ml: int
    pressure: tuple[int, int]
    pulse: int

    @property
    def due(self) -> date:
        """Last period and 280 days."""
        return self.last_period + timedelta(days=280)

    @property
    def weeks(self) -> str:
        """39+2"""
        return f"{self.week}+{self.day}"


def birth_of(world: World, visit: Visit) -> Birth | None:
    """The visit's birth; None while nobody knows of one."""
    baby, end = visit.baby, visit.operation_end
    if baby is None or baby.birth_time is None or end is None:
        return None
    rng = world.rng("birth", visit.campus.name, visit.visit_id)
    at = baby.birth_time
    week, day = rng.choice((38, 39, 39, 40)), rng.randrange(7)
    parity = rng.choice((1, 1, 2, 2, 3))
    low = rng.randint(62, 80)
    score = rng.choice((8, 9, 9, 9))
    first, second = rng.randint(240, 520), rng.randint(15, 28)
    third = rng.randint(4, 8)
    return Birth(
        at=at,
        placenta=at + timedelta(minutes=third),
        watched=max(end, at) + timedelta(minutes=120),
        sex=baby.sex,
        weight_g=rng.randint(2650, 3900),
        length_cm=f"{rng.uniform(47.5, 52):.1f}",
        apgar=(score, min(score + 1, 10), 10),
        gravidity=parity + rng.choice((0, 0, 1, 2)),
        parity=parity,
        week=week,
        day=day,
        last_period=at.date() - timedelta(days=week * 7 + day),
        stages_min=(first, second, third),
        position=rng.choices(("01", "02", "05", "06"), (60, 30, 6, 4))[0],
        cord_cm=f"{rng.uniform(42, 68):.1f}",
        cord_loops=rng.choices((0, 1, 2), (75, 22, 3))[0],
        fluid_ml=rng.randrange(400, 900, 50),
        stitches=rng.randint(3, 6),
        loss_ml=rng.randrange(180, 380, 10),
        pressure=(low + rng.randint(34, 52), low),
        pulse=rng.randint(70, 96),
    )


def newborn_facts(birth: Birth) -> dict[str, str | None]:
    """The child, its cord and its waters, as both kinds of record say it."""
    one, five, ten = birth.apgar
    return {
        "amniotic_character": "清",
        "amniotic_volume": str(birth.fluid_ml),
        "cord_length": birth.cord_cm,
        "cord_neck_loops": str(birth.cord_loops),
        "fetus_count": "1",
        "newborn_seq": "1",
        "newborn_gender_code": birth.sex,
        "newborn_birth_weight": str(birth.weight_g),
        "newborn_birth_length": birth.length_cm,
        "apgar_interval_code": "1",
        "apgar_score": str(one),
        "apgar_1min": str(one),
        "apgar_5min": str(five),
        "apgar_10min": str(ten),
        "delivery_outcome_code": "1",
        "newborn_abnormal_code": "1",
    }


def watch_facts(birth: Birth, stem: str) -> dict[str, str | None]:
    """The two hours after; `stem` is postpartum or postop."""
    systolic, diastolic = birth.pressure
    return {
        "observation_time": dt15(birth.watched),
        f"{stem}_check_min": "120",
        f"{stem}_systolic_bp": str(systolic),
        f"{stem}_diastolic_bp": str(diastolic),
        f"{stem}_pulse": str(birth.pulse),
        f"{stem}_heart_rate": str(birth.pulse),
        f"{stem}_blood_loss": str(birth.loss_ml),
        f"{stem}_contraction": "宫缩好，质硬",
        f"{stem}_fundal_height": "18.0",
    }


def people_facts(people: dict[str, Staff]) -> dict[str, str | None]:
    """role -> <role>_id and <role>_name."""
    facts: dict[str, str | None] = {}
    for role, one in people.items():
        facts[f"{role}_id"], facts[f"{role}_name"] = one.staff_id, one.name
    return facts
