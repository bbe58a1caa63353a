"""Vaginal deliveries, one row per newborn. EMR: birth_note + birth_course + birth_after + birth_child, beside ward_card."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.births import Birth, birth_of, newborn_facts, people_facts, watch_facts
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.nursing import card_facts
from medferry_sandbox.hospital.model import Staff, Visit, d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list(
    "emr",
    "fetal_pos",
    "CV05.01.007",
    "01=LOA:左枕前 02=ROA:右枕前 03=LOP:左枕后 04=ROP:右枕后 05=LOT:左枕横 06=ROT:右枕横",
)
code_list("emr", "tear", "CV05.01.010", "1=0:无裂伤 2=I:Ⅰ度 3=II:Ⅱ度 4=III:Ⅲ度 5=CUT:会阴切开")
code_list("emr", "born_end", "DELIVERY_OUTCOME", "1=活产 2=死胎 3=死产")
code_list("emr", "born_odd", "CV05.10.020", "1=N:无 4=P:早产 5=A:窒息 6=L:低体重")

VAGINAL = Recipe(
    "vaginal_delivery_rec",
    faults="missing:uterine_contraction,admission_diagnosis bad_code:perineal_laceration_code,fetal_position_code "
    "blanks:postpartum_diagnosis full_width:gestational_weeks",
    corrects="delivery_special_condition",
    late=True,
)


def _course(visit: Visit, birth: Birth) -> dict[str, str | None]:
    """Pains, waters, child, afterbirth: times in order, and stages that are their differences."""
    first, second, third = birth.stages_min
    full = birth.at - timedelta(minutes=second)
    labor = full - timedelta(minutes=first)
    return {
        "predelivery_time": dt15(min(visit.start.replace(second=0) + timedelta(minutes=20), full)),
        "labor_start_time": dt15(labor),
        "membrane_rupture_time": dt15(birth.at - timedelta(minutes=second + 25)),
        "fore_amniotic_character": "清",
        "fore_amniotic_volume": "50",
        "first_stage_min": str(first),
        "cervix_full_dilation_time": dt15(full),
        "second_stage_min": str(second),
        "fetal_delivery_time": dt15(birth.at),
        "third_stage_min": str(third),
        "placenta_delivery_time": dt15(birth.placenta),
        "total_stage_min": str(first + second + third),
    }


def _canal(birth: Birth) -> dict[str, str | None]:
    """Every delivery of this scenario has its perineum cut and sewn."""
    return {
        "assisted_delivery_flag": "F",
        "placenta_delivery_desc": "胎盘自然娩出，完整，大小18cm×17cm×2cm，重约520g",
        "membrane_intact_flag": "T",
        "cord_abnormal_flag": flag(birth.cord_loops > 0),
        "cord_abnormal_desc": f"脐带绕颈{birth.cord_loops}周" if birth.cord_loops else None,
        "intrapartum_drug": "缩宫素注射液",
        "preventive_measure": "胎肩娩出后肌注缩宫素10IU预防产后出血",
        "episiotomy_flag": "T",
        "episiotomy_site": "会阴左侧切",
        "perineal_suture_count": str(birth.stitches),
        "perineal_laceration_code": "5",
        "perineal_hematoma_flag": "F",
        "anesthesia_method_code": "35",
        "anesthetic_name": "盐酸利多卡因注射液",
        "vaginal_laceration_flag": "F",
        "vaginal_hematoma_flag": "F",
        "cervical_laceration_flag": "F",
        "repair_operation_desc": "会阴切口逐层缝合，皮内缝合，对合好",
        "cord_blood_flag": "F",
        "uterine_contraction": "宫缩规律，间隔2~3分钟，持续40~50秒，强度中等",
        "uterus_condition": "子宫轮廓清，无压痛",
    }


def _delivery(world: World, visit: Visit) -> None:
    birth = birth_of(world, visit)
    if birth is None:
        return
    signed = birth.watched + timedelta(minutes=10)
    weeks = birth.weeks
    dx = f"孕{birth.gravidity}产{birth.parity} 孕{weeks}周头位"
    world.emit(
        "vaginal_delivery_rec",
        visit,
        f"VD{visit.visit_id}1",
        {
            **card_facts(visit, birth.at),
            "case_no": visit.patient.medical_record_no,
            "admission_times": str(visit.times),
            "predelivery_record_id": f"DC{visit.visit_id}",
            "gravidity": str(birth.gravidity),
            "parity": str(birth.parity),
            "last_menstrual_date": d8(birth.last_period),
            "expected_delivery_date": d8(birth.due),
            "gestational_weeks": weeks,
            "admission_diagnosis": f"孕{birth.gravidity}产{birth.parity - 1} 孕{weeks}周 临产",
            **_course(visit, birth),
            **_canal(birth),
            **newborn_facts(birth),
            **watch_facts(birth, "postpartum"),
            "anal_exam": "直肠黏膜光滑，未触及缝线",
            "postpartum_drug": "缩宫素注射液",
            "lochia_condition": "血性恶露，量中，无异味",
            "perineum_condition": "切口对合好，无红肿渗血",
            "postpartum_diagnosis": f"{dx} 顺产 单活婴",
            "postpartum_bladder_full_flag": "F",
            "fetal_position_code": birth.position,
            **people_facts(_people(world, visit)),
            "sign_time": dt15(signed),
        },
        created=birth.placenta,
        updated=signed,
    )


def _people(world: World, visit: Visit) -> dict[str, Staff]:
    directory = world.directory(visit)
    return {
        "midwife": visit.nurse,
        "surgeon": visit.doctor,
        "pediatrician": directory.people("doctor", directory.dept("D01"))[2],
        "assistant": visit.resident,
        "instructor": directory.people("doctor", visit.dept)[0],
        "recorder": visit.nurse,
    }


def build(world: World, batch: Batch) -> None:
    """Vaginal deliveries of the batch."""
    for visit in batch.visits:
        if visit.scenario == "va":
            _delivery(world, visit)


DOMAIN = Domain((VAGINAL,), build)
