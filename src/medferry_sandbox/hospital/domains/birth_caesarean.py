"""Caesarean sections, one row per newborn. EMR: cs_note + cs_course + cs_inside + cs_after + cs_child, beside ward_card."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.births import Birth, birth_of, newborn_facts, people_facts, watch_facts
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.nursing import card_facts
from medferry_sandbox.hospital.model import Staff, Visit, dt15
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "cs_numb", "CV06.00.103", "1=QM:全麻 2=ZGN:椎管内 21=YM:腰麻 22=YMW:硬膜外 4=FH:复合麻醉")
code_list("emr", "cs_lies", "CV05.01.007", "01=左枕前 02=右枕前 05=左枕横 06=右枕横 13=左骶前 14=右骶前")
code_list("emr", "cs_odd", "CV05.10.020", "1=无:无异常 4=早产 5=窒息 6=低体重")
code_list("emr", "cs_ended", "DELIVERY_OUTCOME", "1=L:活产 2=D:死胎 3=S:死产")

CAESAREAN = Recipe(
    "caesarean_section_rec",
    faults="missing:surgery_indication,operation_process bad_code:anesthesia_method_code,fetal_position_code "
    "blanks:operation_process full_width:gestational_weeks",
    corrects="other_drug_desc",
    late=True,
)
_STORY = (
    "椎管内麻醉成功后取仰卧位，常规消毒铺巾，取下腹部横切口逐层进腹，见子宫下段形成良好，横行切开子宫下段，"
    "吸净羊水，以枕位娩出一活婴，断脐后交台下处理。胎盘自然剥离，清理宫腔，可吸收线连续缝合子宫切口两层，"
    "探查双侧附件无异常，清点纱布器械无误，逐层关腹，皮内缝合。"
)


def _inside(birth: Birth) -> dict[str, str | None]:
    """What was seen, sewn and given."""
    loops = birth.cord_loops
    return {
        "uterus_condition": "子宫下段形成良好，厚约0.5cm，原瘢痕处无缺损",
        "fetal_delivery_method": "手取胎头，枕位娩出",
        "placenta_delivery_desc": "胎盘自然剥离，完整，大小19cm×18cm×2cm，重约560g",
        "placenta_stain": "未见黄染",
        "membrane_intact_flag": "T",
        "membrane_stain": "未见黄染",
        "cord_entangle_desc": f"绕颈{loops}周" if loops else None,
        "cord_torsion": "0",
        "cord_abnormal_desc": f"脐带绕颈{loops}周" if loops else None,
        "cord_blood_flag": "F",
        "uterine_suture_desc": "1号可吸收线连续缝合子宫切口两层",
        "uterotonic_name": "缩宫素注射液",
        "uterotonic_usage": "宫体注射10IU，静脉滴注10IU",
        "surgery_drug": "注射用头孢呋辛钠",
        "surgery_drug_dose": "1.5g",
        "explore_uterus": "子宫表面光滑，未见肌瘤",
        "explore_adnexa": "双侧输卵管、卵巢外观正常",
        "cavity_abnormal_flag": "F",
        "cavity_myoma_flag": "F",
        "maternal_condition": "术中血压、心率平稳，血氧饱和度98%~100%，尿液清",
        "blood_loss": str(birth.loss_ml),
        "transfusion_volume": "0",
        "infusion_volume": "1500",
        "other_drug": "0.9%氯化钠注射液",
    }


def _people(world: World, visit: Visit) -> dict[str, Staff]:
    directory = world.directory(visit)
    nurses = directory.people("nurse", directory.dept(visit.dept.ward))
    return {
        "surgeon": visit.doctor,
        "anesthesiologist": directory.people("doctor", directory.dept("J05"))[0],
        "scrub_nurse": nurses[1],
        "assistant": visit.resident,
        "pediatrician": directory.people("doctor", directory.dept("D01"))[2],
        "instructor": directory.people("doctor", visit.dept)[0],
        "recorder": visit.doctor,
    }


def _section(world: World, visit: Visit) -> None:
    birth = birth_of(world, visit)
    if (
        birth is None
        or visit.operation is None
        or visit.operation_start is None
        or visit.operation_end is None
    ):
        return
    end = visit.operation_end
    minutes = int((end - visit.operation_start).total_seconds()) // 60
    signed = birth.watched + timedelta(minutes=15)
    parity = f"孕{birth.gravidity}产{birth.parity}"
    world.emit(
        "caesarean_section_rec",
        visit,
        f"CS{visit.visit_id}1",
        {
            **card_facts(visit, birth.at),
            "case_no": visit.patient.medical_record_no,
            "admission_times": str(visit.times),
            "predelivery_record_id": f"DC{visit.visit_id}",
            "gravidity": str(birth.gravidity),
            "parity": str(birth.parity),
            "gestational_weeks": birth.weeks,
            "predelivery_time": dt15(visit.operation_start - timedelta(minutes=30)),
            "preop_diagnosis": f"孕{birth.gravidity}产{birth.parity - 1} 孕{birth.weeks}周 瘢痕子宫",
            "surgery_indication": "瘢痕子宫，孕妇要求剖宫产",
            "operation_code": visit.operation[0],
            "operation_name": visit.operation[1],
            "operation_start_time": dt15(visit.operation_start),
            "anesthesia_method_code": "2",
            "anesthesia_position": "右侧卧位穿刺，后改仰卧位",
            "anesthesia_effect": "满意",
            "operation_process": _STORY,
            "fetal_position_code": birth.position,
            "fetal_delivery_time": dt15(birth.at),
            "placenta_delivery_time": dt15(birth.placenta),
            **_inside(birth),
            **newborn_facts(birth),
            **watch_facts(birth, "postop"),
            "postop_blood_loss": str(birth.loss_ml + 40),
            "oxygen_min": str(minutes),
            "operation_end_time": dt15(end),
            "operation_duration_min": str(minutes),
            "postop_diagnosis": f"{parity} 孕{birth.weeks}周 瘢痕子宫 剖宫产 单活婴",
            **people_facts(_people(world, visit)),
            "sign_time": dt15(signed),
        },
        created=end,
        updated=signed,
    )


def build(world: World, batch: Batch) -> None:
    """Caesarean sections of the batch."""
    for visit in batch.visits:
        if visit.scenario == "ca":
            _section(world, visit)


DOMAIN = Domain((CAESAREAN,), build)
