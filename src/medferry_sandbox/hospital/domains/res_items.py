"""What the hospital uses and what it charges for: drugs and services. Resource system (RES), once per campus.

res  drug_master + drug_money (prices, insurance), price_item
"""

from __future__ import annotations

from decimal import Decimal

from medferry_sandbox.hospital.clinic import insurance_code
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.directories import drugs, services
from medferry_sandbox.hospital.model import Campus, Drug, Service, d8, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.stock_plan import purchase_price, supplier
from medferry_sandbox.hospital.world import Domain, World

code_list("res", "drug_kind", "DRUG_TYPE", "1=XY:西药 2=ZCY:中成药 3=ZYYP:中药饮片")
code_list("res", "rx_kind", "PRESCRIPTION_CLASS", "1=RX:处方药 2=OTCA:甲类非处方 3=OTCB:乙类非处方")
code_list("res", "drug_ctrl", "SPECIAL_DRUG_CLASS", "0=普通:非特殊管理 1=麻:麻醉 2=精一 3=精二")
code_list("res", "hi_class", "INSURANCE_CLASS", "1=甲 2=乙 3=丙:自费")
code_list("res", "cat_state", "CATALOGUE_STATUS", "1=Y:启用 2=N:停用")
code_list(
    "res",
    "fee_kind",
    "CHARGE_CATEGORY",
    "01=CW:床位 02=ZC:诊察 03=JC:检查 04=HY:化验 05=ZL:治疗 06=SS:手术 07=HL:护理 08=CL:材料 13=GH:挂号",
)

DRUG = Recipe(
    "drug_atalogue",
)
_DDD = {"Y1001": "1.5000", "Y1002": "3.0000", "Y1003": "0.5000"}
_COOL = ("Y1019", "Y2003")
_OVER_THE_COUNTER = ("Y1005", "Y1008", "Y1021", "Z3001")


def province_code(drug: Drug) -> str:
    """The province's procurement platform number."""
    return f"JX{drug.drug_id[1:].zfill(8)}"


def monitoring_code(drug: Drug) -> str | None:
    """YPID; herbs are not monitored."""
    return (
        None
        if drug.type == "3"
        else f"YP{drug.type}{drug.drug_id[1:].zfill(6)}{drug.form_code}{drug.factor:04d}"
    )


def body_code(drug: Drug) -> str | None:
    """药品本位码: 14 digits, 86 first."""
    return f"869{drug.drug_id[1:].zfill(10)}{int(drug.drug_id[1:]) % 10}" if drug.approval_no else None


def trace_code(drug: Drug) -> str | None:
    """The first seven digits of the codes on its packages."""
    return f"81{drug.drug_id[1:].zfill(5)}" if drug.approval_no else None


def centralized(drug: Drug) -> bool:
    """Bought in the national rounds of volume-based purchase."""
    return drug.type == "1" and drug.essential and int(drug.drug_id[1:]) % 2 == 1


def insurance_class(drug: Drug) -> str:
    """甲 for essential drugs, 乙 for the rest."""
    return "1" if drug.essential else "2"


def _drug(world: World, campus: Campus, drug: Drug) -> None:
    injected = drug.form_name in ("注射剂", "注射液")
    world.emit(
        "drug_atalogue",
        campus,
        drug.drug_id,
        {
            "ypid": monitoring_code(drug),
            "province_drug_code": province_code(drug),
            "drug_standard_code": body_code(drug),
            "drug_supervision_code": trace_code(drug),
            "medical_insurance_drug_code": insurance_code(drug),
            "medical_insurance_class_code": insurance_class(drug),
            "is_negotiated_drug": flag(drug.drug_id == "Y2003"),
            "generic_name": drug.generic,
            "product_name": drug.product,
            "drug_type_code": drug.type,
            "dosage_form_code": drug.form_code,
            "dosage_form_name": drug.form_name,
            "specification": drug.spec,
            "dose": f"{Decimal(drug.dose):.4f}",
            "dose_unit": drug.dose_unit,
            "min_unit": drug.min_unit,
            "package_unit": drug.package_unit,
            "conversion_factor": f"{drug.factor}.00",
            "manufacturer": drug.manufacturer,
            "mah_name": drug.manufacturer,
            "origin_code": "2" if drug.approval_no.startswith("国药准字J") else "1",
            "approval_no": drug.approval_no,
            "purchase_price": purchase_price(drug),
            "retail_price": f"{Decimal(drug.price_cents) / 100:.4f}",
            "price_effective_date": f"{world.opened.year}0101",
            "ddd_value": _DDD.get(drug.drug_id),
            "ddd_unit": "g" if drug.drug_id in _DDD else None,
            "prescription_class_code": "2" if drug.drug_id in _OVER_THE_COUNTER else "1",
            "essential_drug_flag": flag(drug.essential),
            "essential_drug_level_code": "1" if drug.essential else None,
            "is_centralized_purchase": flag(centralized(drug)),
            "is_consistency_evaluated": flag(centralized(drug)),
            "antibacterial_flag": flag(bool(drug.antibacterial)),
            "antibacterial_class_code": drug.antibacterial,
            "antitumor_flag": flag(bool(drug.antitumor)),
            "antitumor_class_code": drug.antitumor,
            "antitumor_category_code": drug.antitumor,
            "special_management_code": drug.special,
            "injection_flag": flag(injected),
            "high_alert_flag": flag(bool(drug.antitumor) or drug.special == "1"),
            "skin_test_flag": flag(drug.drug_id in ("Y1001", "Y1002")),
            "hospital_preparation_flag": "F",
            "default_route_code": drug.route,
            "storage_condition_code": "3" if drug.drug_id in _COOL else "2" if drug.type == "3" else "1",
            "shelf_life_months": "24",
            "supplier_name": supplier(drug).name,
            "enabled_date": d8(world.opened.date()),
            "drug_status_code": "1",
        },
        created=world.opened,
    )


SERVICE = Recipe(
    "medical_service_catalogue",
)
_CHAPTERS = {
    "registration": ("01", "01"), "consult": ("01", "01"), "bed": ("01", "01"), "nursing": ("01", "03"),
    "lab": ("03", "06"), "exam": ("04", "07"), "treatment": ("07", "09"), "surgery": ("06", "10"),
    "anesthesia": ("06", "10"), "material": ("99", "22"),
}  # fmt: skip


def _service(world: World, campus: Campus, item: Service) -> None:
    chapter, front = _CHAPTERS[item.kind]
    own = item.kind == "material"
    insurance = "3" if item.kind == "registration" else "2" if own or item.price_cents > 20000 else "1"
    dept = world.directory(campus).dept(item.dept) if item.dept else None
    limit = item.price_cents * 11 // 10
    world.emit(
        "medical_service_catalogue",
        campus,
        item.item_id,
        {
            "item_name": item.name,
            "provincial_item_code": f"36{chapter}{item.item_id[1:].zfill(6)}",
            "provincial_item_name": item.name.partition("（")[0],
            "medical_insurance_item_code": None if insurance == "3" else insurance_code(item),
            "insurance_class_code": insurance,
            "insurance_self_pay_ratio": {"1": "0.0000", "2": "0.1000", "3": "1.0000"}[insurance],
            "pricing_basis_code": "3",
            "is_new_local_item": "F",
            "item_category_code": chapter,
            "charge_category_code": item.charge_category,
            "home_page_fee_code": front,
            "billing_unit": item.unit,
            "price": yuan(item.price_cents),
            "price_upper_limit": None if own else yuan(limit),
            "price_type_code": "2" if own else "1",
            "price_level_code": "3",
            "price_document_no": "赣发改收费〔2023〕518号",
            "operation_code": item.operation_code,
            "exam_lab_flag_code": {"lab": "2", "exam": "1"}.get(item.kind, "9"),
            "exec_dept_id": dept.code if dept else None,
            "exec_dept_name": dept.name if dept else None,
            "effective_date": d8(world.opened.date()),
            "item_status_code": "1",
        },
        created=world.opened,
    )


def build(world: World, batch: Batch) -> None:
    """Both catalogues, with the first batch."""
    if not batch.first:
        return
    for campus in world.campuses:
        for drug in drugs():
            _drug(world, campus, drug)
        for item in services():
            _service(world, campus, item)


DOMAIN = Domain((DRUG, SERVICE), build)
