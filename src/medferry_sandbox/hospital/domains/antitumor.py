"""Drugs against tumours: what the resource system bought, what the HISs charged."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.clinic import FREQUENCIES, decimal, insurance_code
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.res_items import centralized
from medferry_sandbox.hospital.model import Campus, Charge, Drug, Visit, d8, dt15, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.stock_plan import Purchase, purchases, supplier
from medferry_sandbox.hospital.world import Domain, World

code_list("res", "onc_form", "CV08.50.002", "16=INJ:注射剂")
code_list("res", "onc_pay", "DRUG_FEE_TYPE", "1=A:医保甲类 2=B:医保乙类 3=C:自费 9=D:其他")
code_list("res", "onc_way", "DRUG_PURCHASE_METHOD", "1=VBP:带量采购 2=NET:平台挂网 3=REC:备案 4=OFF:线下")
code_list(
    "res", "onc_kind", "ANTITUMOR_CATEGORY", "1=CHEM:化疗 2=TARG:靶向 3=IMMU:免疫 4=HORM:内分泌 9=OTHR:其他"
)
code_list("his_donghu", "zljx", "CV08.50.002", "16=注射剂")
code_list("his_qingshanhu", "onc_form", "CV08.50.002", "16=J:注射剂")
code_list("his_donghu", "zlfylx", "DRUG_FEE_TYPE", "1=甲 2=乙 3=自费")
code_list("his_qingshanhu", "onc_pay", "DRUG_FEE_TYPE", "1=10:甲类 2=20:乙类 3=30:自费")
code_list("his_donghu", "zlly", "ANTITUMOR_USE_SOURCE", "1=MZ:门诊 2=ZY:住院")
code_list("his_qingshanhu", "onc_from", "ANTITUMOR_USE_SOURCE", "1=O:门诊 2=I:住院")
code_list("his_donghu", "zlzl", "ANTITUMOR_CATEGORY", "1=HL:化疗 2=BX:靶向 3=MY:免疫 4=NFM:内分泌")
code_list("his_qingshanhu", "onc_kind", "ANTITUMOR_CATEGORY", "1=C:化疗 2=T:靶向 3=I:免疫 4=H:内分泌")
code_list("his_donghu", "zlpc", "CV06.00.228", "09=QD")
code_list("his_qingshanhu", "onc_freq", "CV06.00.228", "09=1/D:一日一次")
code_list("his_donghu", "zlyf", "CV06.00.102", "404=JD:静滴")
code_list("his_qingshanhu", "onc_route", "CV06.00.102", "404=IV:静脉")

PURCHASE = Recipe(
    "procurement_records_antitumor_drug",
    faults="missing:generic_name,specification bad_code:fee_type_code,antitumor_category_code blanks:manufacturer "
    "full_width:batch_no",
    corrects="supplier_name",
    late=True,
)


def _purchase(world: World, campus: Campus, one: Purchase, stocked: datetime) -> None:
    """The same delivery as in the general purchases, once more for the monitoring network."""
    drug = one.drug
    world.emit(
        "procurement_records_antitumor_drug",
        campus,
        f"ZL{one.key[2:]}",
        {
            "drug_id": drug.drug_id,
            **_drug_facts(drug),
            "unit_price": decimal(one.unit_price, 4),
            "purchase_quantity": decimal(one.quantity, 2),
            "purchase_amount": decimal(one.unit_price * one.quantity, 2),
            "purchase_time": dt15(stocked),
            "medical_insurance_drug_code": insurance_code(drug),
            "purchase_method_code": "1" if centralized(drug) else "2",
            "batch_no": one.batch_no,
            "expiry_date": d8(one.expires),
            "supplier_name": supplier(drug).name,
            "purchase_record_id": one.key,
        },
        created=stocked + timedelta(minutes=20),
    )


def _drug_facts(drug: Drug) -> dict[str, str | None]:
    """What purchase and use both say of the drug."""
    return {
        "generic_name": drug.generic,
        "trade_name": drug.product,
        "manufacturer": drug.manufacturer,
        "approval_no": drug.approval_no,
        "dosage_form_code": drug.form_code,
        "specification": drug.spec,
        "package_quantity": decimal(drug.factor, 2),
        "package_unit": drug.package_unit,
        "unit_price": f"{yuan(drug.price_cents)}00",
        "fee_type_code": "1" if drug.essential else "2",
        "antitumor_class_code": drug.antitumor,
        "antitumor_category_code": drug.antitumor,
    }


USE = Recipe(
    "usage_record_antitumor_drug",
    faults="missing:charge_time bad_code:source_type_code,fee_type_code blanks:diagnosis_name "
    "full_width:diagnosis_code gbk:diagnosis_name",
    cancels=True,
    late=True,
)


def _use(world: World, visit: Visit, charge: Charge, drug: Drug) -> None:
    order = charge.order
    world.emit(
        "usage_record_antitumor_drug",
        visit,
        charge.charge_id,
        {
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "drug_id": drug.drug_id,
            **_drug_facts(drug),
            "use_quantity": decimal(charge.quantity, 2),
            "use_amount": yuan(charge.amount_cents),
            "source_type_code": "2" if visit.inpatient else "1",
            "charge_time": dt15(charge.at),
            "order_id": order.order_id,
            "single_dose": decimal(drug.single_dose, 4),
            "dose_unit": drug.dose_unit,
            "route_code": drug.route,
            "frequency_code": FREQUENCIES[drug.frequency][0],
            "diagnosis_code": visit.main.code,
            "diagnosis_name": visit.main.name,
            "dept_code": order.dept.code,
            "dept_name": order.dept.name,
            "doctor_id": order.doctor.staff_id,
            "doctor_name": order.doctor.name,
            "is_off_label": flag(condition=False),
        },
        created=charge.at,
    )


def build(world: World, batch: Batch) -> None:
    """Deliveries of the stock plan; one use per charge."""
    if batch.first:
        for campus in world.campuses:
            for one in purchases(world, campus):
                if one.drug.antitumor and one.stocked and one.wave == 1:
                    _purchase(world, campus, one, one.stocked)
    for visit in batch.visits:
        for charge in visit.charges:
            item = charge.order.item
            if isinstance(item, Drug) and item.antitumor:
                _use(world, visit, charge, item)


DOMAIN = Domain((PURCHASE, USE), build)
