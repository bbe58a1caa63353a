"""Drugs bought (the plan is in `stock_plan`). Resource system (RES): stock_in + stock_bill, names from drug_master."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from medferry_sandbox.hospital.clinic import insurance_code
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains import res_items
from medferry_sandbox.hospital.model import Campus, Drug, d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.stock_plan import WAREHOUSES, Purchase, purchases, supplier
from medferry_sandbox.hospital.world import Domain, World

code_list("res", "buy_way", "DRUG_PURCHASE_METHOD", "1=DL:带量采购 2=GW:挂网 3=BA:备案 4=ZX:自行采购")
code_list("res", "accepted", "ACCEPTANCE_RESULT", "1=合格 2=拒收:不合格")

PURCHASE = Recipe(
    "drug_purchas_rec",
    faults="missing:supplier_name,purchase_order_no bad_code:purchase_method_code full_width:invoice_no blanks:supplier_name",
    corrects="remark",
)


def drug_facts(drug: Drug) -> dict[str, str | None]:
    """What purchases, issues and stocks all say of a drug."""
    return {
        "drug_id": drug.drug_id,
        "ypid": res_items.monitoring_code(drug),
        "province_drug_code": res_items.province_code(drug),
        "medical_insurance_drug_code": insurance_code(drug),
        "drug_type_code": drug.type,
        "generic_name": drug.generic,
        "dosage_form_code": drug.form_code,
        "specification": drug.spec,
        "package_unit": drug.package_unit,
        "min_unit": drug.min_unit,
        "manufacturer": drug.manufacturer,
        "approval_no": drug.approval_no,
    }


def money(price: str, packages: int | Decimal) -> str:
    """Price times packages in yuan, two digits."""
    return f"{Decimal(price) * packages:.2f}"


def origin(drug: Drug) -> str:
    """DRUG_ORIGIN; a J in the approval number says imported."""
    return "2" if drug.approval_no.startswith("国药准字J") else "1"


def _purchase(world: World, campus: Campus, one: Purchase) -> None:
    drug, seller = one.drug, supplier(one.drug)
    bulk = res_items.centralized(drug)
    price = f"{one.unit_price:.4f}"
    retail = f"{Decimal(drug.price_cents) / 100:.4f}"
    buyer, taker = world.directory(campus).people("pharmacist", world.directory(campus).dept("K01"))[:2]
    put = one.stocked
    quantity = f"{one.quantity}.00"
    world.emit(
        "drug_purchas_rec",
        replace(campus, wave=one.wave),
        one.key,
        {
            **drug_facts(drug),
            "purchase_order_no": one.order_no,
            "platform_order_no": f"JXPT{one.order_no[3:]}" if drug.type != "3" else None,
            "purchase_time": dt15(one.ordered),
            "purchase_method_code": "4" if drug.type == "3" else "1" if bulk else "2",
            "is_centralized_purchase": flag(bulk),
            "is_bid_winning": flag(bulk),
            "drug_standard_code": res_items.body_code(drug),
            "package_quantity": f"{drug.factor}.00",
            "origin_code": origin(drug),
            "batch_no": one.batch_no,
            "production_date": d8(one.produced),
            "expiry_date": d8(one.expires),
            "supplier_code": seller.code,
            "supplier_name": seller.name,
            "supplier_credit_code": seller.credit_code,
            "purchase_quantity": quantity,
            "purchase_min_quantity": f"{one.quantity * drug.factor}.00",
            "purchase_price": price,
            "purchase_amount": money(price, one.quantity),
            "last_purchase_price": price,
            "bidding_price": price if bulk else None,
            "retail_price": retail,
            "tax_rate": "9.00" if drug.type == "3" else "13.00",
            "delivered_quantity": quantity if put else None,
            "essential_drug_flag": flag(drug.essential),
            "stock_in_no": f"RK{put:%Y%m%d}{one.key[2:]}" if put else None,
            "stock_in_time": dt15(put) if put else None,
            "stock_in_quantity": quantity if put else None,
            "warehouse_code": one.warehouse.code if put else None,
            "warehouse_name": one.warehouse.name if put else None,
            "acceptance_result_code": "1" if put else None,
            "invoice_no": f"{int(one.key[2:]) * 7 + 36000000:08d}" if put else None,
            "invoice_date": d8(put.date()) if put else None,
            "buyer_id": buyer.staff_id,
            "buyer_name": buyer.name,
            "reviewer_id": taker.staff_id if put else None,
            "reviewer_name": taker.name if put else None,
        },
        created=one.ordered,
        updated=put + timedelta(minutes=20) if put else one.ordered,
    )


def build(world: World, batch: Batch) -> None:
    """The purchases of the batch's wave; live visits bring none."""
    wave = 1 if batch.first else max((visit.wave for visit in batch.visits), default=0)
    for campus in world.campuses:
        if batch.first:
            for one in WAREHOUSES:
                world.native(
                    campus,
                    "res",
                    "store_room",
                    "room_key",
                    room_key=one.code,
                    room_title=one.name,
                    room_kind=one.kind,
                )
        for purchase in purchases(world, campus):
            if purchase.wave == wave:
                _purchase(world, campus, purchase)


DOMAIN = Domain((PURCHASE,), build)
