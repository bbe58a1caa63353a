"""Stays of less than a day have one document instead of many: home again, or dead."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.domains.stay_notes.admission import narrator, present_illness
from medferry_sandbox.hospital.domains.stay_notes.stay import head_facts, result, signed
from medferry_sandbox.hospital.model import Visit, dt15
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.world import World

H24 = Recipe(
    "h24_adm_and_dis_record",
    faults="missing:treatment_process,discharge_order bad_code:narrator_relation_code blanks:treatment_process",
    corrects="symptom_desc",
    late=True,
)

H24_DEATH = Recipe(
    "h24_adm_death_record",
    faults="missing:treatment_process,death_cause bad_code:narrator_relation_code blanks:death_cause",
    late=True,
)


def day_stay(world: World, visit: Visit) -> None:
    """In and out within 24 hours."""
    assert visit.end is not None
    at = signed(world, visit, timedelta(hours=1))
    attending = head_facts(world, visit, "h24_adm_death_record")
    _, condition, symptoms = result(visit)
    world.emit(
        "h24_adm_and_dis_record",
        visit,
        f"RC{visit.visit_id}",
        {
            **head_facts(world, visit, "h24_adm_and_dis_record"),
            **narrator(visit),
            "chief_complaint": visit.complaint,
            "present_illness": present_illness(visit),
            "admission_condition": f"因“{visit.complaint}”入院，神志清楚，生命体征平稳",
            "symptom_name": visit.complaint.split("、")[0][:20],
            "symptom_desc": f"{visit.complaint}，无放射及加重",
            "auxiliary_exam_result": "血常规、心电图未见明显异常",
            "admission_diag_code": visit.main.code,
            "admission_diag_name": visit.main.name,
            "treatment_process": "入院后完善检查，予对症支持治疗，症状缓解，患者要求出院",
            "discharge_condition": f"{condition}，{symptoms}",
            "discharge_diag_code": visit.main.code,
            "discharge_diag_name": visit.main.name,
            "discharge_order": "清淡饮食，注意休息，不适随诊，一周后门诊复查",
            "order_physician_id": attending["attending_physician_id"],
            "order_physician_name": attending["attending_physician_name"],
            "discharge_order_time": dt15(visit.end - timedelta(minutes=30)),
            "record_time": dt15(at),
            "sign_time": dt15(at),
        },
        created=at,
    )


def day_death(world: World, visit: Visit) -> None:
    """Died within 24 hours of admission."""
    at = signed(world, visit, timedelta(hours=2))
    world.emit(
        "h24_adm_death_record",
        visit,
        f"RS{visit.visit_id}",
        {
            **head_facts(world, visit, "h24_adm_death_record"),
            **narrator(visit),
            "chief_complaint": visit.complaint,
            "admission_condition": f"因“{visit.complaint}”急诊入院，病情危重，已下病危通知",
            "admission_diag_code": visit.main.code,
            "admission_diag_name": visit.main.name,
            "treatment_process": "入院后予心电监护、吸氧、开放静脉通路，病情进行性恶化，予心肺复苏、气管插管等抢救无效",
            "death_cause": f"{visit.main.name}致呼吸循环衰竭",
            "death_diag_code": visit.main.code,
            "death_diag_name": visit.main.name,
            "record_time": dt15(at),
            "sign_time": dt15(at),
        },
        created=at,
    )
