"""Patients and what is known of them beside visits: contacts and ways to reach them."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital import people
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Patient, d8, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "hyzk", "GB/T 2261.2", "10=W:未婚 20=Y:已婚 30=S:丧偶 40=L:离婚 90=Q:未说明")
code_list("his_qingshanhu", "marital", "GB/T 2261.2", "10=1:未婚 20=2:已婚 30=4:丧偶 40=3:离婚 90=9:其他")
code_list("his_donghu", "mz", "GB/T 3304", "01=1:汉族 22=22:畲族 03=3:回族 06=6:苗族 66=66:外籍")
code_list("his_qingshanhu", "nation", "GB/T 3304", "01=HA:汉族 22=SH:畲族 03=HU:回族 06=MI:苗族 66=WG:外籍")
code_list("his_donghu", "zy", "GB/T 2261.4", "17=职员 24=工人 27=农民 31=学生 54=个体户 80=退休 90=其他")
code_list(
    "his_qingshanhu",
    "job",
    "GB/T 2261.4",
    "17=03:职员 24=04:工人 27=05:农民 31=06:学生 54=09:个体经营者 80=11:离退休 90=99:其他",
)
code_list("his_donghu", "gx", "GB/T 4761", "10=配偶 51=父亲 52=母亲 20=儿子 30=女儿 75=姐姐")
code_list(
    "his_qingshanhu",
    "relation",
    "GB/T 4761",
    "10=SPO:配偶 51=FTH:父亲 52=MTH:母亲 20=SON:儿子 30=DAU:女儿 75=SIS:姐姐",
)
code_list("his_donghu", "wzjyy", "NO_ID_REASON", "1=XSE:新生儿 2=WMS:无名氏 3=JJ:拒绝提供 9=QT:其他")
code_list("his_qingshanhu", "no_id", "NO_ID_REASON", "1=N:新生儿 2=A:无名氏 3=R:拒绝 9=O:其他")
code_list("his_donghu", "gsdx", "CONTACT_OWNER", "1=BR:病人 2=LX:联系人")
code_list("his_qingshanhu", "way_owner", "CONTACT_OWNER", "1=P:患者 2=C:联系人")
code_list(
    "his_donghu", "lxfs", "CONTACT_WAY_TYPE", "01=DH:电话 02=JS:家属电话 03=DW:单位电话 04=SJ:手机 05=YX:邮箱"
)
code_list(
    "his_qingshanhu",
    "way_kind",
    "CONTACT_WAY_TYPE",
    "01=T1:本人电话 02=T2:家属电话 03=T3:单位电话 04=MB:手机 05=EM:邮箱",
)

PATIENT = Recipe(
    "patient",
    faults="missing:archiver_name,nationality_code,archive_org_code bad_code:marital_status_code,insurance_type_code "
    "full_width:mobile_phone blanks:registered_address gbk:registered_address",
    corrects="remark",
)


def _patient(world: World, patient: Patient) -> None:
    contact = next(iter(patient.contacts), None)
    mother = patient.mother
    world.emit(
        "patient",
        patient,
        patient.local_id,
        {
            "health_card_no": patient.health_card_no,
            "medical_record_no": patient.medical_record_no,
            "id_type_code": patient.paper_code,
            "id_no": patient.id_no,
            "no_id_reason_code": patient.no_paper_reason,
            "patient_name": patient.name,
            "sex_code": patient.sex,
            "birth_date": d8(patient.birth),
            "birth_time": dt15(patient.birth_time) if patient.birth_time else None,
            "nationality_code": patient.nationality_code,
            "ethnic_code": patient.ethnic_code,
            "ethnic_name": people.ETHNIC[patient.ethnic_code],
            "marital_status_code": patient.marital_code,
            "occupation_code": patient.occupation_code,
            "education_code": patient.education_code,
            "insurance_type_code": patient.insurance_code,
            "insurance_no": patient.insurance_no,
            "address_type_code": "09",
            "address_province": patient.address.province,
            "address_city": patient.address.city,
            "address_county": patient.address.county,
            "address_town": patient.address.town,
            "address_village": patient.address.village,
            "address_house_no": patient.address.house_no,
            "address_division_code": patient.address.area_code,
            "current_address": patient.address.full,
            "postal_code": patient.address.postcode,
            "registered_address": patient.address.full,
            "birth_place_code": patient.address.area_code,
            "patient_phone": patient.phone,
            "mobile_phone": patient.phone,
            "contact_name": contact.name if contact else None,
            "contact_relation_code": contact.relation_code if contact else None,
            "contact_phone": contact.phone if contact else None,
            "newborn_flag": flag(patient.newborn),
            "multiple_birth_flag": "F" if mother else None,
            "mother_patient_id": mother.local_id if mother else None,
            "mother_name": mother.name if mother else None,
            "mother_id_no": mother.id_no if mother else None,
            "death_time": dt15(patient.death_time) if patient.death_time else None,
            "archive_time": dt15(minute(patient.archive_time)),
            "archive_org_code": patient.campus.org_code,
            "archive_org_name": patient.campus.org_name,
            "archive_org_phone": patient.campus.phone,
            "archiver_id": patient.archiver.staff_id,
            "archiver_name": patient.archiver.name,
            "confidentiality_code": "0",
        },
        created=patient.archive_time,
        updated=patient.death_time or patient.archive_time + timedelta(minutes=2),
    )


CONTACT = Recipe(
    "patient_contact",
    faults="missing:contact_phone bad_code:contact_relation_code checksum:id_no full_width:contact_phone blanks:contact_name",
    corrects="remark",
)


def _contacts(world: World, patient: Patient) -> list[str]:
    keys = []
    for place, contact in enumerate(patient.contacts, start=1):
        key = f"{3000 + world.count(patient, 'contact')}"
        keys.append(key)
        world.emit(
            "patient_contact",
            patient,
            key,
            {
                "patient_id": patient.local_id,
                "contact_seq": str(place),
                "contact_name": contact.name,
                "contact_relation_code": contact.relation_code,
                "contact_relation_name": contact.relation_name,
                "guardian_flag": flag(contact.guardian),
                "primary_flag": flag(place == 1),
                "id_type_code": contact.paper_code,
                "id_no": contact.id_no,
                "sex_code": contact.sex,
                "birth_date": d8(contact.birth),
                "contact_phone": contact.phone,
                "contact_mobile": contact.phone,
                "contact_address": patient.address.full,
            },
            created=patient.archive_time + timedelta(minutes=1),
        )
    return keys


CONTACT_WAY = Recipe(
    "patient_contact_way",
    faults="missing:contact_way_value bad_code:contact_way_type_code full_width:contact_way_value blanks:contact_way_value",
    corrects="remark",
    cancels=True,
    late=True,
)


def _contact_ways(world: World, patient: Patient, contact_keys: list[str]) -> None:
    ways: list[tuple[str, str | None, str, str]] = [("1", None, "04", patient.phone)] if patient.phone else []
    ways += [("2", key, "02", one.phone) for key, one in zip(contact_keys, patient.contacts, strict=True)]
    primary: set[str] = set()
    for owner, contact_key, kind, text in ways:
        world.emit(
            "patient_contact_way",
            patient,
            f"{5000 + world.count(patient, 'contact_way')}",
            {
                "patient_id": patient.local_id,
                "contact_id": contact_key,
                "owner_type_code": owner,
                "contact_way_type_code": kind,
                "contact_way_type_name": value_set("CONTACT_WAY_TYPE")[kind],
                "contact_way_value": text,
                "usage_code": "3" if owner in primary else "1",
                "primary_flag": flag(owner not in primary),
                "verified_flag": flag(owner == "1"),
                "valid_from": d8(patient.archive_time.date()),
                "valid_to": d8(patient.archive_time.date() + timedelta(days=90))
                if owner in primary
                else None,
            },
            created=patient.archive_time + timedelta(minutes=1),
        )
        primary.add(owner)


def build(world: World, batch: Batch) -> None:
    """The batch's new patients and whom to call."""
    for patient in batch.patients:
        _patient(world, patient)
        _contact_ways(world, patient, _contacts(world, patient))


DOMAIN = Domain((PATIENT, CONTACT, CONTACT_WAY), build)
