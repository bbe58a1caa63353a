"""Nursing on the wards: general records with vital signs, and what was done. EMR.

    emr  ward_card (native: the card at the bed: department, bed, diagnosis of a stay), nurse_sheet + nurse_vital, nurse_act
Names and identity numbers come from the HIS by the look-up table `patients`; delivery records join ward_card too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from medferry_sandbox.hospital.clinic import body
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.stay_orders import room_no
from medferry_sandbox.hospital.model import Order, Visit, d8, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "nurse_grade", "CV06.00.220", "1=TJ:特级 2=YJ:一级 3=EJ:二级 4=SJ:三级")
code_list("emr", "nurse_kind", "CV06.00.221", "1=JC:基础护理 2=TS:特殊护理 3=BZ:辨证施护")
code_list("emr", "diet_state", "DIET_STATUS", "1=好:良好 2=中:一般 3=差:较差")
code_list("emr", "diet_kind", "CV06.00.224", "01=PS:普食 02=RS:软食 03=BL:半流质 04=LZ:流质 05=JS:禁食")
code_list("emr", "apart_kind", "CV06.00.222", "1=XH:消化道隔离 2=HX:呼吸道隔离 3=JC:接触隔离 7=BH:保护性隔离")

RECORD = Recipe(
    "general_nursing_record",
    faults="missing:brief_condition,observation_result bad_code:diet_status_code,nursing_type_code blanks:brief_condition "
    "full_width:position_care",
    corrects="nutrition_care",
)
ITEM = Recipe(
    "gnr_item",
    faults="missing:operation_result,operation_category bad_code:record_status blanks:operation_result",
    corrects="remark",
    cancels=True,
    late=True,
)
_ISOLATION = {"A16.200": "2", "B16.900": "3"}
_SIGNS = ("HLC01", "生命体征测量", "病情观察", "体温、脉搏、呼吸、血压已测并记录")
_ACTS = {
    "S0301": ("HLC02", "静脉输液护理", "给药治疗", "输液通畅，穿刺处无红肿渗出"),
    "S0303": ("HLC03", "雾化吸入护理", "气道护理", "雾化完成，痰液较前易咳出"),
    "S0306": ("HLC04", "留置导尿护理", "导管护理", "导尿管固定妥善，引流通畅，尿色清"),
    "S0308": ("HLC05", "化疗用药护理", "给药治疗", "输注顺利，无外渗，无不适主诉"),
    "S0309": ("HLC06", "切口换药护理", "伤口护理", "切口敷料干燥，无渗血渗液"),
}
_CONDITIONS = {
    "va": "产妇神志清，宫缩及恶露情况正常，会阴伤口无红肿",
    "ca": "产妇神志清，腹部切口敷料干燥，宫缩好，恶露量中",
    "su": "患者神志清，切口敷料干燥，诉切口轻度疼痛",
    "ch": "患者神志清，化疗中，无明显恶心呕吐",
    "ra": "患者神志清，放疗中，照射野皮肤完整",
    "ii": "患者神志清，体温波动，已行隔离护理",
    "death": "患者病情危重，意识模糊，持续心电监护",
    "h24d": "患者病情危重，意识模糊，持续心电监护",
}


def ward_card(world: World, visit: Visit) -> None:
    """The card at the bed, printed at admission."""
    patient, bed = visit.patient, visit.bed
    assert bed is not None
    world.native(
        visit,
        "emr",
        "ward_card",
        "enc_no",
        enc_no=visit.visit_id,
        pat_ref=patient.local_id,
        stay_no=visit.local_no,
        nth_stay=visit.times,
        unit_no=visit.dept.code,
        ward_no=bed.ward.code,
        room_txt=f"{room_no(bed)}室",
        bed_txt=f"{bed.bed_no}床",
        dx=f"{visit.main.code}|{visit.main.name}",
        gender={"1": "M", "2": "F"}[patient.sex],
        born=patient.birth.isoformat(),
        allergic="Y" if patient.allergy else "N",
        allergy_txt=f"{patient.allergy[2]}过敏" if patient.allergy else None,
    )


def card_facts(visit: Visit, at: datetime) -> dict[str, str | None]:
    """What every record of a stay takes from the card and the patient; `at` is when it was written."""
    patient, bed = visit.patient, visit.bed
    assert bed is not None
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "inpatient_no": visit.local_no,
        "patient_name": patient.name,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(at)),
        "id_no": patient.id_no,
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        "ward_code": bed.ward.code,
        "ward_name": bed.ward.name,
        "room_no": room_no(bed),
        "bed_no": bed.bed_no,
    }


def _heavy(visit: Visit) -> bool:
    return any(order.item.item_id == "S0009" for order in visit.orders)


def _moments(visit: Visit) -> Iterator[datetime]:
    """Half an hour after admission, then each morning, and each evening under first-grade nursing."""
    yield minute(visit.start) + timedelta(minutes=30)
    for day in range(1, 40):
        for hour in (9, 17) if _heavy(visit) else (9,):
            at = visit.day_after(day, hour, 10)
            if at >= visit.until - timedelta(minutes=15):
                return
            yield at


def _vitals(world: World, visit: Visit, nth: int, *, unmeasured: bool) -> dict[str, str | None]:
    rng = world.rng("vitals", visit.campus.name, visit.visit_id, nth)
    feverish = visit.scenario == "ii" or visit.dept.code == "A01"
    low = rng.randint(58, 86)
    return {
        "weight": body(world, visit)[1] if nth == 1 else None,
        "temperature": f"{rng.uniform(36.2, 38.6 if feverish and nth < 3 else 37.2):.1f}",
        "respiratory_rate": str(rng.randint(16, 22)),
        "pulse_rate": str(rng.randint(66, 102)),
        "systolic_bp": None if unmeasured else str(low + rng.randint(32, 56)),
        "diastolic_bp": None if unmeasured else str(low),
        "oxygen_saturation": f"{rng.uniform(92 if visit.died else 95, 99):.1f}",
        "dorsalis_pedis_pulse_flag": "T",
    }


def _operated(visit: Visit, at: datetime) -> dict[str, str | None]:
    """The lists that go to the theatre and come back."""
    if visit.operation_start is None or visit.operation_end is None:
        return {}
    out, back = flag(at >= visit.operation_start), flag(at >= visit.operation_end)
    return {
        "safety_checklist_issued_flag": out,
        "safety_checklist_returned_flag": back,
        "risk_assessment_issued_flag": out,
        "risk_assessment_returned_flag": back,
    }


def _lying(visit: Visit, *, fasting: bool) -> str:
    if fasting:
        return "去枕平卧6小时"
    if visit.died:
        return "每2小时协助翻身1次"
    return "半卧位30度" if visit.dept.code in ("A01", "A03") else "自主体位"


def _care(visit: Visit, at: datetime) -> dict[str, str | None]:
    ordered = {order.item.item_id for order in _in_force(visit, at)}
    apart = visit.infectious
    fasting = (
        visit.operation_start is not None
        and at.date() == visit.operation_start.date()
        and visit.scenario != "va"
    )
    return {
        "nursing_grade_code": "2" if _heavy(visit) else "3",
        "nursing_type_code": "1",
        "diet_status_code": "3" if visit.died else "2" if fasting else "1",
        "diet_guide_code": "05" if fasting or visit.died else "03" if visit.dept.code == "A02" else "01",
        "catheter_care": "导尿管固定妥善，每日会阴擦洗两次" if "S0306" in ordered else None,
        "airway_care_code": "2" if "S0303" in ordered else None,
        "position_care": _lying(visit, fasting=fasting),
        "skin_care": "皮肤完整，无压力性损伤",
        "nutrition_care": "遵医嘱肠外营养支持" if fasting else "鼓励进食高蛋白、易消化饮食",
        "psychological_care_code": "2" if visit.died else "1",
        "safety_care_code": "2" if visit.died or _heavy(visit) else "1",
        "brief_condition": _CONDITIONS.get(visit.scenario, f"患者神志清，诊断{visit.main.name}，病情平稳"),
        "observation_item": "神志、饮食、皮肤、排泄",
        "observation_result": "神志模糊，禁食，皮肤完整，留置导尿"
        if visit.died
        else "神志清楚，饮食可，皮肤完整，二便正常",
        "isolation_flag": flag(apart),
        "isolation_type_code": _ISOLATION.get(visit.main.code, "7") if apart else None,
    }


def _in_force(visit: Visit, at: datetime) -> list[Order]:
    """Orders given by then, standing ones or of that day."""
    return [
        order
        for order in visit.orders
        if order.at <= at and (order.standing or at.date() in {charge.at.date() for charge in order.charges})
    ]


def _acts(visit: Visit, at: datetime) -> list[tuple[tuple[str, str, str, str], Order | None]]:
    """Measuring always; then what the orders in force ask for."""
    found: list[tuple[tuple[str, str, str, str], Order | None]] = [(_SIGNS, None)]
    for order in _in_force(visit, at):
        act = _ACTS.get(order.item.item_id)
        if act:
            found.append((act, order))
    nursing = next((order for order in visit.orders if order.kind == "nursing"), None)
    return [(act, order or nursing) for act, order in found]


def _record(world: World, visit: Visit, at: datetime, nth: int) -> None:
    allergy = visit.patient.allergy
    signed = at + timedelta(minutes=10)
    key = f"N{visit.visit_id}{nth:02d}"
    nurses = world.directory(visit).people("nurse", visit.bed.ward) if visit.bed else []
    nurse = nurses[nth % len(nurses)] if nurses else visit.nurse
    small = visit.patient.age(at) < 14
    unmeasured = small and world.lives.happens("child_without_pressure", visit.campus.name, key)
    world.emit(
        "general_nursing_record",
        visit,
        key,
        {
            **card_facts(visit, at),
            "sex_code": visit.patient.sex,
            "infant_no": "0" if visit.baby else None,
            "diagnosis_code": visit.main.code,
            "diagnosis_name": visit.main.name,
            "record_time": dt15(at),
            "allergy_flag": flag(allergy is not None),
            "allergy_history": f"{allergy[2]}过敏" if allergy else None,
            **_vitals(world, visit, nth, unmeasured=unmeasured),
            **_care(visit, at),
            **_operated(visit, at),
            "nurse_id": nurse.staff_id,
            "nurse_name": nurse.name,
            "sign_time": dt15(signed),
        },
        created=at,
        updated=signed,
        lives=["child_without_pressure"] if unmeasured else [],
    )
    for seq, ((code, name, category, result), order) in enumerate(_acts(visit, at), start=1):
        world.emit(
            "gnr_item",
            visit,
            str(30000 + world.count(visit, "nursing act")),
            {
                "nursing_record_id": key,
                "patient_id": visit.patient.local_id,
                "visit_id": visit.visit_id,
                "seq_no": str(seq),
                "operation_code": code,
                "operation_name": name,
                "operation_category": category,
                "operation_result": result,
                "operation_time": dt15(at + timedelta(minutes=seq)),
                "order_id": order.order_id if order else None,
                "quantity": "1",
                "nurse_id": nurse.staff_id,
                "nurse_name": nurse.name,
            },
            created=at + timedelta(minutes=seq),
            updated=signed,
        )


def build(world: World, batch: Batch) -> None:
    """Cards and nursing records of the batch's stays."""
    for visit in batch.visits:
        if visit.inpatient:
            ward_card(world, visit)
            for nth, at in enumerate(_moments(visit), start=1):
                _record(world, visit, at, nth)


DOMAIN = Domain((RECORD, ITEM), build)
