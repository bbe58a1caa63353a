"""Examinations: the EMR vendor's PACS. It knows the accession and the request number; who and where comes from the HISs."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.lab import whose
from medferry_sandbox.hospital.exam_facts import Study, studies
from medferry_sandbox.hospital.model import d8, dt15, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "ris_judge", "EXAM_RESULT", "1=POS:异常 2=NEG:正常 3=DBT:不确定")
_MODALITIES = {
    "CT": "11:CT",
    "DR": "12:数字X线",
    "MR": "13:磁共振",
    "US": "21:超声",
    "ECG": "31:心电图",
    "ES": "41:内镜",
    "PA": "51:病理",
}
code_list(
    "emr",
    "ris_kind",
    "EXAM_TYPE",
    " ".join(f"{code}={local}" for code, local in _MODALITIES.items() if code in value_set("EXAM_TYPE")),
)

RECORD = Recipe(
    "examination_record",
    faults="missing:exam_category,objective_finding bad_code:exam_result_code full_width:accession_no "
    "blanks:subjective_impression,exam_part_name",
    corrects="report_remark",
)

ITEM = Recipe(
    "examination_exam",
    faults="missing:exam_item_name bad_code:exam_result_code blanks:exam_item_name",
    corrects="result_description",
    late=True,
)


def _record(world: World, study: Study) -> None:
    world.emit(
        "examination_record",
        study.visit,
        study.key,
        {**_request(study), **_performed(study), **_procedure(study), **_reported(study)},
        created=study.at,
        updated=study.reported,
    )


def _request(study: Study) -> dict[str, str | None]:
    order, visit, campus = study.request.order, study.visit, study.visit.campus
    return {
        **whose(visit, study.at),
        "phone": visit.patient.phone,
        "diagnosis_org_code": campus.org_code,
        "diagnosis_org_name": campus.org_name,
        "request_no": study.request.number,
        "order_id": order.order_id,
        "request_org_code": campus.org_code,
        "request_org_name": campus.org_name,
        "request_dept_code": order.dept.code,
        "request_dept_name": order.dept.name,
        "request_doctor_id": order.doctor.staff_id,
        "request_doctor_name": order.doctor.name,
        "request_time": dt15(study.request.at),
        "chief_complaint": visit.complaint,
        "symptom_start_time": dt15(visit.onset),
        "symptom_end_time": _passed(study),
        "symptom_description": visit.complaint,
    }


def _passed(study: Study) -> str | None:
    """An attack that was over before the electrocardiogram was asked for."""
    over = study.visit.onset + timedelta(minutes=40)
    fits = study.kind.kind == "ECG" and not study.odd and over < study.request.at
    return dt15(over) if fits else None


def _performed(study: Study) -> dict[str, str | None]:
    kind, technician = study.kind, study.technician
    campus = study.visit.campus
    uid = f"1.2.156.112605.{int(campus.branch_code)}.{study.at:%Y%m%d}.{int(study.request.number[2:])}"
    return {
        "special_exam_flag": flag(kind.kind == "ES"),
        "exam_type_code": kind.kind,
        "exam_category": kind.category,
        "exam_method_name": kind.method,
        "exam_part_name": kind.part,
        "device_code": kind.device_no,
        "device_model": kind.device,
        "exam_date": d8(study.at.date()),
        "exam_time": dt15(study.at),
        "exam_technician_id": technician.staff_id if technician else None,
        "exam_technician_name": technician.name if technician else None,
        "exam_doctor_id": study.doctor.staff_id,
        "exam_doctor_name": study.doctor.name,
        "image_flag": flag(kind.images),
        "study_uid": uid if kind.images else None,
        "accession_no": study.accession_no,
        "mutual_recognition_flag": "F",
        "specimen_no": study.specimen_no,
        "exam_fee": None if kind.tissue else yuan(study.request.order.amount_cents),
    }


def _procedure(study: Study) -> dict[str, str | None]:
    """Gastroscopy is an operation by ICD-9-CM-3."""
    if study.kind.kind != "ES":
        return {}
    return {
        "operation_code": "44.1300x001",
        "operation_name": "胃镜检查",
        "operation_site_code": "99",
        "operation_site_name": "上消化道",
        "operation_method": "咽部表面润滑后经口进镜，依次观察至十二指肠降部",
        "operation_times": "1",
        "operation_time": dt15(study.at + timedelta(minutes=10)),
    }


def _reported(study: Study) -> dict[str, str | None]:
    kind, odd, campus = study.kind, study.odd, study.visit.campus
    room = study.doctor.dept
    return {
        "report_no": study.report_no,
        "report_org_code": campus.org_code,
        "report_org_name": campus.org_name,
        "report_dept_code": room.code,
        "report_dept_name": room.name,
        "objective_finding": kind.odd_finding if odd else kind.finding,
        "subjective_impression": kind.odd_impression if odd else kind.impression,
        "exam_result_code": "1" if odd else "2",
        "positive_flag": flag(odd),
        "report_advice": kind.advice if odd else None,
        "report_date": d8(study.reported.date()),
        "report_time": dt15(study.reported),
        "report_doctor_id": study.doctor.staff_id,
        "report_doctor_name": study.doctor.name,
        "review_doctor_id": study.reviewer.staff_id,
        "review_doctor_name": study.reviewer.name,
        "review_time": dt15(study.reviewed),
        "critical_value_flag": flag(study.critical),
        "critical_value_notify_time": dt15(study.reviewed) if study.critical else None,
        "report_file_url": f"http://pacs.sunshine.example/pdf/{study.report_no}.pdf",
    }


def _item(world: World, study: Study) -> None:
    order, measured = study.request.order, study.kind.kind == "ECG"
    code, name = study.request.item
    world.emit(
        "examination_exam",
        study.visit,
        f"{300000 + world.count(study.visit, 'exam_item')}",
        {
            "examination_id": study.key,
            "patient_id": study.visit.patient.local_id,
            "visit_id": study.visit.visit_id,
            "report_no": study.report_no,
            "seq_no": "1",
            "exam_item_code": code,
            "exam_item_name": name,
            "charge_item_code": code,
            "charge_item_name": name,
            "exam_part_name": study.kind.part,
            "exam_date": d8(study.at.date()),
            "exam_result_code": "1" if study.odd else "2",
            "result_description": study.kind.odd_impression if study.odd else study.kind.impression,
            "quantitative_result": f"{study.heart_rate}.0000" if measured else None,
            "unit": "次/min" if measured else None,
            **_tissue(study),
            "quantity": "1.00",
            "amount": None if study.kind.tissue else yuan(order.amount_cents),
        },
        created=study.at + timedelta(seconds=30),
        updated=study.reported,
    )


def _tissue(study: Study) -> dict[str, str | None]:
    """The jar that came from theatre or endoscopy."""
    if not study.kind.tissue:
        return {}
    return {
        "specimen_category": "手术标本" if study.request.order.kind == "surgery" else "活检标本",
        "specimen_name": f"{study.kind.part}组织",
        "specimen_status": "合格",
        "specimen_fixative": "10%中性福尔马林",
        "specimen_collect_time": dt15(study.request.at),
        "specimen_receive_time": dt15(study.request.at + timedelta(minutes=6)),
    }


def build(world: World, batch: Batch) -> None:
    """The batch's reported examinations."""
    for visit in batch.visits:
        for study in studies(world, visit):
            _record(world, study)
            _item(world, study)


DOMAIN = Domain((RECORD, ITEM), build)
