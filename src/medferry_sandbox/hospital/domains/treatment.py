"""Treatment sheets and how they ended. The EMR keeps them by visit number; the patient comes from the HIS."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.lab import whose
from medferry_sandbox.hospital.model import d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.treatment_facts import Treatment, treatments
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "cure_visit", "CV06.00.207", "1=OP:门诊随访 2=HM:家庭随访 3=TEL:电话随访 9=OT:其他")
code_list("emr", "cure_end", "CV05.10.010", "1=CU:治愈 2=IM:好转 3=ST:稳定 4=WO:恶化 5=DE:死亡 9=OT:其他")

RECORD = Recipe(
    "treatment_record",
    faults="missing:treatment_opinion bad_code:followup_method_code blanks:treatment_opinion,future_plan "
    "full_width:request_no",
    corrects="order_remark",
)

RESULT = Recipe(
    "treatment_results",
    faults="missing:outcome_description bad_code:outcome_code blanks:outcome_description,post_assessment",
    corrects="special_condition",
    late=True,
)


def _followup(one: Treatment) -> str | None:
    """Cycles and wounds come again: the day."""
    visit = one.visit
    if visit.end is None or visit.died or not (one.cyclic or one.kind.item == "S0304"):
        return None
    return d8(max(visit.end, one.signed).date() + timedelta(days=21 if one.cyclic else 3))


def _record(world: World, one: Treatment) -> None:
    visit, patient = one.visit, one.visit.patient
    rng = world.rng("treatment sheet", visit.campus.name, one.key)
    age = patient.age(one.start)
    weight = 46 + 38 * rng.random() if age >= 15 else 8 + 2.4 * age + 3 * rng.random()
    who = whose(visit, one.start)
    del who["ward_code"]
    followup = _followup(one)
    world.emit(
        "treatment_record",
        visit,
        one.key,
        {
            **who,
            "weight": f"{weight:.2f}" if one.cyclic or age < 15 else None,
            "request_no": f"ZL{one.order.order_id}",
            "order_id": one.order.order_id,
            "treatment_opinion": one.kind.opinion,
            "invasive_flag": one.kind.invasive,
            "allergy_flag": flag(patient.allergy is not None),
            "allergy_history": f"{patient.allergy[2]}过敏" if patient.allergy else None,
            "order_remark": "执行前双人核对" if one.cyclic else None,
            "future_plan": one.kind.plan,
            "followup_method_code": "1" if followup else None,
            "followup_date": followup,
            "followup_cycle_code": "02" if followup and one.cyclic else None,
            "treatment_start_time": dt15(one.start),
            "treatment_end_time": dt15(one.end),
            "executor_id": one.executor.staff_id,
            "executor_name": one.executor.name,
            "sign_time": dt15(one.signed),
        },
        created=one.start,
        updated=one.signed,
    )


def _result(world: World, one: Treatment) -> None:
    visit = one.visit
    if visit.end is None:
        return
    rng = world.rng("treatment result", visit.campus.name, one.key)
    adverse = one.cyclic and rng.random() < 0.35
    world.emit(
        "treatment_results",
        visit,
        f"{200000 + world.count(visit, 'treatment_result')}",
        {
            "treatment_id": one.key,
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "seq_no": "1",
            "outcome_code": "4" if visit.died else "3" if one.cyclic else "2",
            "outcome_description": "病情加重，转抢救" if visit.died else one.kind.after,
            "pre_assessment": one.kind.before,
            "post_assessment": "生命体征不稳定" if visit.died else one.kind.after,
            "adverse_flag": flag(adverse),
            "adverse_description": "恶心、呕吐Ⅰ度" if adverse else None,
            "adverse_handling": "予止吐、补液后缓解" if adverse else None,
            "future_plan": None if visit.died else one.kind.plan,
            "followup_date": _followup(one),
            "evaluate_time": dt15(one.signed),
            "evaluator_id": visit.doctor.staff_id,
            "evaluator_name": visit.doctor.name,
        },
        created=one.signed,
    )


def build(world: World, batch: Batch) -> None:
    """The batch's treatments."""
    for visit in batch.visits:
        for one in treatments(world, visit):
            _record(world, one)
            _result(world, one)


DOMAIN = Domain((RECORD, RESULT), build)
