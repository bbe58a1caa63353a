"""What is true on a home page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from medferry_sandbox.hospital.domains.stay_costs import home_class
from medferry_sandbox.hospital.domains.stay_orders import room_no
from medferry_sandbox.hospital.domains.visit import outcome
from medferry_sandbox.hospital.model import Drug, Staff, Visit, d8, dt15, flag, minute, yuan
from medferry_sandbox.hospital.world import World

Facts = dict[str, str | None]

FEE_OF_CLASS = {
    "01": "general_service_fee", "02": "general_treatment_fee", "03": "nursing_fee", "04": "general_other_fee",
    "05": "pathology_fee", "06": "lab_fee", "07": "imaging_fee", "08": "clinical_diag_fee", "09": "nonsurgical_fee",
    "10": "surgical_fee", "11": "rehab_fee", "12": "tcm_treatment_fee", "13": "western_drug_fee",
    "14": "patent_drug_fee", "15": "herbal_fee", "16": "blood_fee", "17": "albumin_fee", "18": "globulin_fee",
    "19": "coagulation_fee", "20": "cytokine_fee", "21": "exam_material_fee", "22": "treatment_material_fee",
    "23": "surgery_material_fee", "24": "other_fee",
}  # fmt: skip
_PATHOLOGY = {
    "C34.100": ("M81400/3", "腺癌"),
    "C50.900": ("M85000/3", "浸润性导管癌"),
    "C16.900": ("M81400/3", "腺癌"),
}
"""Main diagnosis -> code and name of the tissue."""
_NOT_TESTED = ("6", "4")
_EMPLOYERS = {"17": "南昌市赣江物业服务有限公司", "24": "江西昌北机械制造有限公司"}


@dataclass(frozen=True, slots=True)
class Team:
    """Who signs for a stay, one person per post."""

    director: Staff
    chief: Staff
    attending: Staff
    resident: Staff


def team(world: World, visit: Visit) -> Team:
    """The department's doctors by rank."""
    director, chief, attending, *_ = world.directory(visit).people("doctor", visit.dept)
    return Team(director, chief, attending, visit.resident)


def hospital_days(visit: Visit) -> int:
    """Nights; a stay of one day counts 1."""
    assert visit.end is not None
    return max(1, (visit.end.date() - visit.start.date()).days)


def leaves(world: World, visit: Visit) -> str:
    """RC019: how the patient left."""
    if visit.died:
        return "5"
    return "4" if world.rng("leaves", visit.campus.name, visit.visit_id).random() < 0.04 else "1"


def birth_weight_g(world: World, visit: Visit) -> int:
    """Of the child born in this stay."""
    return world.rng("birth_weight", visit.campus.name, visit.visit_id).randrange(260, 390) * 10


def blood_types(world: World) -> dict[tuple[str, str], tuple[str, str]]:
    """(campus, patient) -> ABO and Rh codes, as the health files have them: told before the stays, by alphabet."""
    found = {}
    for record in world.of("basic_health_info"):
        facts = record.versions[0].facts
        patient = (record.campus.name, facts["patient_id"])
        found[patient] = (facts["abo_blood_type_code"], facts["rh_blood_type_code"])
    return found


def home_page(world: World, visit: Visit, blood: tuple[str, str]) -> None:
    """Made right after discharge, archived two days later at most. `blood`: ABO and Rh codes."""
    assert visit.end is not None
    made = world.clamp(visit, visit.end + timedelta(hours=3))
    who = (visit.campus.name, visit.visit_id)
    lives = [kind for kind in ("ventilator",) if visit.died and world.lives.happens(kind, *who)]
    if world.lives.happens("blood_not_tested", *who):
        blood, lives = _NOT_TESTED, [*lives, "blood_not_tested"]
    if world.lives.happens("dashes", *who):
        lives.append("dashes")
    filed = minute(world.clamp(visit, visit.end + timedelta(hours=44)))
    world.emit(
        "inpatient_record_home",
        visit,
        f"B{visit.visit_id}",
        {
            **_whose(visit),
            **_addresses(visit),
            **_stay(visit, leaves(world, visit), lives),
            **_diagnoses(visit),
            **_clinical(world, visit, blood),
            **_signed(world, visit),
            **_fees(visit),
            "archive_time": dt15(filed),
            **(_dashes(visit) if "dashes" in lives else {}),
        },
        created=made,
        updated=max(made, filed),
        lives=lives,
    )


def _dashes(visit: Visit) -> Facts:
    """As the filling guide has it: a dash where there is nothing to say."""
    empty = ("employer_name",) if visit.patient.occupation_code not in _EMPLOYERS else ()
    nothing = [*empty, "injury_cause_name", "pathology_diag_name", "pathology_no", "allergy_drug"]
    told = {**_diagnoses(visit), **({"allergy_drug": "x"} if visit.patient.allergy else {})}
    return {name: "-" for name in nothing if not told.get(name)}


def _whose(visit: Visit) -> Facts:
    patient = visit.patient
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "social_credit_code": visit.campus.org_code,
        "payment_method_code": visit.payment_code,
        "health_card_no": patient.health_card_no,
        "admission_times": str(visit.times),
        "inpatient_no": visit.local_no,
        "medical_record_no": patient.medical_record_no,
        "patient_name": patient.name,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(visit.start)),
        "nationality_code": patient.nationality_code,
        "ethnic_code": patient.ethnic_code,
        "id_type_code": patient.paper_code,
        "id_no": patient.id_no,
        "occupation_code": patient.occupation_code,
        "marital_code": patient.marital_code,
        "settlement_no": visit.settlement_no,
    }


def _addresses(visit: Visit) -> Facts:
    patient, contact = visit.patient, next(iter(visit.patient.contacts), None)
    place = patient.address
    parts = (("province", place.province), ("city", place.city), ("county", place.county), ("township", place.town),
             ("village", place.village), ("house_no", place.house_no), ("code", place.area_code))  # fmt: skip
    employer = _EMPLOYERS.get(patient.occupation_code)
    friend = contact is not None and contact.relation_code == "10" and patient.marital_code != "20"
    return {
        **{f"current_addr_{name}": text for name, text in parts},
        **{f"household_addr_{name}": text for name, text in parts},
        **{f"birth_place_{name}": text for name, text in parts[:3]},
        **{f"native_place_{name}": text for name, text in parts[:2]},
        **{f"contact_addr_{name}": text for name, text in parts[:3]},
        "current_postcode": place.postcode,
        "household_postcode": place.postcode,
        "phone": patient.phone or (contact.phone if contact else None),
        "employer_name": employer or "-",
        "employer_phone": "0791-88120016" if employer else None,
        "employer_postcode": "330013" if employer else None,
        "contact_name": contact.name if contact else "-",
        "contact_relation_code": ("99" if friend else contact.relation_code) if contact else None,
        "contact_phone": contact.phone if contact else None,
    }


def _ventilated(visit: Visit) -> str:
    """Hours, counted from the emergency room on: more than the stay itself has."""
    assert visit.end is not None
    return f"{(visit.end - visit.start).total_seconds() / 3600 + 1.5:.1f}"


def _stay(visit: Visit, leaves: str, lives: list[str]) -> Facts:
    assert visit.bed is not None
    assert visit.end is not None
    days = hospital_days(visit)
    again = visit.scenario in ("ch", "ra")
    urgent = visit.scenario in ("h24", "h24d", "death")
    heavy = visit.scenario in ("death", "h24d", "su", "ca")
    ventilated = _ventilated(visit) if "ventilator" in lives else None
    return {
        "admission_route_code": "1" if urgent else "2",
        "treatment_category_code": "3",
        "admission_time": dt15(visit.start),
        "admission_dept_code": visit.dept.code,
        "admission_dept_name": visit.dept.name,
        "admission_room": room_no(visit.bed),
        "discharge_time": dt15(visit.end),
        "discharge_dept_code": visit.leaves_from.code,
        "discharge_dept_name": visit.leaves_from.name,
        "transfer_dept_code": visit.moved_to.code if visit.moved_to else None,
        "transfer_dept_name": visit.moved_to.name if visit.moved_to else None,
        "ventilator_hours": ventilated,
        "discharge_room": room_no(visit.bed),
        "hospital_days": str(days),
        "discharge_mode_code": leaves,
        "readmission_31d_flag": "2" if again else "1",
        "readmission_31d_purpose": "返院行下一周期抗肿瘤治疗" if again else None,
        "nursing_level1_days": str(days if heavy else 0),
        "nursing_level2_days": str(0 if heavy else days),
        "day_surgery_flag": "F",
    }


def _diagnoses(visit: Visit) -> Facts:
    assert visit.end is not None
    code, name = visit.main.code, visit.main.name
    pathology = _PATHOLOGY.get(code)
    injured = code[0] in "ST"
    return {
        "outpatient_diag_code": code,
        "outpatient_diag_name": name,
        "admission_diag_code": code,
        "admission_diag_name": name,
        "admission_severity_code": "1" if visit.died else "3",
        "confirm_diag_date": d8(min(visit.start + timedelta(days=1), visit.end).date()),
        "main_diag_code": code,
        "main_diag_name": name,
        "main_diag_admission_cond_code": "1",
        "main_diag_outcome_code": outcome(visit),
        "other_diag_count": str(len(visit.others)),
        "injury_cause_code": "W01.x00" if injured else None,
        "injury_cause_name": "在同一平面上滑倒、绊倒和摔倒" if injured else None,
        "pathology_diag_code": pathology[0] if pathology else None,
        "pathology_diag_name": pathology[1] if pathology else None,
        "pathology_no": f"BL{visit.number:06d}" if pathology else None,
        "differentiation_code": "2" if pathology else None,
        "tnm_stage": "T2N1M0" if pathology else None,
        "highest_diag_basis_code": "7" if pathology else "2",
        "match_op_adm_code": "1",
        "match_in_out_code": "1",
        "match_pre_post_op_code": "1" if visit.operation else None,
        "match_clin_path_code": "1" if pathology else "0",
    }


def _clinical(world: World, visit: Visit, blood: tuple[str, str]) -> Facts:
    allergy = visit.patient.allergy
    allergic = allergy is not None and allergy[0] == "1"
    return {
        "newborn_birth_weight": str(birth_weight_g(world, visit)) if visit.baby else None,
        "drug_allergy_flag": "2" if allergic else "1",
        "allergy_drug": (allergy[3] or allergy[2]) if allergy and allergic else None,
        "autopsy_flag": "2" if visit.died else None,
        "abo_code": blood[0],
        "rh_code": blood[1],
        "operation_flag": flag(visit.operation is not None),
        "operation_count": str(int(visit.operation is not None)),
        "pathway_enter_flag": flag(visit.scenario in ("su", "ca", "va")),
        "single_disease_flag": "F",
        "rescue_times": str(int(visit.died)),
        "rescue_success_times": "0",
        "critical_flag": flag(visit.died),
        "difficult_flag": "F",
        "hospital_infection_flag": "F",
        "pressure_ulcer_flag": "F",
        "fall_flag": "F",
        "transfusion_flag": "F",
        "transfusion_reaction_code": "0",
        "antibiotic_flag": flag(_antibiotic_cents(visit) > 0),
        "infectious_report_flag": flag(visit.infectious),
    }


def _signed(world: World, visit: Visit) -> Facts:
    assert visit.end is not None
    directory, posts = world.directory(visit), team(world, visit)
    rng = world.rng("signed", visit.campus.name, visit.visit_id)
    assert visit.ward is not None
    auditor = directory.people("doctor", directory.dept("A04" if visit.dept.code != "A04" else "A05"))[1]
    nurses = [one for one in directory.people("nurse", visit.ward) if one is not visit.nurse]
    people = {
        "dept_director": posts.director,
        "chief_physician": posts.chief,
        "attending_physician": posts.attending,
        "resident_physician": posts.resident,
        "responsible_nurse": visit.nurse,
        "coder": directory.clerk(rng, "L02"),
        "qc_physician": auditor,
        "qc_nurse": nurses[0],
        "chief_in_charge": visit.doctor,
    }
    facts: Facts = {"record_quality_code": rng.choices("12", (12, 1))[0], "qc_date": d8(visit.end.date())}
    for post, one in people.items():
        facts[f"{post}_id"], facts[f"{post}_name"] = one.staff_id, one.name
    return facts


def _antibiotic_cents(visit: Visit) -> int:
    return sum(
        order.amount_cents
        for order in visit.orders
        if isinstance(order.item, Drug) and order.item.antibacterial
    )


def _fees(visit: Visit) -> Facts:
    sums: Counter[str] = Counter()
    for order in visit.orders:
        sums[home_class(order)] += order.amount_cents
    anesthesia = sum(order.amount_cents for order in visit.orders if order.kind == "anesthesia")
    return {
        "total_cost": yuan(visit.total_cents),
        "self_pay_amount": yuan(visit.total_cents - visit.insurance_cents),
        **{name: yuan(sums[code]) for code, name in FEE_OF_CLASS.items()},
        "physiotherapy_fee": yuan(0),
        "anesthesia_fee": yuan(anesthesia),
        "operation_fee": yuan(sums["10"] - anesthesia),
        "antibiotic_fee": yuan(_antibiotic_cents(visit)),
    }
