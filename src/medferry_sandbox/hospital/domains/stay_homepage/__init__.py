"""Home pages of stays (病案首页) with their operations and other diagnoses. Coded and archived after discharge."""

from __future__ import annotations

from medferry_sandbox.hospital.domains.stay_homepage.facts import blood_types, home_page
from medferry_sandbox.hospital.domains.stay_homepage.home import HOME
from medferry_sandbox.hospital.domains.stay_homepage.lines import DIAGNOSE, OPERATION, diagnoses, operation
from medferry_sandbox.hospital.domains.stay_orders import inpatients
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

_UNKNOWN = ("5", "3")
"""ABO and Rh of those without a health file."""


def build(world: World, batch: Batch) -> None:
    """Of those who have left."""
    stays = inpatients(batch)
    blood = blood_types(world) if stays else {}
    for visit in stays:
        if visit.end is not None:
            patient = (visit.campus.name, visit.patient.local_id)
            home_page(world, visit, blood.get(patient, _UNKNOWN))
            operation(world, visit)
            diagnoses(world, visit)


DOMAIN = Domain((HOME, OPERATION, DIAGNOSE), build)
