"""急诊留观医嘱: what its rules say, in rules.csv's words. But for the record they belong to, the orders of an outpatient."""

from __future__ import annotations

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.tables import encounter_opt_order as outpatient
from medferry_sandbox.platform.rules.texts import differing, is_before

rules = RuleBook("encoun_obs_opt_order")

rules.needs("order_unit")(outpatient.has_quantity)
rules.needs("reviewer_name")(outpatient.was_reviewed)
rules.needs("review_time")(outpatient.was_reviewed)
rules.needs("canceller_name")(outpatient.has_canceller)


@rules.later("OOO-001")
def observation_record_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("obs_record_id"):
        yield "obs_record_id"


@rules.parent("OOO-001", "obs_record_id")
def is_of_the_same_visit_as_the_observation(record: Record, observation: Record) -> Says:
    yield from differing(record, observation, "visit_id", "patient_id")


rules.row("OOO-002")(outpatient.drugs_have_a_prescription)
rules.row("OOO-002")(outpatient.exams_and_labs_have_a_request)
rules.row("OOO-002", severity=WARNING)(outpatient.procedures_have_a_request)


@rules.parent("OOO-003", "obs_record_id")
def ordered_after_the_visit_began(record: Record, observation: Record) -> Says:
    if is_before(record.get("order_time"), observation.get("visit_time")):
        yield "order_time"


rules.row("OOO-003")(outpatient.times_are_in_order)
rules.row("OOO-003")(outpatient.plan_ends_after_it_starts)
rules.row("OOO-004")(outpatient.cancelled_by_someone_at_some_time)
rules.row("OOO-004")(outpatient.cancelled_orders_are_not_executed)
rules.row("OOO-004")(outpatient.cancelled_after_it_was_ordered)
rules.row("OOO-005")(outpatient.execution_is_told)


@rules.later("OOO-006")
def number_is_its_own_in_the_observation(record: Record, beside: Beside) -> Says:
    if len(beside.alike("obs_record_id", "order_seq")) > 1:
        yield "order_seq"


rules.later("OOO-007")(outpatient.orderer_is_known)
rules.later("OOO-007")(outpatient.orderer_may_prescribe)
rules.later("OOO-008")(outpatient.exam_or_lab_of_the_request_is_there)
rules.later("OOO-009")(outpatient.prescription_exists)
rules.parent("OOO-009", "prescription_id")(outpatient.prescription_is_of_the_same_visit)
