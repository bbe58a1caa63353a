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
    layout="""
    field                          emr@birth_note
    vaginal_delivery_id            .note_key+birth_course.note_key+birth_after.note_key+birth_child.note_key
    patient_id                     ~card
    visit_id                       .enc_no
    inpatient_no                   ~card
    case_no                        ~patient.medical_record_no
    admission_times                ~card
    patient_name                   ~patient.patient_name
    birth_date                     ~card
    age_year                       ~card
    id_no                          ~patient.id_no
    dept_code                      ~card
    dept_name                      ~card
    ward_code                      ~card
    ward_name                      ~card
    room_no                        ~card
    bed_no                         ~card
    predelivery_record_id          .wait_ref
    gravidity                      .gp:pack(0,-)
    parity                         .gp:pack(1,-)
    last_menstrual_date            .lmp:date
    expected_delivery_date         .edc:date
    gestational_weeks              .weeks_txt
    predelivery_time               birth_course.in_room_at:dt
    labor_start_time               birth_course.pains_at:dt
    admission_diagnosis            .dx_in
    membrane_rupture_time          birth_course.waters_at:dt
    fore_amniotic_character        birth_course.fore_waters:pack(0,/)
    fore_amniotic_volume           birth_course.fore_waters:pack(1,/)
    first_stage_min                birth_course.phase1:int
    cervix_full_dilation_time      birth_course.open_at:dt
    second_stage_min               birth_course.phase2:int
    fetal_delivery_time            birth_course.born_at:dt
    third_stage_min                birth_course.phase3:int
    placenta_delivery_time         birth_course.afterbirth_at:dt
    total_stage_min                birth_course.phase_all:int
    fetal_position_code            birth_course.lies:code(fetal_pos)
    assisted_delivery_flag         birth_course.helped:yn
    placenta_delivery_desc         birth_course.afterbirth_txt
    membrane_intact_flag           birth_course.skin_whole:yn
    amniotic_character             birth_course.waters:pack(0,/)
    amniotic_volume                birth_course.waters:pack(1,/)
    cord_length                    birth_course.cord_len:affix(,cm)
    cord_neck_loops                birth_course.cord_turns:int
    cord_abnormal_flag             birth_course.cord_odd:yn
    cord_abnormal_desc             birth_course.cord_txt
    intrapartum_drug               birth_course.given
    preventive_measure             birth_course.guarded
    episiotomy_flag                birth_course.cut_yn:yn
    episiotomy_site                birth_course.cut_where
    perineal_suture_count          birth_course.stitches:affix(,针)
    perineal_laceration_code       birth_course.torn:code(tear)
    perineal_hematoma_flag         birth_course.clot_out:yn
    anesthesia_method_code         birth_course.numb_kind
    anesthetic_name                birth_course.numb_with
    vaginal_laceration_flag        birth_course.torn_in:yn
    vaginal_hematoma_flag          birth_course.clot_in:yn
    cervical_laceration_flag       birth_course.torn_neck:yn
    anal_exam                      birth_after.rectal
    postpartum_drug                birth_after.given_after
    delivery_special_condition     .memo
    uterine_contraction            .womb_work
    uterus_condition               .womb_txt
    lochia_condition               birth_after.flow_txt
    perineum_condition             birth_after.wound_txt
    repair_operation_desc          .mend_txt
    cord_blood_flag                birth_course.cord_kept:yn
    postpartum_diagnosis           .dx_out
    observation_time               birth_after.watched_to:dt
    postpartum_check_min           birth_after.looked_min:int
    postpartum_systolic_bp         birth_after.bp:pack(0,/)
    postpartum_diastolic_bp        birth_after.bp:pack(1,/)
    postpartum_pulse               birth_after.pulse:int
    postpartum_heart_rate          birth_after.heart:int
    postpartum_blood_loss          birth_after.bled:affix(,ml)
    postpartum_contraction         birth_after.womb_after
    postpartum_fundal_height       birth_after.womb_top:affix(,cm)
    postpartum_bladder_full_flag   birth_after.bladder:yn
    fetus_count                    .babies:int
    newborn_seq                    birth_child.nth:int
    newborn_gender_code            birth_child.gender:code(sex)
    newborn_birth_weight           birth_child.heavy:affix(,g)
    newborn_birth_length           birth_child.tall:affix(,cm)
    caput_size                     birth_child.bump
    caput_site                     birth_child.bump_where
    apgar_interval_code            birth_child.score_when
    apgar_score                    birth_child.score:int
    apgar_1min                     birth_child.score1:int
    apgar_5min                     birth_child.score5:int
    apgar_10min                    birth_child.score10:int
    delivery_outcome_code          birth_child.ended:code(born_end)
    newborn_abnormal_code          birth_child.odd:code(born_odd)
    midwife_id                     .catcher
    midwife_name                   ~staff:midwife_id
    surgeon_id                     .cutter
    surgeon_name                   ~staff:surgeon_id
    pediatrician_id                .child_doc
    pediatrician_name              ~staff:pediatrician_id
    assistant_id                   .helper
    assistant_name                 ~staff:assistant_id
    instructor_id                  .guide
    instructor_name                ~staff:instructor_id
    recorder_id                    .writer
    recorder_name                  ~staff:recorder_id
    sign_time                      .signed_at:dt
    record_status                  .state:code(state)
    created_at                     .made_at:dt
    updated_at                     .edited_at:dt
    """,
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
