"""What is written when a stay has ended: discharge or death record, summary, operations of the summary."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.stay_homepage.lines import PROCEDURES, anesthetist
from medferry_sandbox.hospital.domains.stay_notes.stay import (
    Facts,
    head_facts,
    result,
    signature,
    signed,
)
from medferry_sandbox.hospital.model import Drug, Visit, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.world import World

code_list("emr", "op_level", "CV05.10.024", "1=Ⅰ:一级 2=Ⅱ:二级 3=Ⅲ:三级 4=Ⅳ:四级")
code_list("emr", "wound", "CV05.10.022", "1=C0:0类 2=C1:Ⅰ类 3=C2:Ⅱ类 4=C3:Ⅲ类")
code_list("emr", "sleep", "CV06.00.103", "1=GA:全身麻醉 2=SA:椎管内麻醉 3=LA:局部麻醉 4=CA:复合麻醉")

DISCHARGE = Recipe(
    "discharge_record",
    faults="missing:treatment_process,discharge_symptom bad_code:outcome_code,discharge_mode_code"
    " blanks:discharge_order",
    corrects="positive_exam_result",
    cancels=True,
    late=True,
)

DEATH = Recipe(
    "death_record",
    faults="missing:treatment_process,direct_death_cause_name blanks:treatment_process",
    late=True,
)

SUMMARY = Recipe(
    "dischage_summary",
    faults="missing:discharge_condition,phone bad_code:treatment_result_code,marital_code full_width:phone"
    " blanks:discharge_order",
)

OPERATION = Recipe(
    "dis_pat_operation_info",
    faults="missing:operation_process bad_code:operation_level_code,incision_class_code,anesthesia_method_code"
    " blanks:operation_process",
    corrects="operation_site",
    late=True,
)
_DIRECT_CAUSE = {"I21.900": ("R57.000", "心源性休克"), "I61.900": ("G93.501", "脑疝")}


def _stay_story(visit: Visit) -> Facts:
    surgery = ""
    if visit.operation and visit.operation_start:
        surgery = f"于{visit.operation_start:%Y年%m月%d日}行{visit.operation[1]}，手术顺利。"
    drugs = sorted({order.item.generic for order in visit.orders if isinstance(order.item, Drug)})
    return {
        "admission_condition": f"因“{visit.complaint}”入院，入院时神志清楚，查体见入院记录",
        "admission_diag_code": visit.main.code,
        "admission_diag_name": visit.main.name,
        "treatment_process": f"入院后完善相关检查，予{'、'.join(drugs)}等治疗。{surgery}病情变化见病程记录。",
    }


def _at_the_door(visit: Visit) -> Facts:
    _, condition, symptoms = result(visit)
    return {
        "positive_exam_result": "血常规白细胞升高" if "热" in visit.complaint else "无",
        "discharge_diag_code": visit.main.code,
        "discharge_diag_name": visit.main.name,
        "discharge_condition": condition,
        "discharge_symptom": symptoms,
        "discharge_order": "死亡" if visit.died else "注意休息，合理饮食，按时服药，两周后门诊复查，不适随诊",
    }


def discharge(world: World, visit: Visit) -> None:
    """Left alive after more than a day."""
    at = signed(world, visit, timedelta(hours=1))
    world.emit(
        "discharge_record",
        visit,
        f"CY{visit.visit_id}",
        {
            **head_facts(world, visit, "discharge_record"),
            **_stay_story(visit),
            **_at_the_door(visit),
            "outcome_code": result(visit)[0],
            "sign_time": dt15(at),
        },
        created=at,
    )


def death(world: World, visit: Visit) -> None:
    """Died after more than a day."""
    at = signed(world, visit, timedelta(hours=2))
    cause_code, cause = _DIRECT_CAUSE.get(visit.main.code, ("I46.900", "心脏停搏"))
    world.emit(
        "death_record",
        visit,
        f"SW{visit.visit_id}",
        {
            **head_facts(world, visit, "death_record"),
            **_stay_story(visit),
            "direct_death_cause_code": cause_code,
            "direct_death_cause_name": cause,
            "underlying_death_cause_code": visit.main.code,
            "underlying_death_cause_name": visit.main.name,
            "death_diag_code": visit.main.code,
            "death_diag_name": visit.main.name,
            "autopsy_consent_flag": "F",
            "death_certificate_no": f"36{visit.start:%Y}{visit.number:06d}",
            "sign_time": dt15(at),
        },
        created=at,
    )


def summary(world: World, visit: Visit) -> None:
    """One per stay, whatever its end."""
    at = signed(world, visit, timedelta(hours=2))
    patient = visit.patient
    contact = next(iter(patient.contacts), None)
    world.emit(
        "dischage_summary",
        visit,
        f"D{visit.visit_id}",
        {
            **head_facts(world, visit, "dischage_summary"),
            **_stay_story(visit),
            **_at_the_door(visit),
            "phone": patient.phone or (contact.phone if contact else None),
            "addr_type_code": "09",
            "postcode": patient.address.postcode,
            "contact_name": contact.name if contact else None,
            "contact_phone": contact.phone if contact else None,
            "operation_flag": flag(visit.operation is not None),
            "treatment_result_code": result(visit)[0],
            "sign_time": dt15(at),
        },
        created=at,
    )


def summary_operation(world: World, visit: Visit) -> None:
    """The operation, as the summary tells it."""
    if visit.operation is None or visit.operation_start is None or visit.operation_end is None:
        return
    code, name = visit.operation
    kind, sleeper = PROCEDURES[code], anesthetist(world, visit)
    world.emit(
        "dis_pat_operation_info",
        visit,
        f"D{visit.visit_id}-1",
        {
            **head_facts(world, visit, "dis_pat_operation_info"),
            "discharge_summary_id": f"D{visit.visit_id}",
            "operation_seq": "1",
            "operation_code": code,
            "operation_name": name,
            "operation_start_time": dt15(visit.operation_start),
            "operation_end_time": dt15(visit.operation_end),
            "operation_level_code": kind.level,
            "operation_site": kind.site,
            "incision_class_code": kind.incision,
            "healing_grade_code": "1",
            "anesthesia_method_code": kind.anesthesia,
            "operation_process": f"麻醉成功后取合适体位，消毒铺巾，行{name}，术中顺利，出血约30ml，清点器械无误。",
            **signature(visit.doctor, "operator"),
            **signature(visit.resident, "first_assistant"),
            **(signature(sleeper, "anesthetist") if sleeper else {}),
        },
        created=signed(world, visit, timedelta(hours=2)),
    )
