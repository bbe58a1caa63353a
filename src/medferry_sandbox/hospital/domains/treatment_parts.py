"""What a treatment sheet lists: items, operations and drugs."""

from __future__ import annotations

from decimal import Decimal

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Drug, dt15, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.treatment_facts import Dose, Session, Treatment, doses, treatments
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "cure_class", "CV06.00.225", "3=XY:西医 1=ZY:中医 2=ZX:中西医结合")
code_list(
    "emr",
    "cure_freq",
    "CV06.00.228",
    "09=QD:每日一次 01=BID:每日两次 10=QID:每日四次 03=QN:每晚 13=ST:立即 99=OTH:其他",
)
code_list(
    "emr",
    "cure_route",
    "CV06.00.102",
    "404=IV:静脉给药 403=IM:肌内注射 401=IH:皮下注射 5=INH:吸入 1=PO:口服 9=OTH:其他",
)
code_list("emr", "cure_herb", "CV06.00.101", "1=W:西药 2=P:中成药 3=H:草药 9=O:其他中药")
code_list("emr", "cure_numb", "CV06.00.103", "35=LOC:局部浸润麻醉 36=TOP:表面麻醉 1=GA:全身麻醉")

ITEM = Recipe(
    "treatment_item",
    faults="missing:item_name bad_code:treatment_category_code blanks:item_name,treatment_method",
    corrects="remark",
    late=True,
)

OPERATION = Recipe(
    "treatment_operation",
    faults="missing:operation_method bad_code:anesthesia_method_code blanks:operation_site_name full_width:operation_code",
    corrects="remark",
)

DRUG = Recipe(
    "treatment_drug",
    faults="missing:drug_name,dose_unit bad_code:frequency_code,route_code,tcm_use_code blanks:drug_name",
    corrects="drug_usage",
    cancels=True,
    late=True,
)


def _belongs(one: Treatment, seq: int) -> dict[str, str | None]:
    return {
        "treatment_id": one.key,
        "patient_id": one.visit.patient.local_id,
        "visit_id": one.visit.visit_id,
        "seq_no": str(seq),
    }


def _item(world: World, one: Treatment, seq: int, session: Session) -> None:
    item, place = one.order.item, one.order.exec_dept
    world.emit(
        "treatment_item",
        one.visit,
        f"{600000 + world.count(one.visit, 'treatment_item')}",
        {
            **_belongs(one, seq),
            "treatment_category_code": one.kind.category,
            "item_code": item.item_id,
            "item_name": item.name,
            "treatment_site_name": one.kind.site,
            "treatment_method": one.kind.method,
            "quantity": f"{session.charge.quantity}.00",
            "unit": item.unit,
            "start_time": dt15(session.start),
            "end_time": dt15(session.end),
            "duration_min": str(session.minutes),
            "device_name": one.kind.device,
            "exec_dept_code": place.code,
            "exec_dept_name": place.name,
            "executor_id": one.executor.staff_id,
            "executor_name": one.executor.name,
            "unit_price": yuan(item.price_cents),
            "amount": yuan(session.charge.amount_cents),
        },
        created=session.start,
        updated=session.end,
    )


def _operation(world: World, one: Treatment) -> None:
    if not one.operation_code:
        return
    surgical = one.kind.item == "S0304"
    helper = one.visit.nurse if surgical else None
    world.emit(
        "treatment_operation",
        one.visit,
        f"{610000 + world.count(one.visit, 'treatment_operation')}",
        {
            **_belongs(one, 1),
            "operation_code": one.operation_code,
            "operation_name": one.kind.operation,
            "operation_level_code": "1" if surgical else None,
            "operation_site_code": one.kind.site_code,
            "operation_site_name": one.kind.site,
            "operation_method": one.kind.operation_method,
            "operation_times": str(len(one.sessions)),
            "operation_start_time": dt15(one.start),
            "operation_time": dt15(one.end),
            "anesthesia_method_code": "35" if surgical else None,
            "operator_id": one.executor.staff_id,
            "operator_name": one.executor.name,
            "assistant_id": helper.staff_id if helper else None,
            "assistant_name": helper.name if helper else None,
            "exec_dept_code": one.order.exec_dept.code,
            "exec_dept_name": one.order.exec_dept.name,
        },
        created=one.start,
        updated=one.signed,
    )


def _drug(world: World, one: Treatment, seq: int, dose: Dose) -> None:
    drug: Drug = dose.drug
    drip = drug.route == "404"
    world.emit(
        "treatment_drug",
        one.visit,
        f"{620000 + world.count(one.visit, 'treatment_drug')}",
        {
            **_belongs(one, seq),
            "drug_code": drug.drug_id,
            "drug_name": drug.generic,
            "drug_spec": drug.spec,
            "dosage_form_code": drug.form_code,
            "tcm_use_code": {"1": "1", "2": "2"}.get(drug.type, "3"),
            "drug_usage": "静脉滴注" if drip else "雾化吸入",
            "frequency_code": dose.frequency_code,
            "single_dose": f"{Decimal(drug.single_dose):.3f}",
            "dose_unit": drug.dose_unit,
            "total_dose": f"{dose.total:.2f}",
            "route_code": drug.route,
            "group_no": "1" if drip else None,
            "skin_test_result_code": dose.skin_test,
            "start_time": dt15(one.start),
            "end_time": dt15(one.end),
            "antibiotic_flag": flag(bool(drug.antibacterial)),
            "executor_id": one.executor.staff_id,
            "executor_name": one.executor.name,
        },
        created=one.start,
        updated=one.signed,
    )


def build(world: World, batch: Batch) -> None:
    """The lines of the batch's treatments."""
    for visit in batch.visits:
        for one in treatments(world, visit):
            for seq, session in enumerate(one.sessions, start=1):
                _item(world, one, seq, session)
            _operation(world, one)
            for seq, dose in enumerate(doses(one), start=1):
                _drug(world, one, seq, dose)


DOMAIN = Domain((ITEM, OPERATION, DRUG), build)
