"""Out- and emergency patients: the doctor's record (EMR) and the orders (HIS). Orders learn their record by look-up."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.clinic import (
    ORDER_KINDS,
    THERAPY,
    body,
    person_facts,
    pharmacy_people,
    pharmacy_times,
    request_no,
    written_orders,
)
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Department, Drug, Order, Staff, Visit, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "clinic_kind", "CV09.00.404", "1=OPC:门诊 2=EMC:急诊")
code_list("emr", "clinic_first", "FIRST_VISIT", "1=NEW:初诊 2=RET:复诊")
code_list("emr", "clinic_rank", "GB/T 8561", "231=ZR:主任医师 232=FZR:副主任医师 233=ZZ:主治医师 234=YS:医师")
code_list(
    "his_donghu", "mzyzlb", "CV06.00.229", "01=YP:药品 02=JC:检查 03=JY:检验 04=SS:手术 05=CZ:处置 07=ZT:嘱托"
)
code_list(
    "his_qingshanhu",
    "opd_ord_kind",
    "CV06.00.229",
    "01=D:药疗 02=X:检查 03=L:化验 04=S:手术 05=T:处置治疗 07=W:嘱托",
)
code_list("his_donghu", "mzzxzt", "EXEC_STATUS", "未执行=0 执行中=1 已执行=2 已取消=3")
code_list("his_qingshanhu", "opd_done", "EXEC_STATUS", "未执行=N 执行中=P 已执行=Y 已取消=C")

RECORD = Recipe(
    "encounter_medical_rec",
    faults="missing:chief_complaint,physical_examination bad_code:first_visit_code,sex_code blanks:chief_complaint "
    "full_width:outpatient_no",
    corrects="health_education",
)


def _record(world: World, visit: Visit) -> None:
    patient = visit.patient
    groups = [order.group for order in visit.orders if order.kind in ("lab", "exam")]
    world.emit(
        "encounter_medical_rec",
        visit,
        f"E{visit.visit_id}",
        {
            "patient_id": patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            "outpatient_no": visit.local_no,
            "request_no": groups[0] if groups else None,
            **note_facts(world, visit),
            "treatment_advice": _advice(visit),
            "health_education": "注意休息，清淡饮食，按时服药",
            "followup_plan": "3日后复诊，症状加重随时就诊" if visit.kind == "1" else "不适随诊",
            "rest_days": "3" if visit.kind == "2" else None,
            "infectious_report_flag": flag(visit.infectious),
            "doctor_id": visit.doctor.staff_id,
            "doctor_name": visit.doctor.name,
            "doctor_title_code": visit.doctor.title_code,
            "sign_time": dt15(minute(visit.until)),
        },
        created=visit.start + timedelta(minutes=2),
        updated=visit.until,
    )


def note_facts(world: World, visit: Visit) -> dict[str, str | None]:
    """What the clinic's record and the observation's record both say of person, complaint, findings and diagnosis."""
    allergy = visit.patient.allergy
    examined = [order.item.name for order in visit.orders if order.kind in ("lab", "exam")]
    return {
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        **person_facts(visit),
        "allergy_history_flag": flag(allergy is not None),
        "allergy_history": f"{allergy[2]}过敏" if allergy else None,
        "visit_time": dt15(visit.start),
        "first_visit_code": "2" if visit.times > 1 else "1",
        "chief_complaint": visit.complaint,
        "present_illness": f"患者于{visit.onset:%m月%d日%H时}前后起病，{visit.complaint}，饮食睡眠一般，二便尚可。",
        "past_history": "、".join(one.name for one in visit.others) + "病史"
        if visit.others
        else "无特殊病史",
        "auxiliary_exam_item": "、".join(examined),
        "auxiliary_exam_result": "结果见相应报告单，未见危急值" if examined else None,
        "diagnosis_code": visit.main.code,
        "diagnosis_name": visit.main.name,
        "other_diagnosis": "，".join(one.name for one in visit.others),
        **_signs(world, visit),
        **_tcm(visit),
    }


def _signs(world: World, visit: Visit) -> dict[str, str | None]:
    rng = world.rng("signs", visit.campus.name, visit.visit_id)
    age = visit.patient.age(visit.start)
    hot = any(word in visit.complaint for word in ("发热", "高热", "低热"))
    temperature = rng.uniform(37.6, 39.2) if hot else rng.uniform(36.2, 37.1)
    systolic = rng.randint(90, 110) if age < 14 else rng.randint(108, 150)
    pulse = rng.randint(66, 102) + (14 if age < 7 else 0)
    found = "急性病容，咽部充血" if hot else "神志清楚，自动体位"
    return {
        "temperature": f"{temperature:.1f}",
        "pulse_rate": str(pulse),
        "respiratory_rate": str(rng.randint(16, 22) + (4 if age < 7 else 0)),
        "systolic_pressure": str(systolic),
        "diastolic_pressure": str(systolic - rng.randint(30, 48)),
        "height": body(world, visit)[0],
        "weight": body(world, visit)[1],
        "physical_examination": f"T {temperature:.1f}℃，P {pulse}次/分，{found}，双肺呼吸音清，心律齐，腹软，双下肢无水肿。",
    }


def _tcm(visit: Visit) -> dict[str, str | None]:
    tcm = visit.tcm
    if tcm is None:
        return {}
    return {
        "tcm_four_diagnosis": "神清，面色少华，舌淡苔薄白，语声平和，脉浮紧",
        "tcm_disease_code": tcm.disease_code,
        "tcm_disease_name": tcm.disease_name,
        "tcm_syndrome_code": tcm.syndrome_code,
        "tcm_syndrome_name": tcm.syndrome_name,
        "syndrome_basis": f"{tcm.complaint}，舌淡苔薄白，脉浮紧，四诊合参，辨为{tcm.syndrome_name}",
        "therapy": THERAPY[tcm.syndrome_code],
    }


def _advice(visit: Visit) -> str:
    names = [order.item.name for order in visit.orders if order.kind in ("drug", "treatment", "surgery")]
    return "、".join(names) + "；对症处理" if names else "观察，对症处理"


ORDER = Recipe(
    "encounter_opt_order",
    faults="missing:order_item_content bad_code:order_item_type_code blanks:order_item_content gbk:order_item_content",
    corrects="order_note",
    cancels=True,
    late=True,
)


def order_facts(world: World, order: Order, seq: int) -> tuple[dict[str, str | None], datetime]:
    """(what clinic and observation orders both say, when it was carried out)."""
    visit = order.visit
    kind = ORDER_KINDS[order.kind]
    executor, dept, at = _execution(world, order)
    reviewer = pharmacy_people(world, order)[0] if order.kind == "drug" else None
    return {
        "patient_id": visit.patient.local_id,
        "visit_id": visit.visit_id,
        "order_seq": str(seq),
        "order_item_type_code": kind,
        "order_item_type_name": value_set("CV06.00.229")[kind],
        "order_item_code": order.item.item_id,
        "order_item_content": _content(order),
        "order_quantity": f"{order.quantity}.00",
        "order_unit": order.item.unit,
        "order_group_no": order.group if order.kind == "drug" else None,
        "prescription_id": order.group if order.kind == "drug" else None,
        "request_no": request_no(order),
        "plan_start_time": dt15(order.at),
        "plan_end_time": dt15(order.at + timedelta(days=1)) if order.kind == "drug" else None,
        "order_dept_code": order.dept.code,
        "order_dept_name": order.dept.name,
        "order_doctor_id": order.doctor.staff_id,
        "order_doctor_name": order.doctor.name,
        "order_time": dt15(order.at),
        "reviewer_id": reviewer.staff_id if reviewer else None,
        "reviewer_name": reviewer.name if reviewer else None,
        "review_time": dt15(pharmacy_times(order).reviewed) if reviewer else None,
        "exec_dept_code": dept.code,
        "exec_dept_name": dept.name,
        "executor_id": executor.staff_id,
        "executor_name": executor.name,
        "exec_time": dt15(at),
        "exec_status": "已执行",
    }, at


def cancelled_order(
    world: World, visit: Visit, seq: int
) -> tuple[str, dict[str, str | None], datetime] | None:
    """Now and then an instruction is taken back before anybody acts: (order_id, what it says, when cancelled)."""
    if world.rng("cancelled order", visit.campus.name, visit.visit_id).random() >= 0.15:
        return None
    written, cancelled = visit.start + timedelta(minutes=9), visit.start + timedelta(minutes=13)
    return (
        f"{900000 + world.count(visit, 'cancelled order')}",
        {
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "order_seq": str(seq),
            "order_item_type_code": "07",
            "order_item_type_name": value_set("CV06.00.229")["07"],
            "order_item_content": "卧床休息",
            "plan_start_time": dt15(written),
            "order_dept_code": visit.dept.code,
            "order_dept_name": visit.dept.name,
            "order_doctor_id": visit.doctor.staff_id,
            "order_doctor_name": visit.doctor.name,
            "order_time": dt15(written),
            "exec_status": "已取消",
            "canceller_id": visit.doctor.staff_id,
            "canceller_name": visit.doctor.name,
            "cancel_time": dt15(cancelled),
        },
        cancelled,
    )


def _content(order: Order) -> str:
    item = order.item
    if isinstance(item, Drug):
        return f"{item.product} {item.spec} 每次{item.single_dose}{item.dose_unit}"
    return item.name


def _execution(world: World, order: Order) -> tuple[Staff, Department, datetime]:
    """Who carried it out, where, and when."""
    visit = order.visit
    if order.kind == "drug":
        return pharmacy_people(world, order)[1], order.exec_dept, pharmacy_times(order).dispensed
    if order.kind == "surgery":
        return visit.doctor, order.exec_dept, visit.operation_end or order.at
    if order.kind == "treatment":
        return visit.nurse, order.exec_dept, order.at + timedelta(minutes=12)
    rng = world.rng("executes", visit.campus.name, order.order_id)
    technician = world.directory(visit).technician(rng, order.exec_dept)
    return technician, order.exec_dept, order.at + timedelta(minutes=18 if order.kind == "lab" else 30)


def build(world: World, batch: Batch) -> None:
    """The records of all who were seen; the orders of those who did not stay for observation."""
    for visit in batch.visits:
        if visit.inpatient or visit.cancelled:
            continue
        _record(world, visit)
        if visit.observation:
            continue
        orders = written_orders(visit)
        for seq, order in enumerate(orders, start=1):
            facts, done = order_facts(world, order, seq)
            facts["medical_record_id"] = f"E{visit.visit_id}"
            world.emit("encounter_opt_order", visit, order.order_id, facts, created=order.at, updated=done)
        if taken_back := cancelled_order(world, visit, len(orders) + 1):
            key, facts, at = taken_back
            facts["medical_record_id"] = f"E{visit.visit_id}"
            world.emit("encounter_opt_order", visit, key, facts, created=at)


DOMAIN = Domain((RECORD, ORDER), build)
