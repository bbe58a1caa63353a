"""The bill of a visit: what it cost and who paid. All sums come from the visit's charges."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.visit import variant
from medferry_sandbox.hospital.model import Visit, dt15, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list(
    "his_donghu", "jsfs", "CV07.10.004", "01=XJ:现金 06=ZH:医保账户 08=YHK:银行卡 09=YD:移动支付 99=QT:其他"
)
code_list(
    "his_qingshanhu",
    "settle_way",
    "CV07.10.004",
    "01=1:现金 06=2:个人账户 08=3:银行卡 09=4:移动支付 99=9:其他",
)
code_list("his_donghu", "jszt", "SETTLEMENT_STATUS", "1=Y:已结 2=N:未结 3=T:已退")
code_list("his_qingshanhu", "bill_state", "SETTLEMENT_STATUS", "1=CL:已结算 2=OP:未结算 3=RF:已退费")

EXPENSE = Recipe(
    "medical_expense_rec",
    faults="bad_code:settlement_status_code,payment_method_code missing:payment_method_code",
)


def _expense(world: World, visit: Visit) -> None:
    if visit.cancelled:
        return
    patient, total = visit.patient, visit.total_cents
    personal = total - visit.insurance_cents
    account = personal * 30 // 100 if patient.insurance_no else 0
    cash = personal - account
    owing = visit.settled is not None and visit.kind != "1"
    owes = owing and world.lives.happens("left_owing", visit.campus.name, visit.visit_id)
    rng = world.rng("settlement", visit.campus.name, visit.visit_id)
    side = {"inpatient_no": visit.local_no, "inpatient_cost": yuan(total)}
    if not visit.inpatient:
        side = {"outpatient_no": visit.local_no, "outpatient_cost": yuan(total)}
    world.emit(
        "medical_expense_rec",
        visit,
        f"{60000 + world.count(visit, 'expense')}",
        {
            "patient_id": patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            "health_card_no": patient.health_card_no,
            "patient_name": patient.name,
            "id_no": patient.id_no,
            "sex_code": patient.sex,
            "insurance_type_code": patient.insurance_code,
            "payment_method_code": visit.payment_code,
            "settlement_method_code": rng.choice(("01", "08", "09")) if visit.settled else None,
            "settlement_no": visit.settlement_no,
            "settlement_time": dt15(visit.settled) if visit.settled else None,
            **side,
            "total_cost": yuan(total),
            "personal_cost": yuan(personal),
            "insurance_cost": yuan(visit.insurance_cents),
            "personal_account_cost": yuan(account),
            "cash_cost": yuan(cash // 2 if owes else cash),
            "other_cost": yuan(0),
            "drug_cost": yuan(visit.drug_cents),
            "settlement_status_code": "1" if visit.settled else "2",
        },
        created=visit.start + timedelta(minutes=2),
        updated=visit.settled or visit.until,
        variant=variant(world, visit),
        lives=["left_owing"] if owes else [],
    )


def build(world: World, batch: Batch) -> None:
    """Bills of the batch's visits."""
    for visit in batch.visits:
        _expense(world, visit)


DOMAIN = Domain((EXPENSE,), build)
