"""Diagnoses: of outpatients once, of inpatients at admission and at discharge, Chinese medicine beside the western."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.diseases import Diagnosis
from medferry_sandbox.hospital.domains.visit import outcome, variant
from medferry_sandbox.hospital.model import Visit, d8, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "zdlx", "DIAGNOSIS_TYPE", "01=MZ:门诊诊断 02=RY:入院诊断 03=CY:出院诊断")
code_list("his_qingshanhu", "diag_kind", "DIAGNOSIS_TYPE", "01=OPD:门急诊 02=ADM:入院 03=DSC:出院")
code_list("his_donghu", "zdfl", "DIAGNOSIS_CLASS", "1=XY:西医 2=ZYB:中医病 3=ZYZ:中医证")
code_list("his_qingshanhu", "diag_class", "DIAGNOSIS_CLASS", "1=W:西医 2=TD:中医疾病 3=TS:中医证候")
code_list("his_donghu", "zdzt", "CV05.01.002", "1=YS:疑似 2=LC:临床诊断 3=QZ:确诊 4=XD:病原携带")
code_list("his_qingshanhu", "diag_state", "CV05.01.002", "1=SP:疑似 2=CD:临床诊断 3=CF:确诊 4=CA:病原携带")
code_list("his_donghu", "rybq", "RC027", "1=有 2=未定 3=不明 4=无")
code_list("his_qingshanhu", "on_admit", "RC027", "1=Y:有 2=U:未确定 3=N:不明 4=W:无")

DIAGNOSIS = Recipe(
    "diagnose_record",
    faults="missing:diagnosis_status_code bad_code:diagnosis_type_code blanks:hospital_diagnosis_name",
    corrects="diagnosis_description",
    late=True,
)


def _diagnoses(world: World, visit: Visit) -> None:
    if visit.cancelled:
        return
    all_of_them = [visit.main, *visit.others]
    if not visit.inpatient:
        at = minute(min(visit.start + timedelta(minutes=8), visit.until))
        for place, one in enumerate(all_of_them, start=1):
            _diagnosis(world, visit, "01", place, one, at)
        if visit.tcm:
            _tcm_diagnoses(world, visit, at)
        return
    admitted = minute(min(visit.start + timedelta(minutes=50), visit.until))
    for place, one in enumerate(all_of_them, start=1):
        _diagnosis(world, visit, "02", place, one, admitted)
        if visit.end:
            _diagnosis(world, visit, "03", place, one, minute(visit.end))


def _diagnosis(world: World, visit: Visit, kind: str, place: int, one: Diagnosis, at: datetime) -> None:
    discharged = kind == "03"
    _emit_diagnosis(
        world,
        visit,
        kind,
        "1",
        place,
        at,
        {
            "coding_system_code": "01",
            "diagnosis_code": one.code,
            "diagnosis_name": one.name,
            "hospital_diagnosis_name": one.name,
            "admission_cond_code": "1" if discharged else None,
            "outcome_code": outcome(visit) if discharged else None,
            "infectious_disease_flag": flag(visit.infectious and place == 1),
        },
    )


def _tcm_diagnoses(world: World, visit: Visit, at: datetime) -> None:
    assert visit.tcm is not None
    tcm = visit.tcm
    disease = {"tcm_disease_code": tcm.disease_code, "tcm_disease_name": tcm.disease_name}
    syndrome = {"tcm_syndrome_code": tcm.syndrome_code, "tcm_syndrome_name": tcm.syndrome_name}
    for class_code, facts in (("2", disease), ("3", syndrome)):
        _emit_diagnosis(world, visit, "01", class_code, 1, at, {"coding_system_code": "02", **facts})


def _emit_diagnosis(
    world: World,
    visit: Visit,
    kind: str,
    class_code: str,
    place: int,
    at: datetime,
    facts: dict[str, str | None],
) -> None:
    patient = visit.patient
    side: dict[str, str | None] = {"outpatient_no": visit.local_no}
    if visit.inpatient:
        side = {"inpatient_no": visit.local_no, "inpatient_times": str(visit.times)}
    world.emit(
        "diagnose_record",
        visit,
        f"{400000 + world.count(visit, 'diagnosis')}",
        {
            "patient_id": patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            **side,
            "patient_name": patient.name,
            "id_type_code": patient.paper_code,
            "id_no": patient.id_no,
            "diagnosis_type_code": kind,
            "diagnosis_type_name": value_set("DIAGNOSIS_TYPE")[kind],
            "diagnosis_class_code": class_code,
            "main_diagnosis_flag": flag(place == 1),
            "diagnosis_seq": str(place),
            "diagnosis_status_code": "2" if visit.died else "3",
            "diagnosis_basis_code": "1",
            "diagnosis_basis_name": "临床",
            "diagnosis_time": dt15(at),
            "onset_date": d8(visit.onset.date()),
            "doctor_id": visit.doctor.staff_id,
            "doctor_name": visit.doctor.name,
            "dept_code": visit.dept.code,
            "dept_name": visit.dept.name,
            **facts,
        },
        created=max(at, visit.start) + timedelta(minutes=1),
        variant=variant(world, visit),
    )


def build(world: World, batch: Batch) -> None:
    """Diagnoses of the batch's visits."""
    for visit in batch.visits:
        _diagnoses(world, visit)


DOMAIN = Domain((DIAGNOSIS,), build)
