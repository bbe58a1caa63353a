"""Visits. Donghu keeps out- and inpatients in tables of their own, Qingshanhu in one."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Drug, Visit, d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "ghlb", "REGISTRATION_TYPE", "1=PT:普通 2=JZ:急诊 3=ZJ:专家 6=MF:免费")
code_list(
    "his_qingshanhu", "reg_kind", "REGISTRATION_TYPE", "1=11:普通门诊 2=20:急诊 3=12:专家门诊 6=90:免费"
)
code_list("his_donghu", "cfz", "FIRST_VISIT", "1=初诊 2=复诊")
code_list("his_qingshanhu", "first", "FIRST_VISIT", "1=F:初诊 2=R:复诊")
code_list("his_donghu", "jzzt", "VISIT_STATUS", "1=Z:就诊中 2=W:已完成 3=T:退号")
code_list("his_qingshanhu", "visit_state", "VISIT_STATUS", "1=10:在诊在院 2=20:完成 3=90:取消")
code_list("his_donghu", "zyfl", "CV06.00.101", "1=W:未用 2=CY:中成药 3=CC:草药")
code_list("his_qingshanhu", "herb_use", "CV06.00.101", "1=0:无 2=1:中成药 3=2:中草药")
code_list("his_donghu", "zg", "CV05.10.010", "1=治愈 2=好转 3=稳定 4=恶化 5=死亡 9=其他")
code_list("his_qingshanhu", "outcome", "CV05.10.010", "1=C:治愈 2=I:好转 3=S:稳定 4=W:恶化 5=D:死亡 9=O:其他")

VISIT = Recipe(
    "visit",
    faults="missing:visit_reason bad_code:tcm_use_category_code blanks:visit_reason",
    corrects="health_problem_evaluation",
)


def variant(world: World, visit: Visit) -> str:
    """Which of Donghu's two worlds a visit belongs to: mz or zy; Qingshanhu knows one."""
    if visit.campus.his != "his_donghu":
        return ""
    return "zy" if visit.inpatient else "mz"


def _visit(world: World, visit: Visit) -> None:
    world.emit(
        "visit",
        visit,
        visit.visit_id,
        {**_common(visit), **(_inpatient(visit) if visit.inpatient else _outpatient(world, visit))},
        created=visit.registered,
        updated=visit.end or visit.start + timedelta(minutes=20),
        variant=variant(world, visit),
    )


def _common(visit: Visit) -> dict[str, str | None]:
    patient = visit.patient
    others = visit.others
    return {
        "patient_id": patient.local_id,
        "health_card_no": patient.health_card_no,
        "card_type_code": "03",
        "card_no": patient.health_card_no,
        "patient_name": patient.name,
        "id_type_code": patient.paper_code,
        "id_no": patient.id_no,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(visit.start)),
        "visit_type": visit.kind,
        "visit_times": str(visit.times),
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        "onset_time": dt15(visit.onset),
        "visit_reason": visit.complaint,
        "diagnosis_code": visit.main.code,
        "diagnosis_name": visit.main.name,
        "other_diagnosis_code": ",".join(one.code for one in others),
        "other_diagnosis_name": ",".join(one.name for one in others),
        "operation_code": visit.operation[0] if visit.operation else None,
        "operation_name": visit.operation[1] if visit.operation else None,
        "tcm_use_category_code": _herbs(visit),
        "treatment_plan": None if visit.cancelled else "完善检查，对症治疗，不适随诊",
        "responsible_doctor_id": visit.doctor.staff_id,
        "responsible_doctor_name": visit.doctor.name,
        "doctor_title_code": visit.doctor.title_code,
        "insurance_type_code": patient.insurance_code,
        "insurance_no": patient.insurance_no,
        "payment_method_code": visit.payment_code,
        "local_resident_flag": flag(patient.address.city == "南昌市"),
        "referral_in_flag": "F",
        "infectious_disease_flag": flag(visit.infectious),
        "visit_status_code": "3" if visit.cancelled else "2" if visit.end else "1",
    }


def _outpatient(world: World, visit: Visit) -> dict[str, str | None]:
    rng = world.rng("registration", visit.campus.name, visit.visit_id)
    return {
        "outpatient_no": visit.local_no,
        "registration_type_code": _registration(visit),
        "registration_time": dt15(visit.registered),
        "appointment_flag": flag(visit.kind == "1" and rng.random() < 0.4),
        "first_visit_code": "2" if visit.times > 1 else "1",
        "visit_time": dt15(visit.start),
        "visit_end_time": dt15(visit.end) if visit.end else None,
        "observation_flag": flag(visit.observation),
        "tcm_disease_code": visit.tcm.disease_code if visit.tcm else None,
        "tcm_disease_name": visit.tcm.disease_name if visit.tcm else None,
        "tcm_syndrome_code": visit.tcm.syndrome_code if visit.tcm else None,
        "tcm_syndrome_name": visit.tcm.syndrome_name if visit.tcm else None,
    }


def _registration(visit: Visit) -> str:
    """REGISTRATION_TYPE."""
    if visit.kind == "2":
        return "2"
    if "free_registration" in visit.lives:
        return "6"
    return "3" if visit.doctor.title_code in ("231", "232") else "1"


def _inpatient(visit: Visit) -> dict[str, str | None]:
    assert visit.bed is not None
    return {
        "inpatient_no": visit.local_no,
        "medical_record_no": visit.patient.medical_record_no,
        "admission_time": dt15(visit.start),
        "discharge_time": dt15(visit.end) if visit.end else None,
        "discharge_dept_code": visit.leaves_from.code if visit.end else None,
        "discharge_dept_name": visit.leaves_from.name if visit.end else None,
        "ward_name": visit.bed.ward.name,
        "bed_no": visit.bed.bed_no,
        "underlying_death_cause_code": visit.main.code if visit.died else None,
        "underlying_death_cause_name": visit.main.name if visit.died else None,
        "outcome_code": outcome(visit) if visit.end else None,
    }


def outcome(visit: Visit) -> str:
    """CV05.10.010 at discharge."""
    if visit.died:
        return "5"
    return "1" if visit.scenario in ("su", "va", "ca") else "2"


def _herbs(visit: Visit) -> str:
    kinds = {order.item.type for order in visit.orders if isinstance(order.item, Drug)}
    return "3" if "3" in kinds else "2" if "2" in kinds else "1"


def build(world: World, batch: Batch) -> None:
    """The batch's visits."""
    for visit in batch.visits:
        _visit(world, visit)


DOMAIN = Domain((VISIT,), build)
