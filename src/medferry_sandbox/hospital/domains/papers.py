"""What a patient carries: certificates and cards."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Patient, d8, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "klx", "CARD_TYPE", "01=SFZ:身份证 02=YBK:医保卡 03=JMK:居民健康卡 06=JZK:就诊卡")
code_list(
    "his_qingshanhu", "card_kind", "CARD_TYPE", "01=10:身份证 02=20:社保卡 03=30:居民健康卡 06=40:院内就诊卡"
)
code_list("his_donghu", "kzt", "CARD_STATUS", "1=0:正常 2=1:挂失 3=2:注销")
code_list("his_qingshanhu", "card_state", "CARD_STATUS", "1=OK:正常 2=LOST:挂失 3=OFF:注销")

CERTIFICATE = Recipe(
    "patient_certificate",
    faults="missing:patient_name checksum:certificate_no full_width:certificate_no blanks:certificate_no",
    corrects="remark",
    cancels=True,
    late=True,
)


def _certificate(world: World, patient: Patient) -> None:
    if patient.id_no is None:
        return
    issued = patient.archive_time.date().replace(month=3, day=1, year=patient.archive_time.year - 2)
    issued = max(issued, patient.birth)
    world.emit(
        "patient_certificate",
        patient,
        f"ZJ{world.count(patient, 'certificate'):06d}",
        {
            "patient_id": patient.local_id,
            "patient_name": patient.name,
            "certificate_type_code": patient.paper_code,
            "certificate_type_name": value_set("CV02.01.101")[patient.paper_code],
            "certificate_no": patient.id_no,
            "issue_org_name": _issuer(patient),
            "effective_date": d8(issued),
            "expiry_date": d8(issued.replace(day=min(issued.day, 28), year=issued.year + 10)),
            "certificate_address": patient.address.full,
            "primary_flag": "T",
            "verified_flag": "T",
            "verified_time": dt15(minute(patient.archive_time)),
        },
        created=patient.archive_time + timedelta(minutes=1),
    )


def _issuer(patient: Patient) -> str | None:
    """Who gave the paper; foreign passports name nobody here."""
    if patient.paper_code == "03":
        return None
    permit = patient.paper_code in ("06", "07")
    return "中华人民共和国出入境管理局" if permit else f"{patient.address.city}公安局"


CARD = Recipe(
    "patient_card",
    faults="missing:card_no bad_code:card_status_code full_width:card_no",
    corrects="remark",
    cancels=True,
    late=True,
)


def _cards(world: World, patient: Patient) -> None:
    cards: list[tuple[str, str, str | None]] = [("03", patient.health_card_no, None)]
    if patient.insurance_no:
        cards.append(("02", f"A{patient.insurance_no[2:]}", patient.insurance_code))
    issued = max(patient.archive_time.date() - timedelta(days=200), patient.birth)
    for place, (kind, number, insurance) in enumerate(cards):
        key = world.count(patient, "card")
        lost = kind == "02" and key % 17 == 0
        world.emit(
            "patient_card",
            patient,
            f"{9000 + key}",
            {
                "patient_id": patient.local_id,
                "card_type_code": kind,
                "card_type_name": value_set("CARD_TYPE")[kind],
                "card_no": number,
                "insurance_type_code": insurance,
                "issue_org_name": "江西省人力资源和社会保障厅" if kind == "02" else "江西省卫生健康委员会",
                "issue_area_code": patient.address.area_code,
                "issue_date": d8(issued),
                "effective_date": d8(issued) if kind == "02" else None,
                "expiry_date": d8(issued + timedelta(days=3652)) if kind == "02" else None,
                "card_status_code": "2" if lost else "1",
                "status_time": dt15(minute(patient.archive_time)) if lost else None,
                "primary_flag": flag(place == 0),
                "holder_name": patient.name,
            },
            created=patient.archive_time + timedelta(minutes=1),
        )


def build(world: World, batch: Batch) -> None:
    """Papers of the batch's new patients."""
    for patient in batch.patients:
        _certificate(world, patient)
        _cards(world, patient)


DOMAIN = Domain((CERTIFICATE, CARD), build)
