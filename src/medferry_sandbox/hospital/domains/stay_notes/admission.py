"""Admission record and first course record: within hours of admission."""

from __future__ import annotations

from datetime import timedelta

from medferry_sandbox.hospital.clinic import body
from medferry_sandbox.hospital.domains.stay_notes.stay import Facts, head_facts, written
from medferry_sandbox.hospital.model import Visit, d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.world import World

ADMISSION = Recipe(
    "admission_record",
    faults="missing:chief_complaint,lymph_node_exam,present_illness bad_code:narrator_relation_code,occupation_code"
    " blanks:present_illness,chief_complaint",
    corrects="specialty_exam",
    cancels=True,
    late=True,
)

FIRST = Recipe(
    "the_first_medical_rec",
    faults="missing:case_feature,differential_diag_name,diagnosis_basis blanks:case_feature,treatment_plan",
    corrects="differential_analysis",
    cancels=True,
    late=True,
)

_DIFFERENTIAL = {
    "A01": "肺结核；支气管肺癌",
    "A02": "消化性溃疡；急性胰腺炎",
    "A03": "主动脉夹层；肺栓塞",
    "A04": "短暂性脑缺血发作；颅内占位",
    "A05": "其他特殊类型糖尿病",
    "B01": "消化性溃疡穿孔；输尿管结石",
    "B02": "病理性骨折；关节脱位",
    "B03": "膀胱肿瘤；泌尿系感染",
    "C01": "胎盘早剥；前置胎盘",
    "C02": "卵巢肿瘤",
    "D01": "支气管异物；肺结核",
    "E01": "转移性肿瘤；良性占位",
    "F01": "其他病原体所致感染",
}
_FOCUS = {
    "B01": "腹部压痛，未及明显反跳痛",
    "B02": "患处肿胀，活动受限，末梢血运好",
    "C01": "宫高腹围与孕周相符，胎心率142次/分",
    "E01": "全身浅表淋巴结未及肿大，体力状况评分1分",
}


def narrator(visit: Visit) -> Facts:
    """Children and the gravely ill do not speak for themselves."""
    patient = visit.patient
    if patient.unknown:
        return {"narrator_name": "急救人员", "narrator_relation_code": "99", "narration_reliable_flag": "F"}
    contact = patient.contacts[0]
    own = patient.age(visit.start) >= 14 and not visit.died
    return {
        "narrator_name": patient.name if own else contact.name,
        "narrator_relation_code": "01" if own else contact.relation_code,
        "narration_reliable_flag": "T",
    }


def present_illness(visit: Visit) -> str:
    """From onset to admission."""
    return (
        f"患者于{visit.onset:%Y年%m月%d日%H时}起出现不适，{visit.complaint}，无明显诱因，未予特殊处理，症状无缓解。"
        f"为求进一步诊治来我院，门诊以“{visit.main.name}”收住{visit.dept.name}。起病以来精神、睡眠欠佳，大小便正常。"
    )


def allergies(visit: Visit) -> str:
    """As the patient tells it."""
    return f"{visit.patient.allergy[2]}过敏" if visit.patient.allergy else "无"


def admission(world: World, visit: Visit) -> None:
    """Signed within the shift; the confirmed diagnosis follows the next day."""
    at = written(visit, timedelta(hours=3))
    confirmed = min(visit.start + timedelta(days=1, hours=2), visit.until)
    late = confirmed.date() > visit.start.date()
    diagnosis: Facts = {
        "initial_diag_code": visit.main.code,
        "initial_diag_name": visit.main.name,
        "initial_diag_date": d8(visit.start.date()),
        "diag_order": "1",
    }
    if late:
        diagnosis |= {
            "confirmed_diag_code": visit.main.code,
            "confirmed_diag_name": visit.main.name,
            "confirmed_diag_date": d8(confirmed.date()),
        }
    world.emit(
        "admission_record",
        visit,
        f"RY{visit.visit_id}",
        {
            **head_facts(world, visit, "admission_record"),
            **narrator(visit),
            **_history(visit),
            **_examination(world, visit),
            **diagnosis,
            "record_time": dt15(at),
            "sign_time": dt15(written(visit, timedelta(hours=3, minutes=20))),
        },
        created=at,
        updated=max(at, confirmed) if late else at,
    )


def _history(visit: Visit) -> Facts:
    patient = visit.patient
    age = patient.age(visit.start)
    illnesses = [one.name for one in visit.others if one.code[0] in "IE"]
    menstruates = patient.sex == "2" and 14 <= age <= 50
    return {
        "chief_complaint": visit.complaint,
        "present_illness": present_illness(visit),
        "general_health_flag": flag(not illnesses),
        "disease_history": f"既往有{'、'.join(illnesses)}病史，规律服药" if illnesses else None,
        "infectious_flag": flag(visit.infectious),
        "infectious_history": f"本次诊断{visit.main.name}，按传染病隔离" if visit.infectious else None,
        "marital_history": "适龄婚育，配偶及子女体健" if patient.marital_code == "20" else None,
        "allergy_history": allergies(visit),
        "vaccination_history": "按计划免疫程序接种",
        "operation_history": "否认手术史",
        "transfusion_history": "否认输血史",
        "personal_history": "生于原籍，无疫水疫区接触史，无烟酒嗜好",
        "menstrual_history": "月经周期28天，经期5天，量中，无痛经" if menstruates else None,
        "family_history": "否认家族性遗传病史",
    }


def vital_signs(world: World, visit: Visit) -> Facts:
    """At admission; by age, with fever where the complaint has it."""
    rng = world.rng("vital", visit.campus.name, visit.visit_id)
    child = visit.patient.age(visit.start) < 12
    feverish = "热" in visit.complaint
    systolic = rng.randint(92, 106) if child else rng.randint(108, 148)
    return {
        "temperature": f"{rng.uniform(38.1, 39.2) if feverish else rng.uniform(36.2, 37.1):.1f}",
        "pulse_rate": str(rng.randint(96, 118) if child or feverish else rng.randint(64, 92)),
        "respiratory_rate": str(rng.randint(22, 28) if child else rng.randint(16, 20)),
        "systolic_pressure": str(systolic),
        "diastolic_pressure": str(systolic - rng.randint(34, 46)),
    }


def _examination(world: World, visit: Visit) -> Facts:
    height, weight = body(world, visit)
    return {
        **vital_signs(world, visit),
        "height": height,
        "weight": weight,
        "general_exam": "发育正常，营养中等，神志清楚，查体合作" if not visit.died else "急性病容，神志模糊",
        "skin_mucosa_exam": "皮肤黏膜无黄染，无皮疹及出血点",
        "lymph_node_exam": "全身浅表淋巴结未触及肿大",
        "head_organ_exam": "头颅五官无畸形，双侧瞳孔等大等圆，对光反射灵敏",
        "neck_exam": "颈软，气管居中，甲状腺未触及肿大",
        "chest_exam": "双肺可闻及湿啰音"
        if visit.dept.code == "A01"
        else "双肺呼吸音清，未闻及干湿啰音，心律齐",
        "abdomen_exam": "腹膨隆，可及宫缩" if visit.dept.code == "C01" else "腹平软，肝脾肋下未触及",
        "anal_exam": "未查",
        "genital_exam": "未查",
        "spine_exam": "脊柱生理弯曲存在，无压痛",
        "limbs_exam": _FOCUS["B02"] if visit.dept.code == "B02" else "四肢活动自如，双下肢无水肿",
        "nervous_exam": "生理反射存在，病理反射未引出",
        "specialty_exam": _FOCUS.get(visit.dept.code),
        "auxiliary_exam_result": "门诊血常规、心电图已查，结果见报告",
    }


def first_course(world: World, visit: Visit) -> None:
    """Within eight hours."""
    at = written(visit, timedelta(hours=2))
    age = visit.patient.age(visit.start)
    sex = "男" if visit.patient.sex == "1" else "女"
    world.emit(
        "the_first_medical_rec",
        visit,
        f"SC{visit.visit_id}",
        {
            **head_facts(world, visit, "the_first_medical_rec"),
            "record_time": dt15(at),
            "chief_complaint": visit.complaint,
            "case_feature": f"1.{sex}性，{age}岁。2.{visit.complaint}。3.过敏史：{allergies(visit)}。4.查体见入院记录。",
            "diagnosis_basis": f"根据病史“{visit.complaint}”、体征及门诊辅助检查，符合{visit.main.name}。",
            "initial_diag_code": visit.main.code,
            "initial_diag_name": visit.main.name,
            "differential_diag_name": _DIFFERENTIAL[visit.dept.code],
            "differential_analysis": "结合病史、体征与辅助检查，目前依据不足，动态观察以排除",
            "treatment_plan": _plan(visit),
            "sign_time": dt15(written(visit, timedelta(hours=2, minutes=10))),
        },
        created=at,
    )


def _plan(visit: Visit) -> str:
    names = [order.item.name for order in visit.orders if order.kind in ("lab", "exam", "drug")]
    surgery = f"拟行{visit.operation[1]}。" if visit.operation else ""
    return f"1.按{visit.dept.name}护理常规。2.完善{'、'.join(names[:6])}等。3.对症支持治疗。{surgery}"
