"""Orders of inpatients."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.clinic import insurance_code
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.exam_facts import studies
from medferry_sandbox.hospital.lab_facts import lab_work
from medferry_sandbox.hospital.model import Bed, Drug, Order, Staff, Visit, dt15, flag
from medferry_sandbox.hospital.orders import skin_tested
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "yzlb", "ADVICE_TYPE", "1=CQ:长期 2=LS:临时 3=DY:出院带药 9=QT:其他")
code_list("his_qingshanhu", "ord_term", "ADVICE_TYPE", "1=L:长期 2=S:临时 3=H:带药 9=O:其他")
code_list(
    "his_donghu",
    "yzxm",
    "CV06.00.229",
    "01=YP:药品 02=JC:检查 03=JY:检验 04=SS:手术 05=ZL:治疗处置 06=CL:材料 07=ZT:嘱托 99=QT:其他",
)
code_list(
    "his_qingshanhu",
    "ord_class",
    "CV06.00.229",
    "01=A:药疗 02=D:检查 03=C:化验 04=F:手术 05=E:处置 06=M:耗材 07=Z:嘱托 99=X:其他",
)
code_list(
    "his_donghu", "yzzt", "ADVICE_STATUS", "1=0:开立 2=1:已核对 3=2:执行中 4=3:已完成 5=4:已停止 6=9:已取消"
)
code_list(
    "his_qingshanhu",
    "ord_state",
    "ADVICE_STATUS",
    "1=NEW:开立 2=CHK:核对 3=RUN:执行 4=FIN:完成 5=STP:停止 6=CAN:取消",
)
code_list(
    "his_donghu",
    "pc",
    "CV06.00.228",
    "09=QD:每日一次 01=BID:每日两次 99=TID:每日三次 10=QID 03=QN 13=ST:立即",
)
code_list("his_qingshanhu", "freq", "CV06.00.228", "09=1/日 01=2/日 99=3/日:每日三次 10=4/日 03=1/晚 13=立即")
code_list("his_donghu", "gytj", "CV06.00.102", "1=PO:口服 403=IM:肌注 404=VD:静滴 5=WH:雾化吸入")
code_list("his_qingshanhu", "route", "CV06.00.102", "1=01:口服 403=12:肌肉注射 404=13:静脉滴注 5=21:吸入")
ADVICE = Recipe(
    "advice",
    faults="missing:advice_content,room_no bad_code:advice_type_code,execute_status full_width:room_no"
    " blanks:advice_content gbk:advice_content",
    corrects="remark",
)
ITEM_TYPE = {"drug": "01", "exam": "02", "lab": "03", "surgery": "04", "anesthesia": "05", "treatment": "05",
             "nursing": "05", "material": "06"}  # fmt: skip
_FREQUENCY = {"QD": "09", "BID": "01", "TID": "99", "QID": "10", "QN": "03", "ST": "13"}
_TIMES_A_DAY = {"BID": 2, "TID": 3, "QID": 4}


def room_no(bed: Bed) -> str:
    """Three beds to a room."""
    return f"{bed.ward.code[1:]}{(int(bed.bed_no) + 2) // 3:02d}"


def inpatients(batch: Batch) -> list[Visit]:
    """The stays of a batch."""
    return [visit for visit in batch.visits if visit.inpatient]


def _advice(world: World, order: Order) -> None:
    visit = order.visit
    bed = visit.bed
    assert bed is not None
    status = _status(world, order)
    open_ended = order.standing and (order.stop is None or "open_ended" in order.lives)
    unchecked = "unchecked_order" in order.lives
    by_hand = status == "5" and "stopped_by_system" not in order.lives
    checked = min(order.at + timedelta(minutes=6), visit.until)
    executor = _executor(world, order)
    drug = _drug_facts(world, order, order.item) if isinstance(order.item, Drug) else {}
    surgical = order.kind == "surgery"
    needs_request = order.kind in ("exam", "lab") or surgical
    world.emit(
        "advice",
        visit,
        order.order_id,
        {
            **_whose(visit, bed),
            "advice_sheet_no": f"YZ{visit.number:06d}",
            "advice_group_no": f"G{order.order_id}",
            "advice_type_code": "1" if order.standing else "2",
            "advice_item_type_code": ITEM_TYPE.get(order.kind, "99"),
            "advice_item_code": order.item.item_id,
            "advice_item_name": order.item.name,
            "advice_content": _content(order),
            "national_item_code": insurance_code(order.item),
            "emergency_flag": flag(visit.died),
            "request_no": (order.group or f"SS{order.order_id}") if needs_request else None,
            "plan_start_time": dt15(order.at),
            "plan_end_time": None if open_ended else dt15(order.stop or order.at),
            "frequency_code": "09" if order.standing else "13",
            "quantity": f"{order.days * order.quantity}.00",
            "quantity_unit": order.item.unit,
            "self_provided_flag": flag("own_drug" in order.lives),
            **drug,
            "order_physician_id": order.doctor.staff_id,
            "order_physician_name": order.doctor.name,
            "order_time": dt15(order.at),
            "order_dept_code": order.dept.code,
            "order_dept_name": order.dept.name,
            "check_nurse_id": None if unchecked else visit.nurse.staff_id,
            "check_nurse_name": None if unchecked else visit.nurse.name,
            "check_time": None if unchecked else dt15(checked),
            "executor_id": executor.staff_id,
            "executor_name": executor.name,
            "execute_time": dt15(min(order.at + timedelta(minutes=20), visit.until)),
            "execute_dept_code": order.exec_dept.code,
            "execute_dept_name": order.exec_dept.name,
            "execute_status": status,
            "stop_physician_id": visit.doctor.staff_id if by_hand else None,
            "stop_physician_name": visit.doctor.name if by_hand else None,
            "stop_time": dt15(order.stop) if order.stop else None,
        },
        created=order.at,
        updated=order.stop or min(order.at + timedelta(minutes=20), visit.until),
        lives=order.lives,
    )


def _status(world: World, order: Order) -> str:
    """3 under way, 4 done, 5 stopped. What is examined is done when its report is there: cultures take days."""
    if order.standing:
        return "5" if order.stop else "3"
    if order.kind == "lab":
        return "4" if lab_work(world, order) else "3"
    if order.kind == "exam":
        return "4" if order.group in {one.request.number for one in studies(world, order.visit)} else "3"
    return "4"


def _whose(visit: Visit, bed: Bed) -> dict[str, str | None]:
    patient = visit.patient
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "inpatient_no": visit.local_no,
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        "ward_code": bed.ward.code,
        "ward_name": bed.ward.name,
        "room_no": room_no(bed),
        "bed_no": bed.bed_no,
        "patient_name": patient.name,
        "id_type_code": patient.paper_code,
        "id_no": patient.id_no,
        "sex_code": patient.sex,
        "age_year": str(patient.age(visit.start)),
    }


def _executor(world: World, order: Order) -> Staff:
    if order.kind in ("lab", "exam"):
        rng = world.rng("executor", order.visit.campus.name, order.order_id)
        return world.directory(order.visit).technician(rng, order.exec_dept)
    return order.visit.doctor if order.kind in ("surgery", "consult") else order.visit.nurse


def _content(order: Order) -> str:
    if isinstance(order.item, Drug):
        drug = order.item
        return f"{drug.name} {drug.spec} 每次{drug.single_dose}{drug.dose_unit} {drug.frequency}"
    return order.item.name


def _drug_facts(world: World, order: Order, drug: Drug) -> dict[str, str | None]:
    visit = order.visit
    pharmacist = world.directory(visit).pharmacist(world.rng("review", visit.campus.name, order.order_id))
    days = order.days
    times = days * _TIMES_A_DAY.get(drug.frequency, 1)
    tested = skin_tested(drug)
    positive = "skin_test_positive" in order.lives
    purpose = "1" if visit.operation else "2"
    return {
        "drug_code": drug.drug_id,
        "drug_name": drug.generic,
        "drug_spec": drug.spec,
        "dosage_form_code": drug.form_code,
        "dose": f"{float(drug.single_dose):.3f}",
        "dose_unit": drug.dose_unit,
        "frequency_code": _FREQUENCY[drug.frequency],
        "route_code": drug.route,
        "total_dose": None if "open_ended" in order.lives else f"{float(drug.single_dose) * times:.3f}",
        "days": None if "open_ended" in order.lives else str(days),
        "tcm_category_code": drug.type,
        "skin_test_flag": flag(tested),
        "skin_test_result_code": ("2" if positive else "1") if tested else None,
        "antibiotic_flag": flag(bool(drug.antibacterial)),
        "antibiotic_level_code": drug.antibacterial,
        "antibiotic_purpose_code": purpose if drug.antibacterial else None,
        "antitumor_flag": flag(bool(drug.antitumor)),
        "controlled_drug_code": drug.special,
        "reviewer_id": pharmacist.staff_id,
        "reviewer_name": pharmacist.name,
        "review_time": dt15(min(order.at + timedelta(minutes=3), visit.until)),
    }


def build(world: World, batch: Batch) -> None:
    """All orders of the batch's stays."""
    for visit in inpatients(batch):
        for order in visit.orders:
            _advice(world, order)


DOMAIN = Domain((ADVICE,), build)
