"""Documents of stays in the EMR. Who and where comes from its index of stays and from the HIS."""

from __future__ import annotations

from medferry_sandbox.hospital.domains.stay_notes.admission import ADMISSION, FIRST, admission, first_course
from medferry_sandbox.hospital.domains.stay_notes.course import COURSE, course
from medferry_sandbox.hospital.domains.stay_notes.discharge import (
    DEATH,
    DISCHARGE,
    OPERATION,
    SUMMARY,
    death,
    discharge,
    summary,
    summary_operation,
)
from medferry_sandbox.hospital.domains.stay_notes.short import H24, H24_DEATH, day_death, day_stay
from medferry_sandbox.hospital.domains.stay_notes.stay import index_stay
from medferry_sandbox.hospital.domains.stay_orders import inpatients
from medferry_sandbox.hospital.model import Visit
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World


def build(world: World, batch: Batch) -> None:
    """Documents so far of each stay."""
    for visit in inpatients(batch):
        index_stay(world, visit)
        if visit.scenario == "h24":
            day_stay(world, visit)
        elif visit.scenario == "h24d":
            day_death(world, visit)
        else:
            _long_stay(world, visit)
        if visit.end is not None:
            summary(world, visit)
            summary_operation(world, visit)


def _long_stay(world: World, visit: Visit) -> None:
    admission(world, visit)
    first_course(world, visit)
    course(world, visit)
    if visit.end is not None:
        (death if visit.died else discharge)(world, visit)


DOMAIN = Domain((ADMISSION, FIRST, COURSE, H24, H24_DEATH, DISCHARGE, DEATH, SUMMARY, OPERATION), build)
