"""The lines of a home page: operations and other diagnoses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.visit import outcome
from medferry_sandbox.hospital.model import Staff, Visit, d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.world import World

code_list("his_donghu", "ssjb", "CV05.10.024", "1=一级 2=二级 3=三级 4=四级")
code_list("his_qingshanhu", "op_level", "CV05.10.024", "1=L1:一级 2=L2:二级 3=L3:三级 4=L4:四级")
code_list("his_donghu", "qklb", "CV05.10.022", "1=0:0类 2=I:Ⅰ类 3=II:Ⅱ类 4=III:Ⅲ类")
code_list("his_qingshanhu", "incision", "CV05.10.022", "1=0类 2=Ⅰ类 3=Ⅱ类 4=Ⅲ类")
code_list("his_donghu", "mzfs", "CV06.00.103", "1=QM:全麻 2=ZG:椎管内 3=JM:局麻 4=FH:复合")
code_list("his_qingshanhu", "anes", "CV06.00.103", "1=G:全身麻醉 2=S:椎管内麻醉 3=L:局部麻醉 4=C:复合麻醉")

OPERATION = Recipe(
    "inpatient_operation",
    faults="missing:operation_name bad_code:operation_level_code,incision_class_code,anesthesia_method_code"
    " blanks:operation_name gbk:operation_name",
    late=True,
)

DIAGNOSE = Recipe(
    "inpatient_diagnose",
    faults="missing:diagnosis_name bad_code:admission_cond_code blanks:diagnosis_name gbk:diagnosis_name",
    late=True,
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """What goes with an operation code: level, incision class, anesthesia, site."""

    level: str
    incision: str
    anesthesia: str
    site: str


PROCEDURES = {
    "47.0100": Procedure("2", "3", "1", "阑尾"),
    "51.2300": Procedure("3", "3", "1", "胆囊"),
    "53.0200": Procedure("2", "2", "1", "右侧腹股沟"),
    "79.3200": Procedure("3", "2", "1", "桡骨"),
    "73.6x00": Procedure("1", "3", "3", "会阴"),
    "74.1x00": Procedure("2", "3", "2", "子宫下段"),
}


def anesthetist(world: World, visit: Visit) -> Staff | None:
    """Nobody for local anesthesia."""
    if visit.operation is None or PROCEDURES[visit.operation[0]].anesthesia == "3":
        return None
    directory = world.directory(visit)
    return directory.people("doctor", directory.dept("J05"))[0]


def operation(world: World, visit: Visit) -> None:
    """One at most in this hospital."""
    if visit.operation is None:
        return
    assert visit.end is not None
    assert visit.operation_start is not None
    assert visit.operation_end is not None
    code, name = visit.operation
    kind, sleeper = PROCEDURES[code], anesthetist(world, visit)
    began, ended = visit.operation_start, visit.operation_end
    planned = visit.scenario == "su" and code != "47.0100"
    made = world.clamp(visit, visit.end + timedelta(hours=3))
    world.emit(
        "inpatient_operation",
        visit,
        f"B{visit.visit_id}-S1",
        {
            "record_home_id": f"B{visit.visit_id}",
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "operation_seq": "1",
            "main_operation_flag": "T",
            "operation_code": code,
            "operation_name": name,
            "operation_type_code": "1" if planned else "2",
            "operation_time": dt15(began),
            "operation_start_time": dt15(began),
            "operation_end_time": dt15(ended),
            "operation_minutes": str(int((ended - began).total_seconds()) // 60),
            "operation_level_code": kind.level,
            "operation_site": kind.site,
            "operator_id": visit.doctor.staff_id,
            "operator_name": visit.doctor.name,
            "first_assistant_id": visit.resident.staff_id,
            "first_assistant_name": visit.resident.name,
            "incision_class_code": kind.incision,
            "healing_grade_code": "1",
            "anesthesia_method_code": kind.anesthesia,
            "anesthesia_level_code": "2" if sleeper else None,
            "anesthetist_id": sleeper.staff_id if sleeper else None,
            "anesthetist_name": sleeper.name if sleeper else None,
            "elective_flag": flag(planned),
            "unplanned_reoperation_flag": "F",
            "complication_flag": "F",
            "incision_infection_flag": "F",
            "prophylactic_antibiotic_flag": flag(kind.incision == "3"),
            "implant_flag": flag(code == "79.3200"),
        },
        created=made,
    )


def diagnoses(world: World, visit: Visit) -> None:
    """Beside the main one, in the order of the chart."""
    assert visit.end is not None
    coder = world.directory(visit).clerk(world.rng("signed", visit.campus.name, visit.visit_id), "L02")
    made = world.clamp(visit, visit.end + timedelta(hours=3))
    for place, one in enumerate(visit.others, start=1):
        born = one.code.startswith("Z37")
        world.emit(
            "inpatient_diagnose",
            visit,
            f"B{visit.visit_id}-Z{place}",
            {
                "record_home_id": f"B{visit.visit_id}",
                "patient_id": visit.patient.local_id,
                "visit_id": visit.visit_id,
                "diagnosis_seq": str(place),
                "diagnosis_category_code": "1",
                "tcm_western_flag": "1",
                "diagnosis_code": one.code,
                "diagnosis_name": one.name,
                "admission_cond_code": "4" if born else "1",
                "outcome_code": "9" if born else outcome(visit),
                "hospital_infection_flag": "F",
                "complication_flag": "F",
                "diagnosis_date": d8(visit.start.date()),
                "coder_name": coder.name,
            },
            created=made,
        )
