"""Germs and their susceptibilities: what the microbiology bench adds to a culture's report."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.lab_facts import Isolate, LabWork, Susceptibility, isolates, lab_work
from medferry_sandbox.hospital.model import d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("lis", "gram", "GRAM_STAIN", "1=G+:革兰阳性 2=G-:革兰阴性 9=NA:未做")
code_list(
    "lis", "ast_way", "AST_METHOD", "1=KB:纸片扩散法 2=DIL:稀释法 3=ET:浓度梯度法 4=AUTO:仪器法 9=OTH:其他"
)
code_list("lis", "sir", "SUSCEPTIBILITY", "S=敏 I=中 R=耐 SDD=剂敏 NS=非敏")

GERM = Recipe(
    "inspection_bio_res",
    faults="missing:detection_result bad_code:gram_stain_code blanks:detection_result,culture_medium",
    corrects="result_description",
)

DRUG = Recipe(
    "inspection_anti_res",
    faults="missing:antibiotic_name bad_code:test_method_code,susceptibility_code full_width:reference_value "
    "blanks:mic_value",
    corrects="result_description",
    late=True,
)


def _key(work: LabWork, place: int) -> str:
    return f"{work.key}-{place}"


def _germ(world: World, work: LabWork, place: int, found: Isolate | None) -> None:
    grown = found.germ if found else None
    mdr = bool(found and found.resists(found.germ.marker))
    carba = bool(found and found.resists("IPM"))
    world.emit(
        "inspection_bio_res",
        work.visit,
        _key(work, place),
        {
            **_common(work),
            "seq_no": str(place),
            "specimen_no": work.tube_no,
            "test_item_code": work.order.item.item_id,
            "test_item_name": work.order.item.name,
            "detection_result": "生长" if grown else "无菌生长",
            "growth_flag": flag(grown is not None),
            "bacteria_code": grown.germ if grown else None,
            "bacteria_name": grown.name if grown else None,
            "result_description": f"涂片见革兰{'阳' if grown.gram == '1' else '阴'}性菌，鉴定为{grown.name}"
            if grown
            else None,
            "colony_count": grown.colonies if grown else None,
            "culture_medium": "血平板" if work.panel.specimen == "痰" else "需氧及厌氧血培养瓶",
            "culture_duration": f"{int((work.tested - work.received).total_seconds()) // 3600}小时",
            "culture_condition": "35℃ 5%CO2",
            "detection_method": "仪器",
            "gram_stain_code": grown.gram if grown else "9",
            "esbl_flag": flag(_esbl(found)) if grown else None,
            "carbapenemase_flag": flag(carba) if grown and grown.gram == "2" else None,
            "mdro_flag": flag(mdr) if grown else None,
            "mdro_type_code": grown.mdro if grown and mdr else None,
            "instrument_code": work.panel.instrument_no,
            "instrument_name": work.panel.instrument,
            "reviewer_id": work.signer[0],
            "reviewer_name": work.signer[1],
        },
        created=work.received + timedelta(minutes=2),
        updated=work.reported,
        lives=work.order.lives,
    )


def _esbl(found: Isolate | None) -> bool:
    return bool(found and found.resists("CRO") and not found.resists("IPM"))


def _common(work: LabWork) -> dict[str, str | None]:
    return {
        "inspection_id": work.key,
        "patient_id": work.visit.patient.local_id,
        "visit_id": work.visit.visit_id,
        "report_no": work.report_no,
        "request_no": work.order.group,
        "specimen_category": work.panel.specimen,
        "test_date": d8(work.tested.date()),
        "tester_id": work.technician.staff_id,
        "tester_name": work.technician.name,
        "report_time": dt15(work.reported),
    }


def _drug(world: World, work: LabWork, place: int, found: Isolate, line: int, one: Susceptibility) -> None:
    drug, disk = one.drug, one.drug.method == "1"
    world.emit(
        "inspection_anti_res",
        work.visit,
        f"{500000 + world.count(work.visit, 'germ_drug')}",
        {
            **_common(work),
            "bacteria_result_id": _key(work, place),
            "seq_no": str(line),
            "bacteria_code": found.germ.germ,
            "bacteria_name": found.germ.name,
            "antibiotic_code": drug.drug,
            "antibiotic_name": drug.name,
            "antibiotic_level_code": drug.level,
            "test_method_code": drug.method,
            "test_method_name": value_set("AST_METHOD")[drug.method],
            "disk_content": drug.disk,
            "disk_content_unit": "μg" if disk else None,
            "zone_diameter": f"{one.measure}.0" if disk else None,
            "mic_value": None if disk else one.measure,
            "mic_unit": None if disk else "μg/mL",
            "susceptibility_code": one.code,
            "susceptibility_name": value_set("SUSCEPTIBILITY")[one.code],
            "reference_value": f"S>={drug.s} R<={drug.r}" if disk else f"S<={drug.s} R>={drug.r}",
            "breakpoint_standard": "CLSI-M100-2023",
            "instrument_code": work.panel.instrument_no,
            "instrument_name": work.panel.instrument,
            "test_org_name": work.visit.campus.org_name,
        },
        created=work.tested,
        updated=work.reported,
        lives=work.order.lives,
    )


def _culture(world: World, work: LabWork) -> None:
    grown = isolates(world, work)
    if not grown:
        _germ(world, work, 1, None)
    for place, found in enumerate(grown, start=1):
        _germ(world, work, place, found)
        for line, one in enumerate(found.drugs, start=1):
            _drug(world, work, place, found, line, one)


def build(world: World, batch: Batch) -> None:
    """The batch's finished cultures."""
    for visit in batch.visits:
        for order in visit.orders:
            work = lab_work(world, order) if order.kind == "lab" else None
            if work is not None and work.panel.culture:
                _culture(world, work)


DOMAIN = Domain((GERM, DRUG), build)
