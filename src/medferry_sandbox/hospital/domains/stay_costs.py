"""What the orders of inpatients cost, charge by charge."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.clinic import insurance_code
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.stay_orders import inpatients
from medferry_sandbox.hospital.model import Charge, Drug, Order, Visit, dt15, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list(
    "his_donghu",
    "zyfp",
    "INPATIENT_INVOICE",
    "01=CW:床位 02=ZC:诊查 03=JC:检查 04=HY:化验 05=ZL:治疗 06=SS:手术 07=HL:护理 08=WC:卫材 09=XY:西药"
    " 10=CY:草药 11=ZCY:成药 12=YB:一般诊疗 13=GH:挂号 14=QT:其他",
)
code_list(
    "his_qingshanhu",
    "ip_fee",
    "INPATIENT_INVOICE",
    "01=F01:床位费 02=F02:诊察费 03=F11:检查费 04=F12:化验费 05=F21:治疗费 06=F22:手术费 07=F03:护理费 08=F31:材料费"
    " 09=F41:西药费 10=F43:草药费 11=F42:成药费 12=F04:一般诊疗费 13=F05:挂号费 14=F99:其他费",
)

COST = Recipe(
    "advice_cost",
    faults="bad_code:fee_category_code missing:fee_category_code,home_cost_class_code",
)
_IMAGING = ("S0201", "S0202", "S0203", "S0204", "S0205", "S0206", "S0207")
_ONCOLOGY = ("S0307", "S0308")
_HOME_CLASS = {"consult": "01", "bed": "01", "nursing": "03", "lab": "06", "surgery": "10", "anesthesia": "10",
               "material": "23", "treatment": "02", "exam": "08"}  # fmt: skip


def home_class(order: Order) -> str:
    """HOME_COST_CLASS: where the home page counts it."""
    if isinstance(order.item, Drug):
        return {"1": "13", "2": "14"}.get(order.item.type, "15")
    if order.item.item_id in _IMAGING:
        return "07"
    return "09" if order.item.item_id in _ONCOLOGY else _HOME_CLASS[order.kind]


def _costs(world: World, order: Order) -> None:
    for charge in order.charges:
        _cost(world, charge, charge.charge_id, 1, None, order.lives)
    visit = order.visit
    if order.kind == "lab" and world.lives.happens("ward_refund", visit.campus.name, order.order_id):
        lives = ["ward_refund"]
        wrong = f"{950000 + world.count(visit, 'refund')}"
        _cost(world, order.charges[0], wrong, 1, None, lives)
        _cost(world, order.charges[0], f"{950000 + world.count(visit, 'refund')}", -1, wrong, lives)


def _cost(world: World, charge: Charge, key: str, sign: int, refunded: str | None, lives: list[str]) -> None:
    """`sign` -1: a refund of the line `refunded`."""
    order, visit = charge.order, charge.order.visit
    item = order.item
    drug = item if isinstance(item, Drug) else None
    amount = yuan(sign * charge.amount_cents)
    posted = min(charge.at + timedelta(minutes=5 if sign > 0 else 30), visit.until)
    grade = ("1" if drug.essential else "2") if drug else "1"
    world.emit(
        "advice_cost",
        visit,
        key,
        {
            **_whose_cost(visit),
            "advice_id": order.order_id,
            "advice_group_no": f"G{order.order_id}",
            "fee_time": dt15(charge.at),
            "charge_time": dt15(posted),
            "item_type_code": "1" if drug else "3" if order.kind == "material" else "2",
            "fee_category_code": item.charge_category,
            "home_cost_class_code": home_class(order),
            "item_code": item.item_id,
            "item_name": item.name,
            "national_item_code": insurance_code(item),
            "spec": drug.spec if drug else "标准型" if order.kind == "material" else None,
            "dosage_form_code": drug.form_code if drug else None,
            "manufacturer": drug.manufacturer if drug else None,
            "unit": item.unit,
            "quantity": f"{sign * charge.quantity}.00",
            "unit_price": f"{yuan(item.price_cents)}00",
            "amount": amount,
            "discount_amount": "0.00",
            "receivable_amount": amount,
            "insurance_grade_code": grade,
            "refund_flag": flag(sign < 0),
            "original_cost_id": refunded,
            "order_dept_code": order.dept.code,
            "order_dept_name": order.dept.name,
            "order_physician_id": order.doctor.staff_id,
            "order_physician_name": order.doctor.name,
            "execute_dept_code": order.exec_dept.code,
            "execute_dept_name": order.exec_dept.name,
            "antibiotic_flag": flag(bool(drug.antibacterial)) if drug else None,
            "essential_drug_flag": flag(drug.essential) if drug else None,
            "discharge_drug_flag": "F",
        },
        created=posted,
        updated=visit.settled or posted,
        lives=lives,
    )


def _whose_cost(visit: Visit) -> dict[str, str | None]:
    return {
        "patient_id": visit.patient.local_id,
        "visit_id": visit.visit_id,
        "inpatient_no": visit.local_no,
        "patient_name": visit.patient.name,
        "sex_code": visit.patient.sex,
        "payment_method_code": visit.payment_code,
        "insurance_type_code": visit.patient.insurance_code,
        "settle_flag": flag(visit.settlement_no is not None),
        "settlement_no": visit.settlement_no,
        "settle_time": dt15(visit.settled) if visit.settled else None,
    }


def build(world: World, batch: Batch) -> None:
    """All charges of the batch's stays."""
    for visit in inpatients(batch):
        for order in visit.orders:
            _costs(world, order)


DOMAIN = Domain((COST,), build)
