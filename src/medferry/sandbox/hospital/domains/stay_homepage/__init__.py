"""Home pages of stays (病案首页) with their operations and other diagnoses. Coded and archived after discharge."""

from __future__ import annotations

from medferry.sandbox.hospital.domains.stay_homepage.facts import home_page
from medferry.sandbox.hospital.domains.stay_homepage.layout import HOME
from medferry.sandbox.hospital.domains.stay_homepage.lines import DIAGNOSE, OPERATION, diagnoses, operation
from medferry.sandbox.hospital.domains.stay_orders import inpatients
from medferry.sandbox.hospital.scenario import Batch
from medferry.sandbox.hospital.world import Domain, World


def build(world: World, batch: Batch) -> None:
    """Of those who have left."""
    for visit in inpatients(batch):
        if visit.end is not None:
            home_page(world, visit)
            operation(world, visit)
            diagnoses(world, visit)


DOMAIN = Domain((HOME, OPERATION, DIAGNOSE), build)
