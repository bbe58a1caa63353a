"""Laboratory reports and their values. The LIS knows bar codes and request numbers; who and where comes from the HISs."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.lab_facts import LabWork, Value, isolates, lab_work, values
from medferry_sandbox.hospital.model import Visit, d8, dt15, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("lis", "rpt_kind", "LAB_REPORT_TYPE", "1=GEN:常规报告 2=MIC:微生物报告 3=OTH:其他")
code_list("lis", "val_kind", "LAB_RESULT_TYPE", "1=NUM:数值 2=PN:阴阳性 3=TXT:文字")
code_list("lis", "arrow", "LAB_ABNORMAL_FLAG", "N=-:正常 H=↑:偏高 L=↓:偏低 A=*:异常 U=?:无法判断")
code_list("lis", "judge", "EXAM_RESULT", "2=ZC:正常 1=YC:异常 3=BQ:不确定")

RECORD = Recipe(
    "inspection_record",
    faults="missing:test_category bad_code:report_type_code blanks:test_method_name,report_title",
    corrects="report_remark",
)

VALUE = Recipe(
    "inspection_test_res",
    faults="missing:test_item_name bad_code:result_code full_width:reference_range blanks:result_value,test_item_name",
    corrects="remark",
    late=True,
)


def _record(world: World, work: LabWork, results: list[Value]) -> None:
    culture = work.panel.culture
    grown = isolates(world, work) if culture else []
    panic = any(one.panic for one in results)
    verdict = None
    if culture:
        verdict = "、".join(one.germ.name for one in grown) + "生长" if grown else "培养无细菌生长"
    world.emit(
        "inspection_record",
        work.visit,
        work.key,
        {
            **_whose(work),
            **_request(work),
            **_specimen(work),
            "report_no": work.report_no,
            "report_type_code": "2" if culture else "1",
            "report_title": f"{work.panel.category}检验报告单",
            "test_category": work.panel.category,
            "test_group_code": work.order.item.item_id,
            "test_group_name": work.order.item.name,
            "test_method_name": work.panel.method,
            **_signatures(work),
            "report_result": verdict,
            "report_remark": "结果仅对本标本负责" if panic or culture else None,
            "abnormal_flag": flag(bool(grown) or any(one.flag != "N" for one in results)),
            "critical_value_flag": flag(panic),
            "critical_value_notify_time": dt15(work.reviewed) if panic else None,
            "urgent_flag": flag(work.visit.kind == "2"),
            "outsource_flag": "F",
            "mutual_recognition_flag": "F",
            "test_fee": yuan(work.order.amount_cents),
            "print_time": dt15(work.printed) if work.printed else None,
            "report_file_url": f"http://lis.sunshine.example/pdf/{work.report_no}.pdf",
        },
        created=work.received,
        updated=max(work.printed or work.reported, work.reviewed),
        lives=work.order.lives,
    )


def whose(visit: Visit, at: datetime) -> dict[str, str | None]:
    """The patient and visit part that reports and treatments have in common."""
    patient = visit.patient
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "visit_type": visit.kind,
        "outpatient_no": None if visit.inpatient else visit.local_no,
        "inpatient_no": visit.local_no if visit.inpatient else None,
        "patient_name": patient.name,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(at)),
        "id_no": patient.id_no,
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        "ward_code": visit.bed.ward.code if visit.inpatient and visit.bed else None,
        "ward_name": visit.bed.ward.name if visit.inpatient and visit.bed else None,
        "bed_no": visit.bed.bed_no if visit.inpatient and visit.bed else None,
        "diagnosis_code": visit.main.code,
        "diagnosis_name": visit.main.name,
    }


def _whose(work: LabWork) -> dict[str, str | None]:
    campus = work.visit.campus
    return {
        **whose(work.visit, work.tested),
        "phone": work.visit.patient.phone,
        "diagnosis_org_code": campus.org_code,
        "diagnosis_org_name": campus.org_name,
    }


def _request(work: LabWork) -> dict[str, str | None]:
    order, campus = work.order, work.visit.campus
    return {
        "request_no": order.group,
        "order_id": order.order_id,
        "request_org_code": campus.org_code,
        "request_org_name": campus.org_name,
        "request_dept_code": order.dept.code,
        "request_dept_name": order.dept.name,
        "request_doctor_id": order.doctor.staff_id,
        "request_doctor_name": order.doctor.name,
        "request_time": dt15(order.at),
    }


def _specimen(work: LabWork) -> dict[str, str | None]:
    return {
        "specimen_no": work.tube_no,
        "specimen_type_code": work.panel.specimen_code,
        "specimen_category": work.panel.specimen,
        "specimen_status": "合格",
        "specimen_collect_time": dt15(work.drawn),
        "collector_id": work.collector.staff_id,
        "collector_name": work.collector.name,
        "specimen_receive_time": dt15(work.received),
    }


def _signatures(work: LabWork) -> dict[str, str | None]:
    campus, laboratory = work.visit.campus, work.reviewer.dept
    return {
        "test_date": d8(work.tested.date()),
        "test_time": dt15(work.tested),
        "test_technician_id": work.technician.staff_id,
        "test_technician_name": work.technician.name,
        "report_org_code": campus.org_code,
        "report_org_name": campus.org_name,
        "report_dept_code": laboratory.code,
        "report_dept_name": laboratory.name,
        "report_date": d8(work.reported.date()),
        "report_time": dt15(work.reported),
        "report_doctor_id": work.reporter.staff_id,
        "report_doctor_name": work.reporter.name,
        "review_doctor_id": work.signer[0],
        "review_doctor_name": work.signer[1],
        "review_time": dt15(work.reviewed),
    }


def _values(world: World, work: LabWork, results: list[Value]) -> None:
    for line, one in enumerate(results, start=1):
        world.emit(
            "inspection_test_res",
            work.visit,
            f"{900000 + world.count(work.visit, 'lab_value')}",
            {
                "inspection_id": work.key,
                "patient_id": work.visit.patient.local_id,
                "visit_id": work.visit.visit_id,
                "report_no": work.report_no,
                "seq_no": str(line),
                "test_group_code": work.order.item.item_id,
                "test_group_name": work.order.item.name,
                "charge_item_code": work.order.item.item_id,
                "charge_item_name": work.order.item.name,
                **_result(one, work.visit.patient.sex),
                "test_method_name": work.panel.method,
                "instrument_code": work.panel.instrument_no,
                "instrument_name": work.panel.instrument,
                "specimen_category": work.panel.specimen,
                "specimen_status": "合格",
                "specimen_collect_time": dt15(work.drawn),
                "specimen_receive_time": dt15(work.received),
                "test_date": d8(work.tested.date()),
                "tester_id": work.technician.staff_id,
                "tester_name": work.technician.name,
                "reviewer_id": work.signer[0],
                "reviewer_name": work.signer[1],
                "report_time": dt15(work.reported),
                "order_id": work.order.order_id,
                "remark": "已复查" if one.panic else None,
            },
            created=work.tested + timedelta(seconds=line),
            updated=work.reported,
            lives=work.order.lives,
        )


def _result(one: Value, sex: str) -> dict[str, str | None]:
    item = one.item
    facts: dict[str, str | None] = {
        "test_item_code": item.code,
        "test_item_name": item.name,
        "test_item_abbr": item.code,
        "loinc_code": item.loinc,
        "result_type_code": item.type,
        "result_value": one.text,
        "unit": item.unit,
        "result_code": "2" if one.flag == "N" else "1",
        "abnormal_flag_code": one.flag,
        "critical_value_flag": flag(one.panic),
    }
    if item.type != "1":
        return {**facts, "qualitative_result": one.text, "reference_range": item.normal}
    low, high = item.limits(sex)
    number = Decimal(one.text.removeprefix(one.operator))
    return {
        **facts,
        "quantitative_result": f"{number:.4f}",
        "result_operator": one.operator,
        "reference_range": f"{low}-{high}",
        "reference_low": f"{low:.4f}",
        "reference_high": f"{high:.4f}",
    }


def build(world: World, batch: Batch) -> None:
    """The batch's finished lab orders."""
    for visit in batch.visits:
        for order in visit.orders:
            work = lab_work(world, order) if order.kind == "lab" else None
            if work is not None:
                results = values(world, work)
                _record(world, work, results)
                _values(world, work, results)


DOMAIN = Domain((RECORD, VALUE), build)
