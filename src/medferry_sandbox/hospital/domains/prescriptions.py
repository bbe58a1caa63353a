"""Prescriptions of out- and emergency patients and their drugs: both HISs; names and specifications from the drug lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from medferry_sandbox.hospital.clinic import (
    FREQUENCIES,
    THERAPY,
    batch_no,
    body,
    decimal,
    insurance_code,
    person_facts,
    pharmacy_people,
    pharmacy_times,
)
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Drug, Order, Visit, dt15, flag, yuan
from medferry_sandbox.hospital.orders import skin_tested
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "cflb", "PRESCRIPTION_CATEGORY", "1=XY:西药成药 2=CY:草药")
code_list("his_qingshanhu", "rx_class", "PRESCRIPTION_CATEGORY", "1=W:西药及中成药 2=H:中草药")
code_list(
    "his_donghu", "cfzl", "PRESCRIPTION_TYPE", "1=白:普通 2=黄:急诊 3=绿:儿科 4=红:麻醉 6=精二:第二类精神"
)
code_list(
    "his_qingshanhu", "rx_kind", "PRESCRIPTION_TYPE", "1=10:普通 2=20:急诊 3=30:儿科 4=40:麻醉 6=42:精神二类"
)
code_list("his_donghu", "cfsf", "CHARGE_STATUS", "1=0:未收 2=1:已收 3=2:已退")
code_list("his_qingshanhu", "rx_paid", "CHARGE_STATUS", "1=N:未收费 2=Y:已收费 3=R:已退费")
code_list("his_donghu", "cfshjg", "RX_REVIEW_RESULT", "1=TG:通过 2=BTG:不通过 3=SQ:双签通过")
code_list("his_qingshanhu", "rx_review", "RX_REVIEW_RESULT", "1=OK:通过 2=NG:不通过 3=2S:双签字")
code_list("his_donghu", "cfyplx", "DRUG_TYPE", "1=X:西药 2=Z:中成药 3=C:草药")
code_list("his_qingshanhu", "rx_drug_kind", "DRUG_TYPE", "1=W:西药 2=P:中成药 3=H:中草药")
code_list(
    "his_donghu", "cfjx", "CV08.50.002",
    "01=PJ:片剂 16=ZS:注射剂 19=JN:胶囊剂 20=RJ:软胶囊滴丸 21=CR:肠溶胶囊 22=HS:缓释胶囊 99=QT:其他",
)  # fmt: skip
code_list(
    "his_qingshanhu", "rx_form", "CV08.50.002",
    "01=TAB:片剂 16=INJ:注射剂 19=CAP:胶囊剂 20=PIL:滴丸 21=ECC:肠溶胶囊 22=SRC:缓释胶囊 99=OTH:其他",
)  # fmt: skip
code_list("his_donghu", "cfpc", "CV06.00.228", "01=BID 03=QN:每晚 09=QD 10=QID 13=ST:立即 99=TID:一日三次")
code_list(
    "his_qingshanhu", "rx_freq", "CV06.00.228",
    "01=2/D:一日两次 03=HS:睡前 09=1/D:一日一次 10=4/D:一日四次 13=NOW:立即 99=3/D:一日三次",
)  # fmt: skip
code_list("his_donghu", "cfyf", "CV06.00.102", "1=KF:口服 5=XR:吸入 403=JZ:肌注 404=JD:静滴")
code_list("his_qingshanhu", "rx_route", "CV06.00.102", "1=PO:口服 5=INH:吸入 403=IM:肌内注射 404=IV:静脉注射")
code_list("his_donghu", "cfps", "SKIN_TEST_RESULT", "1=-:阴性 2=+:阳性 3=W:未做 4=M:免试")
code_list("his_qingshanhu", "rx_skin", "SKIN_TEST_RESULT", "1=NEG:阴性 2=POS:阳性 3=NOT:未做 4=EX:免试")

_DDD = {"Y1001": "1.500", "Y1002": "3.000", "Y1003": "0.500"}
_CHRONIC = ("I10.x00x002", "I25.103", "E11.900")

PRESCRIPTION = Recipe(
    "prescription_record",
    faults="missing:diagnosis_name,valid_days bad_code:prescription_type_code,charge_status_code "
    "full_width:diagnosis_code blanks:diagnosis_name gbk:diagnosis_name",
    corrects="prescription_note",
)


def _prescription(world: World, visit: Visit, group: str, orders: list[Order]) -> None:
    first = orders[0]
    times = pharmacy_times(first)
    reviewer, preparer = pharmacy_people(world, first)
    allergy = visit.patient.allergy
    world.emit(
        "prescription_record",
        visit,
        group,
        {
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "prescription_no": f"{visit.campus.branch_code}{visit.start:%y%m%d}{int(group[2:]):06d}",
            "visit_type": visit.kind,
            "outpatient_no": visit.local_no,
            **person_facts(visit),
            "weight": body(world, visit)[1] if visit.patient.age(visit.start) < 14 else None,
            "prescription_class_code": "2" if _herbal(orders) else "1",
            "prescription_type_code": _kind(visit, orders),
            "prescribe_dept_code": visit.dept.code,
            "prescribe_dept_name": visit.dept.name,
            "prescribe_time": dt15(first.at),
            "valid_days": "1",
            "diagnosis_code": visit.main.code,
            "diagnosis_name": visit.main.name,
            "allergy_history_flag": flag(allergy is not None),
            "drug_count": str(len(orders)),
            **_herb_facts(visit, orders),
            "prescription_amount": yuan(sum(order.amount_cents for order in orders)),
            "prescriber_id": first.doctor.staff_id,
            "prescriber_name": first.doctor.name,
            "reviewer_id": reviewer.staff_id,
            "reviewer_name": reviewer.name,
            "review_time": dt15(times.reviewed),
            "review_result_code": "1",
            "preparer_id": preparer.staff_id,
            "preparer_name": preparer.name,
            "prepare_time": dt15(times.prepared),
            "checker_id": reviewer.staff_id,
            "checker_name": reviewer.name,
            "check_time": dt15(times.checked),
            "dispenser_id": preparer.staff_id,
            "dispenser_name": preparer.name,
            "dispense_time": dt15(times.dispensed),
            "pharmacy_code": first.exec_dept.code,
            "pharmacy_name": first.exec_dept.name,
            "external_flag": "F",
            "chronic_disease_flag": flag(_chronic(visit)),
            "charge_status_code": "2" if visit.settled else "1",
        },
        created=first.at,
        updated=times.dispensed,
    )


def _herbal(orders: list[Order]) -> bool:
    return any(isinstance(order.item, Drug) and order.item.type == "3" for order in orders)


def _chronic(visit: Visit) -> bool:
    return visit.kind == "1" and visit.main.code in _CHRONIC


def _kind(visit: Visit, orders: list[Order]) -> str:
    """By the regulation: controlled drugs first, then emergency, then children."""
    special = {order.item.special for order in orders if isinstance(order.item, Drug)}
    if "1" in special:
        return "4"
    if "3" in special:
        return "6"
    if visit.kind == "2":
        return "2"
    return "3" if visit.patient.age(visit.start) < 14 else "1"


def _herb_facts(visit: Visit, orders: list[Order]) -> dict[str, str | None]:
    tcm = visit.tcm
    if tcm is None:
        return {}
    herbs = [order.item for order in orders if isinstance(order.item, Drug)]
    return {
        "tcm_disease_code": tcm.disease_code,
        "tcm_disease_name": tcm.disease_name,
        "tcm_syndrome_code": tcm.syndrome_code,
        "tcm_syndrome_name": tcm.syndrome_name,
        "herb_formula": "、".join(f"{herb.generic}{herb.single_dose}g" for herb in herbs),
        "herb_doses": str(_HERB_DAYS),
        "herb_decoction_method": "水煎400ml",
        "herb_usage": "每日1剂，分早晚两次温服",
        "decoction_agent_flag": flag(int(visit.number) % 2 == 0),
        "therapy": THERAPY[tcm.syndrome_code],
    }


_HERB_DAYS = 7

ITEM = Recipe(
    "prescription_drug",
    faults="missing:drug_group_no,use_days bad_code:route_code,frequency_code,dosage_form_code "
    "blanks:manufacturer_name gbk:manufacturer_name full_width:drug_group_no",
    corrects="usage_note",
)


def _item(world: World, order: Order, drug: Drug, seq: int) -> None:
    visit = order.visit
    frequency, _ = FREQUENCIES[drug.frequency]
    dispensed = pharmacy_times(order).dispensed
    world.emit(
        "prescription_drug",
        visit,
        order.order_id,
        {
            "prescription_id": order.group,
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "drug_seq": str(seq),
            "drug_group_no": "1" if (drug.route, drug.frequency) == ("404", "QD") else "0",
            **drug_facts(drug),
            **_course(visit, order, drug),
            "frequency_code": frequency,
            "frequency_name": drug.frequency.lower(),
            "route_code": drug.route,
            "route_name": value_set("CV06.00.102")[drug.route],
            "dispense_quantity": decimal(order.quantity, 2),
            "dispense_unit": drug.package_unit,
            "unit_price": f"{yuan(drug.price_cents)}00",
            "drug_amount": yuan(order.amount_cents),
            "skin_test_flag": flag(skin_tested(drug)),
            "skin_test_result_code": _skin(order, drug),
            "antibiotic_flag": flag(bool(drug.antibacterial)),
            "antibiotic_level_code": drug.antibacterial,
            "antibiotic_purpose_code": ("1" if visit.operation else "2") if drug.antibacterial else None,
            "ddd_value": _DDD.get(drug.drug_id),
            "infusion_flag": flag(drug.route == "404"),
            "injection_flag": flag(drug.route in ("403", "404")),
            "self_provided_flag": "F",
            "footnote": "先煎去沫" if drug.generic == "麻黄" else None,
            "start_time": dt15(order.at),
            "dispense_time": dt15(dispensed),
            "refund_flag": "F",
            "usage_note": "饭后服用" if drug.route == "1" and drug.type != "3" else None,
        },
        created=order.at,
        updated=dispensed,
        lives=order.lives,
    )


def _skin(order: Order, drug: Drug) -> str | None:
    """Positive, and given all the same, watched: now and then there is nothing else."""
    return ("2" if "skin_test_positive" in order.lives else "1") if skin_tested(drug) else None


def drug_facts(drug: Drug) -> Mapping[str, str | None]:
    """What the drug is."""
    return {
        "drug_code": drug.drug_id,
        "insurance_drug_code": insurance_code(drug),
        "drug_name": drug.generic,
        "trade_name": drug.product,
        "drug_type_code": drug.type,
        "tcm_use_category_code": drug.type,
        "drug_spec": drug.spec,
        "dosage_form_code": drug.form_code,
        "dosage_form_name": drug.form_name,
        "dose_unit": drug.dose_unit,
        "total_dose_unit": drug.dose_unit,
        "package_factor": decimal(drug.factor, 2),
        "package_unit": drug.package_unit,
        "manufacturer_name": drug.manufacturer,
        "approval_no": drug.approval_no,
        "batch_no": batch_no(drug),
        "controlled_drug_code": drug.special,
        "essential_drug_flag": flag(drug.essential),
        "essential_drug_level_code": "1" if drug.essential else None,
    }


def _course(visit: Visit, order: Order, drug: Drug) -> dict[str, str | None]:
    """Dose, days and total: not longer than the regulation allows, nor than the packages last."""
    _, per_day = FREQUENCIES[drug.frequency]
    dose = Decimal(drug.single_dose)
    if drug.type == "3":
        dose, days = dose / 2, _HERB_DAYS
    else:
        held = Decimal(drug.dose) * drug.factor * order.quantity
        longest = 3 if visit.kind == "2" else 28 if _chronic(visit) else 7
        days = 1 if drug.frequency == "ST" else max(1, min(longest, int(held / (dose * per_day))))
    return {
        "single_dose": decimal(dose, 3),
        "use_days": str(days),
        "total_dose": decimal(dose * per_day * days, 2),
    }


def build(world: World, batch: Batch) -> None:
    """The prescriptions of those who did not stay."""
    for visit in batch.visits:
        if visit.inpatient:
            continue
        groups: dict[str, list[Order]] = {}
        for order in visit.orders:
            if order.kind == "drug":
                groups.setdefault(order.group, []).append(order)
        for group, orders in groups.items():
            _prescription(world, visit, group, orders)
            for seq, order in enumerate(orders, start=1):
                if isinstance(order.item, Drug):
                    _item(world, order, order.item, seq)


DOMAIN = Domain((PRESCRIPTION, ITEM), build)
