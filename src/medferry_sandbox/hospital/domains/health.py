"""What is known of a patient's health, and what the patient does not bear."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.directories import drugs
from medferry_sandbox.hospital.model import Patient, d8, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "abo", "CV04.50.005", "1=A型 2=B型 3=O型 4=AB型 5=不详")
code_list("his_donghu", "baxx", "RC030", "1=A型 2=B型 3=O型 4=AB型 5=不详 6=未查")
code_list("his_qingshanhu", "abo", "CV04.50.005", "1=A 2=B 3=O 4=AB 5=X:不详")
code_list("his_qingshanhu", "mr_abo", "RC030", "1=A 2=B 3=O 4=AB 5=X:不详 6=N:未查")
code_list("his_donghu", "rh", "CV04.50.020", "1=阴性 2=阳性 3=不详 4=未查")
code_list("his_qingshanhu", "rh", "CV04.50.020", "1=N:阴性 2=P:阳性 3=X:不详 4=W:未查")
code_list("his_donghu", "gmlx", "ALLERGEN_TYPE", "1=YW:药物 2=SW:食物 3=HJ:环境")
code_list("his_qingshanhu", "allergen", "ALLERGEN_TYPE", "1=D:药物 2=F:食物 3=E:环境")
code_list("his_donghu", "gmcd", "ALLERGY_SEVERITY", "1=轻 2=中 3=重 9=不详")
code_list("his_qingshanhu", "severity", "ALLERGY_SEVERITY", "1=L:轻 2=M:中 3=H:重 9=U:不详")
code_list("his_donghu", "xyqk", "CV03.00.101", "4=从不 3=已戒 1=吸烟 2=偶尔:偶尔吸")
code_list("his_qingshanhu", "smoke", "CV03.00.101", "4=NV:从不 3=QT:已戒 1=YS:每天吸 2=OC:偶尔吸")

HEALTH = Recipe(
    "basic_health_info",
    faults="missing:disease_history bad_code:abo_blood_type_code blanks:disease_history gbk:disease_history",
    corrects="other_medical_alert",
)


def _health(world: World, patient: Patient, at: datetime) -> str:
    rng = world.rng("health", patient.campus.name, patient.local_id)
    age = patient.age(at)
    allergy = patient.allergy
    diabetic, heart = age > 50 and rng.random() < 0.2, age > 55 and rng.random() < 0.2
    illnesses = [name for name, has in (("2型糖尿病", diabetic), ("冠心病", heart)) if has]
    key = f"JK{world.count(patient, 'health'):06d}"
    world.emit(
        "basic_health_info",
        patient,
        key,
        {
            "patient_id": patient.local_id,
            "health_card_no": patient.health_card_no,
            "patient_name": patient.name,
            "id_type_code": patient.paper_code,
            "id_no": patient.id_no,
            "sex_code": patient.sex,
            "birth_date": d8(patient.birth),
            "abo_blood_type_code": rng.choices("12345", (28, 24, 30, 8, 10))[0],
            "rh_blood_type_code": rng.choices("123", (1, 89, 10))[0],
            "disease_history": "、".join(illnesses) + "病史数年，规律服药" if illnesses else "无",
            "infectious_disease_history": "无",
            "vaccination_history": "按计划免疫程序接种",
            "surgery_history": "无",
            "transfusion_history": "无",
            "allergy_history_flag": flag(allergy is not None),
            "allergy_history": f"{allergy[2]}过敏" if allergy else None,
            "personal_history": "生长于原籍，无疫区居住史，无特殊嗜好",
            "marital_history": "适龄结婚，家人体健" if patient.marital_code == "20" else None,
            "menstrual_history": "月经规则，周期28天，经期5天"
            if patient.sex == "2" and 14 <= age <= 48
            else None,
            "family_history": "否认家族遗传病史",
            "drug_allergy_flag": flag(allergy is not None and allergy[0] == "1"),
            "surgery_history_flag": "F",
            "transfusion_history_flag": "F",
            "asthma_flag": flag(any(visit.main.code == "J45.900" for visit in patient.visits)),
            "heart_disease_flag": flag(heart),
            "diabetes_flag": flag(diabetic),
            "pacemaker_flag": "F",
            "smoking_status_code": "4" if age < 18 or patient.sex == "2" else rng.choice("4311"),
            "height": f"{_height(age, rng.random()):.1f}",
            "weight": f"{_weight(age, rng.random()):.2f}",
            "recorder_id": patient.archiver.staff_id,
            "recorder_name": patient.archiver.name,
            "record_time": dt15(minute(at)),
        },
        created=at,
    )
    return key


def _height(age: int, chance: float) -> float:
    return 152 + 30 * chance if age >= 15 else 70 + 6 * age + 8 * chance


def _weight(age: int, chance: float) -> float:
    return 46 + 38 * chance if age >= 15 else 8 + 2.4 * age + 3 * chance


ALLERGY = Recipe(
    "basic_allergenic_ing",
    faults="missing:allergen_name bad_code:allergen_type_code blanks:allergen_name",
    corrects="remark",
    late=True,
)


def _allergy(world: World, patient: Patient, health_key: str, at: datetime) -> None:
    if patient.allergy is None:
        return
    kind, code, name, drug_name = patient.allergy
    drug = next((one for one in drugs() if one.generic == drug_name), None)
    world.emit(
        "basic_allergenic_ing",
        patient,
        f"{2000 + world.count(patient, 'allergy')}",
        {
            "health_info_id": health_key,
            "patient_id": patient.local_id,
            "allergen_seq": "1",
            "allergen_type_code": kind,
            "allergen_code": code,
            "allergen_name": name,
            "allergy_drug_code": drug.drug_id if drug else None,
            "allergy_drug_name": drug_name,
            "allergy_symptom": "皮疹、瘙痒",
            "severity_code": "1",
            "occurrence_time": _years_before(patient, at),
            "confirmed_flag": "T",
            "allergy_status_code": "1",
            "recorder_id": patient.archiver.staff_id,
            "recorder_name": patient.archiver.name,
            "record_time": dt15(minute(at)),
        },
        created=at,
    )


def _years_before(patient: Patient, at: datetime) -> str | None:
    """Drug allergies are remembered from a treatment two years ago; other ones have no moment."""
    then = at - timedelta(days=730)
    return (
        dt15(minute(then)) if patient.allergy and patient.allergy[3] and then.date() > patient.birth else None
    )


def build(world: World, batch: Batch) -> None:
    """Health files of the batch's new patients; the newborn have none yet."""
    for patient in batch.patients:
        if not patient.newborn:
            at = patient.archive_time + timedelta(minutes=3)
            _allergy(world, patient, _health(world, patient, at), at)


DOMAIN = Domain((HEALTH, ALLERGY), build)
