"""Observation in the emergency department: record and operations in the EMR, orders in the HIS."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.clinic import written_orders
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.outpatient import cancelled_order, note_facts, order_facts
from medferry_sandbox.hospital.model import Visit, dt15, flag, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("emr", "obs_triage", "TRIAGE_LEVEL", "1=I:濒危 2=II:危重 3=III:急症 4=IV:非急症")
code_list(
    "emr",
    "obs_goes",
    "PATIENT_DESTINATION",
    "1=HOME:回家 2=WARD:住院 3=MOVE:转院 4=OR:手术室 6=DEAD:死亡 9=OTH:其他",
)
code_list("emr", "obs_title", "CV08.30.005", "1=Z:正高 2=F:副高 3=M:中级 4=S:师级")
code_list("emr", "obs_saved", "RESCUE_RESULT", "1=OK:成功 2=NO:失败")
code_list("emr", "obs_site", "CV06.00.227", "11=LH:左手 37=RH:右手 99=HEAD:头部及其他")
code_list("emr", "obs_anes", "CV06.00.103", "35=JBJR:局部浸润 33=SJZZ:神经阻滞")
code_list(
    "his_donghu", "lgyzlb", "CV06.00.229", "01=1:药物 02=2:检查 03=3:检验 04=4:手术 05=5:处置 07=7:嘱托"
)
code_list(
    "his_qingshanhu",
    "obs_ord_kind",
    "CV06.00.229",
    "01=MED:药物 02=EXM:检查 03=LAB:检验 04=OPR:手术 05=TRT:治疗处置 07=NOTE:嘱托",
)

RECORD = Recipe(
    "encoun_obs_medicalrec",
    faults="missing:observation_course,physical_examination bad_code:destination_code,triage_level_code "
    "blanks:observation_course full_width:outpatient_no",
    corrects="precautions",
)
_TITLES = {"231": "1", "232": "2", "233": "3", "234": "4"}


def _from(visit: Visit) -> datetime:
    """When the patient came to the observation room."""
    return minute(visit.start + timedelta(minutes=4))


def _record(world: World, visit: Visit) -> None:
    assert visit.bed is not None
    assert visit.end is not None
    rng = world.rng("observation", visit.campus.name, visit.visit_id)
    critical = visit.scenario == "ob" and rng.random() < 0.25
    groups = [order.group for order in visit.orders if order.kind in ("lab", "exam")]
    world.emit(
        "encoun_obs_medicalrec",
        visit,
        f"O{visit.visit_id}",
        {
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "outpatient_no": visit.local_no,
            "request_no": groups[0] if groups else None,
            **note_facts(world, visit),
            "patient_phone": visit.patient.phone,
            "observation_start_time": dt15(_from(visit)),
            "observation_end_time": dt15(visit.end),
            "observation_bed_no": visit.bed.bed_no,
            "triage_level_code": "2" if critical else rng.choice(("3", "3", "4")),
            "observation_course": f"{_from(visit):%d日%H:%M}收入观察室，予监护、补液等处理，症状逐渐缓解，生命体征平稳。",
            "rescue_flag": flag(critical),
            **(_rescue(visit) if critical else {}),
            "precautions": "如有不适及时来院",
            "destination_code": "1",
            "destination_name": value_set("PATIENT_DESTINATION")["1"],
            "responsible_doctor_id": visit.doctor.staff_id,
            "responsible_doctor_name": visit.doctor.name,
            "doctor_id": visit.resident.staff_id,
            "doctor_name": visit.resident.name,
            "record_time": dt15(minute(visit.until)),
        },
        created=_from(visit) + timedelta(minutes=3),
        updated=visit.until,
    )


def _rescue(visit: Visit) -> dict[str, str | None]:
    """Within the observation, its record not later than six hours after."""
    start = max(_from(visit), minute(visit.until) - timedelta(hours=3))
    return {
        "rescue_start_time": dt15(start),
        "rescue_end_time": dt15(start + timedelta(minutes=40)),
        "rescue_record": "突发血压下降，立即吸氧、开放静脉通道、扩容及血管活性药物治疗，40分钟后血压回升。",
        "rescue_participants": ",".join((visit.doctor.name, visit.resident.name, visit.nurse.name)),
        "professional_title_code": _TITLES[visit.doctor.title_code],
        "rescue_result_code": "1",
    }


OPERATION = Recipe(
    "encoun_obs_operation",
    faults="missing:operation_method,operation_site_name bad_code:operation_site_code,anesthesia_method_code "
    "blanks:operation_site_name",
    corrects="remark",
    cancels=True,
    late=True,
)


def _operation(world: World, visit: Visit) -> None:
    if visit.operation is None or visit.operation_start is None or visit.operation_end is None:
        return
    code, name = visit.operation
    rng = world.rng("obs operation", visit.campus.name, visit.visit_id)
    site, site_name = ("99", "头皮")
    if visit.main.code == "S61.000":
        site, site_name = rng.choice((("11", "左手"), ("37", "右手")))
    world.emit(
        "encoun_obs_operation",
        visit,
        f"{30000 + world.count(visit, 'observation operation')}",
        {
            "obs_record_id": f"O{visit.visit_id}",
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "operation_seq": "1",
            "operation_code": code,
            "operation_name": name,
            "operation_site_code": site,
            "operation_site_name": site_name,
            "operation_method": "常规消毒铺巾，局麻下清除坏死组织及异物，彻底止血，间断缝合，无菌敷料包扎。",
            "operation_times": "1",
            "operation_start_time": dt15(visit.operation_start),
            "operation_end_time": dt15(visit.operation_end),
            "anesthesia_method_code": "35",
            "operator_id": visit.doctor.staff_id,
            "operator_name": visit.doctor.name,
            "dept_code": visit.dept.code,
            "dept_name": visit.dept.name,
        },
        created=visit.operation_end + timedelta(minutes=5),
    )


ORDER = Recipe(
    "encoun_obs_opt_order",
    faults="missing:order_item_content bad_code:order_item_type_code blanks:order_item_content gbk:order_item_content",
    corrects="order_note",
    cancels=True,
    late=True,
)


def build(world: World, batch: Batch) -> None:
    """Everything about those who stayed for observation."""
    for visit in batch.visits:
        if not visit.observation:
            continue
        _record(world, visit)
        _operation(world, visit)
        orders = written_orders(visit)
        for seq, order in enumerate(orders, start=1):
            facts, done = order_facts(world, order, seq)
            facts["obs_record_id"] = f"O{visit.visit_id}"
            world.emit("encoun_obs_opt_order", visit, order.order_id, facts, created=order.at, updated=done)
        if taken_back := cancelled_order(world, visit, len(orders) + 1):
            key, facts, at = taken_back
            facts["obs_record_id"] = f"O{visit.visit_id}"
            world.emit("encoun_obs_opt_order", visit, key, facts, created=at)


DOMAIN = Domain((RECORD, OPERATION, ORDER), build)
