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
    layout="""
    field                    emr@obs_note
    obs_record_id            .obs_no+obs_saving.obs_no
    patient_id               .pat_ref
    visit_id                 .enc_ref
    outpatient_no            .clinic_no
    request_no               .req_sheet
    dept_code                .unit_no
    dept_name                ~dept:dept_code
    patient_name             ~patient.patient_name
    id_type_code             ~patient.id_type_code
    id_no                    ~patient.id_no
    sex_code                 .gender:code(sex)
    birth_date               .born:dslash
    age_year                 .years:int
    patient_phone            .call_no
    allergy_history_flag     .allergic:yn
    allergy_history          .allergy_txt
    visit_time               .seen_at:dt
    first_visit_code         .first_kind:code(clinic_first)
    observation_start_time   .stay_from:dt
    observation_end_time     .stay_to:dt
    observation_bed_no       .bed_tag:affix(,床)
    triage_level_code        .triage:code(obs_triage)
    chief_complaint          .complaint
    present_illness          .illness_now
    past_history             .illness_past
    physical_examination     .body_check
    auxiliary_exam_item      .aux_names
    auxiliary_exam_result    .aux_outcome
    temperature              .temp
    pulse_rate               .pulse:int
    respiratory_rate         .breath:int
    systolic_pressure        .bp:pack(0,/)
    diastolic_pressure       .bp:pack(1,/)
    height                   .tall
    weight                   .heavy
    diagnosis_code           .dx_code
    diagnosis_name           .dx_text
    other_diagnosis          .dx_more
    observation_course       .course_txt
    rescue_flag              .saved_yn:yn
    rescue_start_time        obs_saving.from_tm:dt
    rescue_end_time          obs_saving.to_tm:dt
    rescue_record            obs_saving.how_txt
    rescue_participants      obs_saving.who_txt:semicolons
    professional_title_code  obs_saving.lead_title:code(obs_title)
    rescue_result_code       obs_saving.outcome:code(obs_saved)
    precautions              .mind_txt
    destination_code         .goes_to:code(obs_goes)
    destination_name         .goes_txt
    responsible_doctor_id    .lead_no
    responsible_doctor_name  ~staff:responsible_doctor_id
    doctor_id                .doc_no
    doctor_name              ~staff:doctor_id
    record_time              .noted_at:dt
    record_status            .state:code(state)
    created_at               .made_at:dt
    updated_at               .edited_at:dt
    """,
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
    layout="""
    field                   emr@obs_surgery
    operation_record_id     .cut_no:int
    obs_record_id           .obs_no
    patient_id              ~encoun_obs_medicalrec.patient_id
    visit_id                ~encoun_obs_medicalrec.visit_id
    operation_seq           .nth:int
    operation_code          .what:pack(0,|)
    operation_name          .what:pack(1,|)
    operation_site_code     .where_no:code(obs_site)
    operation_site_name     .where_txt
    operation_method        .how_txt
    operation_times         .times:int
    operation_start_time    .from_tm:dtslash
    operation_end_time      .to_tm:dtslash
    anesthesia_method_code  .numbing:code(obs_anes)
    operator_id             .hand_no
    operator_name           ~staff:operator_id
    dept_code               .unit_no
    dept_name               ~dept:dept_code
    remark                  .notice
    record_status           .state:code(state)
    created_at              .made_at:dt
    updated_at              .edited_at:dt
    """,
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
    layout="""
    field                  his_donghu@lg_yz               his_qingshanhu@OBS_ORDER
    order_id               .yzid:int                      .ORD_SN:int
    obs_record_id          ~encoun_obs_medicalrec.obs_record_id  ~encoun_obs_medicalrec.obs_record_id
    patient_id             .brid:int                      ~visit.patient_id
    visit_id               .jzlsh                         .VISIT_NO
    order_seq              .xh:int                        .LINE_NO:int
    order_item_type_code   .yzlb:code(lgyzlb)             .ORD_KIND:code(obs_ord_kind)
    order_item_type_name   .yzlbmc                        .KIND_NM:gbk
    order_item_code        .xmdm                          .ITEM_NO
    order_item_content     .yznr                          .ORD_TXT:gbk
    order_quantity         .sl:bare                       .QTY:bare
    order_unit             .dw                            .UNIT_NM:gbk
    order_group_no         .zh                            .GRP_NO
    prescription_id        .cfid                          .RX_NO
    request_no             .sqdh                          .REQ_SHEET
    order_note             .bz                            .MEMO:gbk
    plan_start_time        .jhsj:dt12                     .PLAN_TM:dt14
    plan_end_time          .jhjs:dt                       .PLAN_END:dt14
    order_dept_code        .kdks                          .DEPT_NO
    order_dept_name        ~dept:order_dept_code          ~dept:order_dept_code
    order_doctor_id        .kdys                          .DOC_NO
    order_doctor_name      ~staff:order_doctor_id         ~staff:order_doctor_id
    order_time             .kdsj:dt                       .ORD_TM:dt14
    reviewer_id            .shr                           .CHK_EMP
    reviewer_name          ~staff:reviewer_id             ~staff:reviewer_id
    review_time            .shsj:dt                       .CHK_TM:dt14
    exec_dept_code         .zxks                          .DO_DEPT
    exec_dept_name         ~dept:exec_dept_code           ~dept:exec_dept_code
    executor_id            .zxr                           .DO_EMP
    executor_name          ~staff:executor_id             ~staff:executor_id
    exec_time              .zxsj:dt                       .DO_TM:dt14
    exec_status            .zxzt:code(mzzxzt)             .DO_YN:code(opd_done)
    canceller_id           .qxr                           .STOP_EMP
    canceller_name         ~staff:canceller_id            ~staff:canceller_id
    cancel_time            .qxsj:dt                       .STOP_TM:dt14
    record_status          .zfbz:code(zfbz)               .VALID_YN:code(valid)
    created_at             .cjsj:dt                       .INS_TM:dt14
    updated_at             .gxsj:dt                       .UPD_TM:dt14
    """,
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
