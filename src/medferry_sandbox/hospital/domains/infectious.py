"""Report cards of notifiable diseases: the card system inside the EMR. Doctors type most of it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Patient, Visit, d8, dt15, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "card_visit", "CV09.00.404", "1=O:门诊 2=E:急诊 3=I:住院")
code_list("emr", "card_turn", "IDR_CARD_TYPE", "1=FIRST:初次 2=FIX:订正")
code_list(
    "emr",
    "card_paper",
    "CV02.01.101",
    "01=SFZ:身份证 02=HKB:户口簿 03=HZ:护照 04=JG:军官证"
    " 06=GA:港澳通行证 07=TB:台胞证 10=GJ:港澳居住证 11=TJ:台湾居住证 99=QT:其他",
)
code_list(
    "emr",
    "card_from",
    "IDR_PATIENT_BELONG",
    "1=BX:本县区 2=BS:本市 3=BSH:本省 4=WS:外省 5=GAT:港澳台 6=WJ:外籍",
)
code_list(
    "emr", "card_people", "IDR_POPULATION_CLASS",
    "1=幼托 2=散居 3=学生 8=商服 16=工人 18=农民 22=干部 23=离退 29=其他",
)  # fmt: skip
code_list("emr", "card_sure", "IDR_CASE_CLASS", "1=LC:临床诊断 2=QZ:确诊 3=YS:疑似 4=XD:携带")
code_list("emr", "card_class", "IDR_CATEGORY", "1=A:甲类 2=B:乙类 3=C:丙类 9=D:其他")
code_list(
    "emr",
    "card_ill",
    "IDR_DISEASE",
    "3500=LG:流感 4000=SZK:手足口病 2600=FJH:肺结核 0302=YG:乙肝 0401=JL:菌痢",
)
code_list("emr", "card_check", "IDR_REVIEW_STATUS", "0=W:待审 1=P:通过 2=B:退卡")
code_list("emr", "card_sent", "IDR_UPLOAD_STATUS", "0=N:未报 1=Y:已报 2=F:失败")

CARD = Recipe(
    "infectious_disease_report",
    faults="missing:report_org_phone,onset_date bad_code:population_class_code,disease_code,patient_belong_code "
    "checksum:id_no full_width:id_no,phone blanks:current_address",
    corrects="remark",
    cancels=True,
    late=True,
)


@dataclass(frozen=True)
class _Notifiable:
    """What the card says of a disease: category of the law, code and name of the reporting network, how sure."""

    category: str
    code: str
    name: str
    case_class: str


_DISEASES = {
    "J11.100": _Notifiable("3", "3500", "流行性感冒", "1"),
    "B08.400": _Notifiable("3", "4000", "手足口病", "1"),
    "A16.200": _Notifiable("2", "2600", "肺结核", "1"),
    "B16.900": _Notifiable("2", "0302", "乙型肝炎", "2"),
    "A03.900": _Notifiable("2", "0401", "细菌性痢疾", "1"),
}
_PEOPLE = {"17": "22", "24": "16", "27": "18", "31": "3", "54": "8", "80": "23"}
"""Occupation (GB/T 2261.4) -> the card's population class."""


def _card(
    world: World, visit: Visit, found: _Notifiable, diagnosed: datetime, corrects: str | None = None
) -> str:
    """The first card of a visit, or with `corrects` a card that takes the place of that one; returns its key."""
    key = f"R{visit.visit_id}" + ("C" if corrects else "")
    filled = world.clamp(visit, diagnosed + timedelta(minutes=30))
    sent = world.clamp(visit, diagnosed + timedelta(minutes=150))
    rng = world.rng("card", visit.campus.name, visit.visit_id)
    checker = world.directory(visit).clerk(rng, "L02")
    campus = visit.campus
    world.emit(
        "infectious_disease_report",
        visit,
        key,
        {
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            "report_card_no": f"{campus.area_code}{visit.start:%Y}{world.count(visit, 'card'):06d}",
            "card_type_code": "2" if corrects else "1",
            "original_report_id": corrects,
            **_person(visit),
            **_address(visit),
            "case_class_code": "2" if corrects else found.case_class,
            "case_class2_code": "1" if found.code == "0302" else None,
            "onset_date": d8(visit.onset),
            "diagnosis_time": dt15(diagnosed),
            "disease_category_code": found.category,
            "disease_code": found.code,
            "disease_name": found.name,
            "diagnosis_code": visit.main.code,
            "diagnosis_name": visit.main.name,
            **_supplement(visit, found.code),
            "contact_same_symptom_code": rng.choice("122"),
            "report_zone_code": campus.area_code,
            "report_org_code": campus.org_code,
            "report_org_name": campus.org_name,
            "report_org_phone": campus.phone,
            "dept_code": visit.dept.code,
            "dept_name": visit.dept.name,
            "report_doctor_id": visit.doctor.staff_id,
            "report_doctor_name": visit.doctor.name,
            "report_time": dt15(filled),
            "review_status_code": "1",
            "reviewer_name": checker.name,
            "review_time": dt15(sent - timedelta(minutes=5)),
            "network_report_status_code": "1",
            "network_report_time": dt15(sent),
        },
        created=filled,
        updated=sent,
    )
    return key


def _confirmed(world: World, visit: Visit) -> datetime | None:
    """When the laboratory made a tuberculosis of the ward certain: on the second day, if the stay lasts so long."""
    rng = world.rng("confirmed", visit.campus.name, visit.visit_id)
    at = visit.start + timedelta(hours=30)
    lasts = visit.inpatient and at + timedelta(hours=4) < visit.until
    return minute(at) if lasts and visit.main.code == "A16.200" and rng.random() < 0.6 else None


def _person(visit: Visit) -> dict[str, str | None]:
    patient = visit.patient
    age = patient.age(visit.onset)
    contact = patient.contacts[0]
    people = _population(patient, age)
    return {
        "patient_name": patient.name,
        "parent_name": contact.name if age <= 14 else None,
        "id_type_code": patient.paper_code,
        "id_no": patient.id_no,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age": str(age),
        "age_unit_code": "1",
        "work_unit": {
            "1": f"{patient.address.county}中心幼儿园小一班",
            "3": f"{patient.address.county}实验学校三班",
        }.get(people),
        "phone": patient.phone or contact.phone,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "population_class_code": people,
    }


def _population(patient: Patient, age: int) -> str:
    if age < 6:
        return "2" if age < 3 else "1"
    return _PEOPLE.get(patient.occupation_code, "22")


def _address(visit: Visit) -> dict[str, str | None]:
    address, here = visit.patient.address, visit.campus.area_code
    away = next(
        (
            place
            for place, width in (("1", 6), ("2", 4), ("3", 2))
            if address.area_code[:width] == here[:width]
        ),
        "4",
    )
    return {
        "patient_belong_code": away,
        "current_address_code": address.area_code,
        "current_province": address.province,
        "current_city": address.city,
        "current_county": address.county,
        "current_township": address.town,
        "current_village": address.village,
        "current_house_no": address.house_no,
        "current_address": address.full,
        "household_address_code": address.area_code,
        "household_address": address.full,
    }


def _supplement(visit: Visit, code: str) -> dict[str, str | None]:
    """The sheets that go with hepatitis B and with hand, foot and mouth disease."""
    if code == "0302":
        return {
            "hbsag_positive_code": "3",
            "hbv_first_symptom_date": d8(visit.onset),
            "alt_value": f"{180 + visit.number % 90}.0",
            "anti_hbc_igm_code": "1",
            "liver_puncture_code": "3",
            "hbsag_conversion_code": "3",
        }
    if code == "4000":
        return {"hfmd_severity_code": "2", "hfmd_lab_result_code": None}
    return {}


def build(world: World, batch: Batch) -> None:
    """One card per visit with a notifiable main diagnosis; a second one when it became certain."""
    for visit in batch.visits:
        found = _DISEASES.get(visit.main.code)
        if found and visit.infectious and not visit.cancelled:
            key = _card(world, visit, found, minute(visit.start + timedelta(minutes=10)))
            if again := _confirmed(world, visit):
                _card(world, visit, found, again, key)


DOMAIN = Domain((CARD,), build)
