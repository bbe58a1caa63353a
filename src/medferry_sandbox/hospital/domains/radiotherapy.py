"""Courses of radiotherapy: a sheet in the EMR, prescribed and delivered dose beside each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.model import Drug, Order, Visit, d8, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "ray_visit", "CV09.00.404", "1=O:门诊 2=E:急诊 3=I:住院")
code_list("emr", "ray_aim", "RADIO_PURPOSE", "1=GZ:根治 2=GX:姑息 3=FZ:辅助 4=XFZ:新辅助 9=QT:其他")
code_list("emr", "ray_mode", "RADIO_MODE", "1=EXT:外照射 2=BRA:近距离 3=NUC:核素 9=OTH:其他")
code_list(
    "emr",
    "ray_way",
    "RADIO_TECHNIQUE",
    "01=2D:二维 02=3DCRT:适形 03=IMRT:调强 04=VMAT:容积调强 05=IGRT:图像引导 06=SBRT:立体定向",
)
code_list("emr", "ray_run", "RADIO_PROGRAM", "1=LX:连续 2=JD:间断 3=FD:分段")
code_list("emr", "ray_machine", "RADIO_DEVICE", "1=CO:钴60 2=LINAC:直线加速器 3=X:X线机 4=AL:后装 9=OTH:其他")
code_list("emr", "ray_answer", "TUMOR_RESPONSE", "1=CR 2=PR 3=SD 4=PD 5=NE")

COURSE = Recipe(
    "clinical_radiotherapy_records",
    faults="missing:target_volume,radiotherapy_site bad_code:radiotherapy_technique_code,therapeutic_purpose_code "
    "blanks:target_volume full_width:course_no",
    corrects="adverse_reaction",
    cancels=True,
    late=True,
)
_SITES = {
    "C34": ("右肺上叶", "GTV：右肺上叶原发灶及肿大淋巴结", "cT2N1M0"),
    "C50": ("左侧胸壁", "CTV：胸壁及锁骨上区", "pT2N2M0"),
}
_OTHER_SITE = ("上腹部", "CTV：瘤床及区域淋巴结", "pT3N1M0")
_CHEMOTHERAPY, _TARGETED = "1", "2"


def _course(world: World, visit: Visit, sessions: Order) -> None:
    """A short palliative course when it ended with the stay, else the first days of a long one."""
    rng = world.rng("radiotherapy", visit.campus.name, visit.visit_id)
    technicians = world.directory(visit).technician
    done = len(sessions.charges)
    finished = visit.end is not None and done >= 2
    each, planned = (500, done) if finished else (200, 25)
    site, target, stage = _SITES.get(visit.main.code[:3], _OTHER_SITE)
    first, last = sessions.charges[0].at, sessions.charges[-1].at
    world.emit(
        "clinical_radiotherapy_records",
        visit,
        f"F{visit.visit_id}",
        {
            **_who(visit, first),
            "diagnosis_code": visit.main.code,
            "diagnosis_name": visit.main.name,
            "tnm_stage": stage,
            "course_no": "1",
            "therapeutic_purpose_code": "2" if finished else "3",
            "radiotherapy_mode_code": "1",
            "radiotherapy_technique_code": rng.choice(("02", "03", "03", "04")),
            "radiotherapy_program_code": "1",
            "radiotherapy_device_code": "2",
            "device_model": "LA-6M",
            "ray_type": "6MV-X线",
            "radiotherapy_site": site,
            "target_volume": target,
            "start_date": d8(first),
            "end_date": d8(last) if finished else None,
            "prescribed_days": str(planned if finished else planned // 5 * 7),
            "prescribed_total_dose": f"{each * planned}.00",
            "prescribed_fractions": str(planned),
            "prescribed_fraction_dose": f"{each}.00",
            "delivered_total_dose": f"{each * done}.00",
            "delivered_fractions": str(done),
            "is_completed": flag(finished),
            **_drugs(visit),
            "effect_eval_date": d8(last) if finished else None,
            "effect_eval_code": "3" if finished else None,
            "adverse_reaction": "放射野皮肤轻度红斑，RTOG 1级" if done > 2 else None,
            "dept_code": visit.dept.code,
            "dept_name": visit.dept.name,
            "doctor_id": visit.doctor.staff_id,
            "doctor_name": visit.doctor.name,
            "physicist_name": technicians(rng, sessions.exec_dept).name,
            "technician_name": technicians(rng, sessions.exec_dept).name,
        },
        created=first + timedelta(minutes=20),
        updated=last + timedelta(minutes=30),
    )


def _who(visit: Visit, at: datetime) -> dict[str, str | None]:
    patient = visit.patient
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "visit_type": visit.kind,
        "visit_card_no": patient.health_card_no,
        "medical_record_no": patient.medical_record_no,
        "inpatient_no": visit.local_no,
        "hospitalization_times": str(visit.times),
        "patient_name": patient.name,
        "sex_code": patient.sex,
        "age": str(patient.age(at)),
        "birth_date": d8(patient.birth),
    }


def _drugs(visit: Visit) -> dict[str, str | None]:
    """Drugs against the tumour in the same stay."""
    given = [order.item for order in visit.orders if isinstance(order.item, Drug)]
    chemo = [drug.generic for drug in given if drug.antitumor == _CHEMOTHERAPY]
    targeted = [drug.generic for drug in given if drug.antitumor == _TARGETED]
    return {
        "concurrent_chemo_flag": flag(bool(chemo)),
        "concurrent_chemo_regimen": "+".join(chemo),
        "concurrent_other_flag": flag(bool(targeted)),
        "concurrent_other_regimen": "+".join(targeted),
    }


def build(world: World, batch: Batch) -> None:
    """One course per stay with radiation."""
    for visit in batch.visits:
        sessions = next(
            (order for order in visit.orders if visit.scenario == "ra" and order.item.item_id == "S0307"),
            None,
        )
        if sessions and sessions.charges:
            _course(world, visit, sessions)


DOMAIN = Domain((COURSE,), build)
