"""Equipment worth ten thousand yuan and more (seed/equipment.csv). Resource system: asset_card + asset_buy, once."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from medferry_sandbox.hospital import directories
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.res_places import head
from medferry_sandbox.hospital.model import Campus, d8, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("res", "asset_origin", "EQUIPMENT_ORIGIN", "1=I:进口 2=D:国产")
code_list("res", "asset_use", "EQUIPMENT_USAGE", "1=在用:启用 2=库存:未启用 3=报废")
code_list("res", "asset_large", "LARGE_EQUIPMENT_CLASS", "1=甲:甲类 2=乙:乙类 9=否:非大型")

EQUIPMENT = Recipe(
    "euipment",
)


def _equipment(world: World, campus: Campus, line: dict[str, str], place: int) -> None:
    dept = world.directory(campus).dept(line["dept"])
    keeper = head(world, campus, dept)
    bought = date(world.start.year - int(line["years"]), 1 + place % 12, 8)
    scrapped = int(line["years"]) > int(line["life"])
    large = line["large"] == "2"
    gauged_to = world.start.year + (-1 if scrapped else 2)
    world.emit(
        "euipment",
        campus,
        str(4000 + place),
        {
            "asset_no": f"ZC{campus.branch_code}{bought.year}{place:04d}",
            "equipment_code": line["code"],
            "equipment_name": line["name"],
            "same_batch_count": line["count"],
            "device_class_code": line["device_class"],
            "equipment_type_code": line["type"],
            "large_equipment_class_code": line["large"],
            "large_equipment_license_no": f"乙{bought.year}36010{place:03d}" if large else None,
            "brand": line["brand"],
            "model": line["model"],
            "serial_no": f"SN{campus.branch_code}{bought:%y%m}{place:05d}",
            "origin_code": "1" if line["country"] else "2",
            "origin_country_code": line["country"],
            "manufacturer": line["manufacturer"],
            "supplier_name": "江西康瑞医疗器械有限公司",
            "manufacture_date": d8(bought.replace(year=bought.year - 1, month=11)),
            "purchase_date": d8(bought),
            "purchase_method_code": "1" if Decimal(line["price"]) > 200000 else "5",
            "purchase_condition_code": "1",
            "funding_source_code": "1" if large else "2",
            "unit_price": line["price"],
            "total_value": f"{Decimal(line['price']) * int(line['count']):.2f}",
            "design_life_years": line["life"],
            "usage_status_code": "3" if scrapped else "1",
            "enabled_date": d8(bought.replace(day=28)),
            "scrapped_date": d8(world.opened.date()) if scrapped else None,
            "institution_id": campus.branch_code,
            "dept_code": dept.code,
            "dept_name": dept.name,
            "location": f"{dept.name}{1 + place % 4}号机房",
            "keeper_id": keeper.staff_id if keeper else None,
            "keeper_name": keeper.name if keeper else None,
            "is_metrology_required": line["metrology"],
            "metrology_valid_to": f"{gauged_to}0630" if line["metrology"] == "T" else None,
            "last_maintenance_date": None if scrapped else d8(world.opened.date()),
            "has_vehicle_gps": flag(True) if line["type"] == "13" else None,
            "annual_use_count": None if scrapped else line["uses"],
        },
        created=world.opened,
    )


def build(world: World, batch: Batch) -> None:
    """The same list at both campuses, with the first batch."""
    if not batch.first:
        return
    path = Path(directories.__file__).parent / "seed" / "equipment.csv"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for campus in world.campuses:
        for place, line in enumerate(lines, start=1):
            _equipment(world, campus, line, place)


DOMAIN = Domain((EQUIPMENT,), build)
