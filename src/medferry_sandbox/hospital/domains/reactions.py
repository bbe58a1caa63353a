"""Adverse drug reactions: a form in the EMR; case number and name come from the HIS by a look-up table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from medferry_sandbox.hospital.clinic import batch_no, body, pharmacy_times
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Drug, Order, Visit, d8, dt15, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "adr_visit", "CV09.00.404", "1=O:门诊 2=E:急诊 3=I:住院")
code_list("emr", "adr_turn", "ADR_REPORT_STATUS", "1=SC:首次 2=GZ:跟踪")
code_list("emr", "adr_kind", "ADR_REPORT_TYPE", "1=XYB:新的一般 2=XYZ:新的严重 3=YZ:严重 4=YB:一般")
code_list(
    "emr",
    "adr_effect",
    "ADR_DISEASE_INFLUENCE",
    "1=BMX:不明显 2=YC:病程延长 3=JZ:病情加重 4=HYZ:后遗症 5=SW:死亡",
)
code_list("emr", "adr_before", "ADR_HISTORY", "1=Y:有 2=N:无 3=U:不详")
code_list("emr", "adr_end", "ADR_RESULT", "1=ZY:痊愈 2=HZ:好转 3=WHZ:未好转 4=BX:不详 5=HYZ:后遗症 6=SW:死亡")
code_list("emr", "adr_stop", "ADR_DECHALLENGE", "1=Y:是 2=N:否 3=U:不明 4=NS:未停药")
code_list("emr", "adr_again", "ADR_RECHALLENGE", "1=Y:是 2=N:否 3=U:不明 4=NR:未再用")
code_list(
    "emr", "adr_cause", "ADR_CAUSALITY", "1=A:肯定 2=B:很可能 3=C:可能 4=D:可能无关 5=E:待评价 6=F:无法评价"
)
code_list("emr", "adr_who", "ADR_REPORTER_OCCUPATION", "1=DOC:医生 2=PHA:药师 3=NUR:护士 9=OTH:其他")
code_list("emr", "adr_route", "CV06.00.102", "1=PO:口服 5=INH:吸入 403=IM:肌注 404=IV:静脉")

REACTION = Recipe(
    "patient_adverse_drug_reaction_record",
    faults="missing:adr_description,suspect_drug_reason bad_code:result_code,report_type_code blanks:adr_name "
    "full_width:suspect_drug_batch_no",
    corrects="past_other_info",
    cancels=True,
    late=True,
)


@dataclass(frozen=True)
class _Reaction:
    """name, description, CTCAE grade, grave (why by ADR_SERIOUS_CRITERIA, "" when not), outcome."""

    name: str
    story: str
    grade: str
    grave: str
    outcome: str


_MARROW = _Reaction(
    "骨髓抑制", "化疗后出现乏力，查血白细胞及中性粒细胞下降，予升白治疗后好转。", "3", "5", "2"
)
_NAUSEA = _Reaction("恶心、呕吐", "用药后出现恶心、呕吐胃内容物，予止吐、补液后缓解。", "2", "", "2")
_RASH = _Reaction(
    "皮疹、瘙痒", "用药后躯干及四肢出现散在红色皮疹伴瘙痒，停药并抗过敏治疗后消退。", "1", "", "1"
)


def _reaction(world: World, visit: Visit) -> None:
    """Rare; frequent with drugs against tumours. Everything happens while the records know of the visit."""
    rng = world.rng("reaction", visit.campus.name, visit.visit_id)
    given = [order for order in visit.orders if isinstance(order.item, Drug) and order.item.approval_no]
    tumour = [order for order in given if isinstance(order.item, Drug) and order.item.antitumor]
    if not given or rng.random() >= (0.6 if tumour else 0.05):
        return
    suspect = (tumour or given)[0]
    found = rng.choice((_MARROW, _NAUSEA)) if tumour else _RASH
    start = _begins(suspect)
    seen = minute(start + (timedelta(hours=3) if visit.inpatient else timedelta(minutes=30)))
    sent = minute(seen + (timedelta(hours=2) if visit.inpatient else timedelta(minutes=40)))
    if visit.inpatient and sent >= visit.until:
        return
    other = next((one for one in given if one is not suspect and _begins(one) <= seen), None)
    world.emit(
        "patient_adverse_drug_reaction_record",
        visit,
        f"{20000 + world.count(visit, 'reaction')}",
        {
            **_who(world, visit, seen),
            "report_status_code": "1",
            "report_type_code": "2" if found.grave else "1",
            "report_time": dt15(sent),
            "original_disease": visit.main.name,
            "original_disease_code": visit.main.code,
            "disease_influence_code": "2" if found.grave else "1",
            "family_adr_code": "2",
            "past_adr_code": "2",
            "past_other_info": "无吸烟、饮酒史",
            "adr_name": found.name,
            "adr_time": dt15(seen),
            "adr_description": found.story,
            "severity_grade_code": found.grade,
            "serious_reason_code": found.grave,
            "result_code": found.outcome,
            "dechallenge_code": "1",
            "rechallenge_code": "4",
            **_drug("suspect", suspect, visit),
            "suspect_drug_end_time": dt15(seen),
            **(_drug("concomitant", other, visit) if other else {}),
            "reporter_evaluation_code": "2",
            "report_org_evaluation_code": rng.choice("23"),
            "reporter_id": visit.resident.staff_id,
            "reporter_name": visit.resident.name,
            "reporter_occupation_code": "1",
            "reporter_phone": visit.campus.phone,
            "dept_code": visit.dept.code,
            "dept_name": visit.dept.name,
            "national_report_no": f"36{sent:%Y%m%d}{visit.campus.branch_code}{visit.number:06d}",
        },
        created=sent,
    )


def _begins(order: Order) -> datetime:
    """When the patient had the first dose: after the dispensing, or soon after the order on a ward."""
    if order.visit.inpatient:
        return order.at + timedelta(minutes=30)
    return pharmacy_times(order).dispensed


def _who(world: World, visit: Visit, at: datetime) -> dict[str, str | None]:
    patient = visit.patient
    inpatient = visit.inpatient
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "visit_type": visit.kind,
        "visit_card_no": patient.health_card_no,
        "outpatient_no": None if inpatient else visit.local_no,
        "visit_times": None if inpatient else str(visit.times),
        "medical_record_no": patient.medical_record_no if inpatient else None,
        "inpatient_no": visit.local_no if inpatient else None,
        "hospitalization_times": str(visit.times) if inpatient else None,
        "patient_name": patient.name,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age": str(patient.age(at)),
        "ethnic_code": patient.ethnic_code,
        "weight": body(world, visit)[1][:-1],
        "phone": patient.phone,
    }


def _drug(role: str, order: Order, visit: Visit) -> dict[str, str | None]:
    drug = order.item
    assert isinstance(drug, Drug)
    return {
        f"{role}_drug_approval_no": drug.approval_no,
        f"{role}_drug_id": drug.drug_id,
        f"{role}_drug_trade_name": drug.product,
        f"{role}_drug_generic_name": drug.generic,
        f"{role}_drug_manufacturer": drug.manufacturer,
        f"{role}_drug_batch_no": batch_no(drug),
        f"{role}_drug_dosage": f"每次{drug.single_dose}{drug.dose_unit}，{drug.frequency}",
        f"{role}_drug_route_code": drug.route,
        f"{role}_drug_start_time": dt15(_begins(order)),
        f"{role}_drug_reason": visit.main.name,
    }


def build(world: World, batch: Batch) -> None:
    """Reactions of the batch's visits."""
    for visit in batch.visits:
        _reaction(world, visit)


DOMAIN = Domain((REACTION,), build)
