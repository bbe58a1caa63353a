"""Visits, their bills and their diagnoses. Donghu keeps out- and inpatients in tables of their own, Qingshanhu in one."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry.sandbox.hospital.code_lists import code_list
from medferry.sandbox.hospital.model import Diagnosis, Drug, Visit, d8, dt15, flag, minute, yuan
from medferry.sandbox.hospital.recipe import Recipe
from medferry.sandbox.hospital.scenario import Batch
from medferry.sandbox.hospital.standard import value_set
from medferry.sandbox.hospital.world import Domain, World

code_list("his_donghu", "ghlb", "REGISTRATION_TYPE", "1=PT:普通 2=JZ:急诊 3=ZJ:专家 6=MF:免费")
code_list(
    "his_qingshanhu", "reg_kind", "REGISTRATION_TYPE", "1=11:普通门诊 2=20:急诊 3=12:专家门诊 6=90:免费"
)
code_list("his_donghu", "cfz", "FIRST_VISIT", "1=初诊 2=复诊")
code_list("his_qingshanhu", "first", "FIRST_VISIT", "1=F:初诊 2=R:复诊")
code_list("his_donghu", "jzzt", "VISIT_STATUS", "1=Z:就诊中 2=W:已完成 3=T:退号")
code_list("his_qingshanhu", "visit_state", "VISIT_STATUS", "1=10:在诊在院 2=20:完成 3=90:取消")
code_list("his_donghu", "zyfl", "CV06.00.101", "1=W:未用 2=CY:中成药 3=CC:草药")
code_list("his_qingshanhu", "herb_use", "CV06.00.101", "1=0:无 2=1:中成药 3=2:中草药")
code_list("his_donghu", "zg", "CV05.10.010", "1=治愈 2=好转 3=稳定 4=恶化 5=死亡 9=其他")
code_list("his_qingshanhu", "outcome", "CV05.10.010", "1=C:治愈 2=I:好转 3=S:稳定 4=W:恶化 5=D:死亡 9=O:其他")
code_list("his_donghu", "jsfs", "CV07.10.004", "01=XJ:现金 06=ZH:医保账户 08=YHK:银行卡 99=YD:移动支付等")
code_list("his_qingshanhu", "settle_way", "CV07.10.004", "01=1:现金 06=2:个人账户 08=3:银行卡 99=9:其他")
code_list("his_donghu", "jszt", "SETTLEMENT_STATUS", "1=Y:已结 2=N:未结 3=T:已退")
code_list("his_qingshanhu", "bill_state", "SETTLEMENT_STATUS", "1=CL:已结算 2=OP:未结算 3=RF:已退费")
code_list("his_donghu", "zdlx", "DIAGNOSIS_TYPE", "01=MZ:门诊诊断 02=RY:入院诊断 03=CY:出院诊断")
code_list("his_qingshanhu", "diag_kind", "DIAGNOSIS_TYPE", "01=OPD:门急诊 02=ADM:入院 03=DSC:出院")
code_list("his_donghu", "zdfl", "DIAGNOSIS_CLASS", "1=XY:西医 2=ZYB:中医病 3=ZYZ:中医证")
code_list("his_qingshanhu", "diag_class", "DIAGNOSIS_CLASS", "1=W:西医 2=TD:中医疾病 3=TS:中医证候")
code_list("his_donghu", "zdzt", "CV05.01.001", "4=BSY:不适用 3=YB:一般 2=YZ:严重 1=WJ:危急")
code_list("his_qingshanhu", "diag_state", "CV05.01.001", "4=NA:不适用 3=GN:一般 2=SV:严重 1=CR:危急")
code_list("his_donghu", "rybq", "RC027", "1=有 2=未定 3=不明 4=无")
code_list("his_qingshanhu", "on_admit", "RC027", "1=Y:有 2=U:未确定 3=N:不明 4=W:无")

VISIT = Recipe(
    "visit",
    faults="missing:visit_reason bad_code:tcm_use_category_code blanks:visit_reason",
    corrects="health_problem_evaluation",
    layout="""
    field                        his_donghu.mz@mz_gh        his_donghu.zy@zy_dj        his_qingshanhu@VISIT_REG
    visit_id                     .jzlsh                     .zylsh                     .VISIT_NO
    patient_id                   .brid:int                  .brid:int                  .PAT_NO
    health_card_no               ~patient.health_card_no    ~patient.health_card_no    ~patient.health_card_no
    card_type_code               =03                        =03                        =03
    card_no                      ~patient.health_card_no    ~patient.health_card_no    ~patient.health_card_no
    patient_name                 ~patient.patient_name      ~patient.patient_name      .PAT_NAME:gbk
    id_type_code                 ~patient.id_type_code      ~patient.id_type_code      ~patient.id_type_code
    id_no                        ~patient.id_no             ~patient.id_no             ~patient.id_no
    sex_code                     ~patient.sex_code          ~patient.sex_code          ~patient.sex_code
    birth_date                   ~patient.birth_date        ~patient.birth_date        ~patient.birth_date
    age_year                     ~age                       ~age                       .AGE_Y:int
    visit_type                   .jzlb:code(jzlx)           =3                         .KIND_CD:code(visit_kind)
    outpatient_no                .mzh                       -                          .OP_NO
    inpatient_no                 -                          .zyh                       .IP_NO
    medical_record_no            -                          ~patient.medical_record_no ~patient.medical_record_no
    visit_times                  .jzcs:int                  .zycs:int                  .NTH_TIME:int
    registration_type_code       .ghlb:code(ghlb)           -                          .REG_KIND:code(reg_kind)
    registration_time            .ghsj:dt                   -                          .REG_TM:dt14
    appointment_flag             .yybz:bit                  -                          .BOOKED_YN:yn
    first_visit_code             .cfz:code(cfz)             -                          .FIRST_CD:code(first)
    dept_code                    .ksdm                      .ryks                      .DEPT_NO
    dept_name                    ~dept:dept_code            ~dept:dept_code            ~dept:dept_code
    visit_time                   .jzsj:dt                   -                          .SEE_TM:dt14
    visit_end_time               .jssj:dt                   -                          .SEE_END_TM:dt14
    admission_time               -                          .rysj:dt                   .IN_TM:dt14
    discharge_time               -                          .cysj:dt                   .OUT_TM:dt14
    discharge_dept_code          -                          .cyks                      .OUT_DEPT
    discharge_dept_name          -                          ~dept:discharge_dept_code  ~dept:discharge_dept_code
    ward_name                    -                          .bqmc                      .WARD_NM:gbk
    bed_no                       -                          .cwh                       .BED_LABEL
    observation_flag             .lgbz:bit                  -                          .OBS_YN:yn
    onset_time                   .fbsj:dt                   .fbsj:dt                   .SICK_TM:dt12
    visit_reason                 .zs                        .ryyy                      .WHY_TXT
    diagnosis_code               .zdbm                      .zdbm                      .MAIN_DIAG:pack(0,|)
    diagnosis_name               .zdmc                      .zdmc                      .MAIN_DIAG:pack(1,|)
    tcm_disease_code             .zybm                      -                          .TCM_DIS_CD
    tcm_disease_name             .zymc                      -                          .TCM_DIS_NM:gbk
    tcm_syndrome_code            .zzbm                      -                          .TCM_SYN_CD
    tcm_syndrome_name            .zzmc                      -                          .TCM_SYN_NM:gbk
    other_diagnosis_code         .qtzdbm:semicolons         .qtzdbm:semicolons         .OTH_DIAG_CD
    other_diagnosis_name         .qtzdmc:semicolons         .qtzdmc:semicolons         .OTH_DIAG_NM:gbk
    operation_code               .ssbm                      .ssbm                      .OP_CD
    operation_name               .ssmc                      .ssmc                      .OP_NM:gbk
    tcm_use_category_code        .zysy:code(zyfl)           .zysy:code(zyfl)           .HERB_CD:code(herb_use)
    health_problem_evaluation    .jkpg                      .jkpg                      .EVAL_TXT:gbk
    treatment_plan               .czjh                      .czjh                      .PLAN_TXT:gbk
    underlying_death_cause_code  -                          .swyybm                    .DEATH_CD
    underlying_death_cause_name  -                          .swyymc                    .DEATH_NM:gbk
    outcome_code                 -                          .zgqk:code(zg)             .RESULT_CD:code(outcome)
    responsible_doctor_id        .ysgh                      .zrys                      .DOC_NO
    responsible_doctor_name      ~staff:responsible_doctor_id  ~staff:responsible_doctor_id  ~staff:responsible_doctor_id
    doctor_title_code            ~title:responsible_doctor_id  ~title:responsible_doctor_id  ~title:responsible_doctor_id
    insurance_type_code          .yblx:code(yblx)           .yblx:code(yblx)           .INSU_KIND:code(insu_kind)
    insurance_no                 .ybh                       .ybh                       .INSU_NO
    payment_method_code          .fffs:code(fffs)           .fffs:code(fffs)           .PAY_KIND:code(pay_kind)
    local_resident_flag          .bdbz:bit                  .bdbz:bit                  .LOCAL_YN:yn
    referral_in_flag             .zzbz:bit                  .zzbz:bit                  .REFER_YN:yn
    infectious_disease_flag      .crbbz:bit                 .crbbz:bit                 .INFECT_YN:yn
    visit_status_code            .jzzt:code(jzzt)           .zyzt:code(jzzt)           .STATE_CD:code(visit_state)
    record_status                .zfbz:code(zfbz)           .zfbz:code(zfbz)           .VALID_YN:code(valid)
    created_at                   .cjsj:dt                   .cjsj:dt                   .INS_TM:dt14
    updated_at                   .gxsj:dt                   .gxsj:dt                   .UPD_TM:dt14
    """,
)


def variant(world: World, visit: Visit) -> str:
    """Which of Donghu's two worlds a visit belongs to: mz or zy; Qingshanhu knows one."""
    if visit.campus.his != "his_donghu":
        return ""
    return "zy" if visit.inpatient else "mz"


def _visit(world: World, visit: Visit) -> None:
    world.emit(
        "visit",
        visit,
        visit.visit_id,
        {**_common(visit), **(_inpatient(visit) if visit.inpatient else _outpatient(world, visit))},
        created=visit.registered,
        updated=visit.end or visit.start + timedelta(minutes=20),
        variant=variant(world, visit),
    )


def _common(visit: Visit) -> dict[str, str | None]:
    patient = visit.patient
    others = visit.others
    return {
        "patient_id": patient.local_id,
        "health_card_no": patient.health_card_no,
        "card_type_code": "03",
        "card_no": patient.health_card_no,
        "patient_name": patient.name,
        "id_type_code": "01",
        "id_no": patient.id_no,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(visit.start)),
        "visit_type": visit.kind,
        "visit_times": str(visit.times),
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        "onset_time": dt15(visit.onset),
        "visit_reason": visit.complaint,
        "diagnosis_code": visit.main.code,
        "diagnosis_name": visit.main.name,
        "other_diagnosis_code": ",".join(one.code for one in others),
        "other_diagnosis_name": ",".join(one.name for one in others),
        "operation_code": visit.operation[0] if visit.operation else None,
        "operation_name": visit.operation[1] if visit.operation else None,
        "tcm_use_category_code": _herbs(visit),
        "treatment_plan": None if visit.cancelled else "完善检查，对症治疗，不适随诊",
        "responsible_doctor_id": visit.doctor.staff_id,
        "responsible_doctor_name": visit.doctor.name,
        "doctor_title_code": visit.doctor.title_code,
        "insurance_type_code": patient.insurance_code,
        "insurance_no": patient.insurance_no,
        "payment_method_code": visit.payment_code,
        "local_resident_flag": flag(patient.address.city == "南昌市"),
        "referral_in_flag": "F",
        "infectious_disease_flag": flag(visit.infectious),
        "visit_status_code": "3" if visit.cancelled else "2" if visit.end else "1",
    }


def _outpatient(world: World, visit: Visit) -> dict[str, str | None]:
    rng = world.rng("registration", visit.campus.name, visit.visit_id)
    senior = visit.doctor.title_code in ("231", "232")
    return {
        "outpatient_no": visit.local_no,
        "registration_type_code": "2" if visit.kind == "2" else "3" if senior else "1",
        "registration_time": dt15(visit.registered),
        "appointment_flag": flag(visit.kind == "1" and rng.random() < 0.4),
        "first_visit_code": "2" if visit.times > 1 else "1",
        "visit_time": dt15(visit.start),
        "visit_end_time": dt15(visit.end) if visit.end else None,
        "observation_flag": flag(visit.observation),
        "tcm_disease_code": visit.tcm.disease_code if visit.tcm else None,
        "tcm_disease_name": visit.tcm.disease_name if visit.tcm else None,
        "tcm_syndrome_code": visit.tcm.syndrome_code if visit.tcm else None,
        "tcm_syndrome_name": visit.tcm.syndrome_name if visit.tcm else None,
    }


def _inpatient(visit: Visit) -> dict[str, str | None]:
    assert visit.bed is not None
    return {
        "inpatient_no": visit.local_no,
        "medical_record_no": visit.patient.medical_record_no,
        "admission_time": dt15(visit.start),
        "discharge_time": dt15(visit.end) if visit.end else None,
        "discharge_dept_code": visit.dept.code if visit.end else None,
        "discharge_dept_name": visit.dept.name if visit.end else None,
        "ward_name": visit.bed.ward.name,
        "bed_no": visit.bed.bed_no,
        "underlying_death_cause_code": visit.main.code if visit.died else None,
        "underlying_death_cause_name": visit.main.name if visit.died else None,
        "outcome_code": outcome(visit) if visit.end else None,
    }


def outcome(visit: Visit) -> str:
    """CV05.10.010 at discharge."""
    if visit.died:
        return "5"
    return "1" if visit.scenario in ("su", "va", "ca") else "2"


def _herbs(visit: Visit) -> str:
    kinds = {order.item.type for order in visit.orders if isinstance(order.item, Drug)}
    return "3" if "3" in kinds else "2" if "2" in kinds else "1"


EXPENSE = Recipe(
    "medical_expense_rec",
    faults="bad_code:settlement_status_code,payment_method_code missing:payment_method_code",
    layout="""
    field                    his_donghu.mz@mz_js         his_donghu.zy@zy_js         his_qingshanhu@BILL_HEAD
    expense_id               .jsid:int                   .jsid:int                   .BILL_NO
    patient_id               ~visit.patient_id           ~visit.patient_id           .PAT_NO
    visit_id                 .jzlsh                      .zylsh                      .VISIT_NO
    visit_type               ~visit.visit_type           =3                          ~visit.visit_type
    health_card_no           ~patient.health_card_no     ~patient.health_card_no     ~patient.health_card_no
    patient_name             ~patient.patient_name       ~patient.patient_name       ~patient.patient_name
    id_no                    ~patient.id_no              ~patient.id_no              ~patient.id_no
    sex_code                 ~patient.sex_code           ~patient.sex_code           ~patient.sex_code
    outpatient_no            ~visit.outpatient_no        -                           ~visit.outpatient_no
    inpatient_no             -                           ~visit.inpatient_no         ~visit.inpatient_no
    insurance_type_code      .yblx:code(yblx)            .yblx:code(yblx)            .INSU_KIND:code(insu_kind)
    payment_method_code      .fffs:code(fffs)            .fffs:code(fffs)            .PAY_KIND:code(pay_kind)
    settlement_method_code   .jsfs:code(jsfs)            .jsfs:code(jsfs)            .WAY_CD:code(settle_way)
    settlement_no            .jslsh                      .jslsh                      .SETTLE_SN
    settlement_time          .jssj:dt                    .jssj:dt                    .SETTLE_TM:dt14
    outpatient_cost          .zje:cents                  -                           .OP_AMT
    inpatient_cost           -                           .zje:cents                  .IP_AMT
    total_cost               ~total                      ~total                      .ALL_AMT
    personal_cost            .grje:cents                 .grje:cents                 .SELF_AMT
    insurance_cost           .ybje:cents                 .ybje:cents                 .FUND_AMT
    personal_account_cost    .zhje:cents                 .zhje:cents                 .ACCT_AMT
    cash_cost                .xjje:cents                 .xjje:cents                 .CASH_AMT
    other_cost               .qtje:cents                 .qtje:cents                 .OTH_AMT
    drug_cost                .ypje:cents                 .ypje:cents                 .DRUG_AMT
    settlement_status_code   .jszt:code(jszt)            .jszt:code(jszt)            .STATE_CD:code(bill_state)
    record_status            .zfbz:code(zfbz)            .zfbz:code(zfbz)            .VALID_YN:code(valid)
    created_at               .cjsj:dt                    .cjsj:dt                    .INS_TM:dt14
    updated_at               .gxsj:dt                    .gxsj:dt                    .UPD_TM:dt14
    """,
)


def _expense(world: World, visit: Visit) -> None:
    if visit.cancelled:
        return
    patient, total = visit.patient, visit.total_cents
    personal = total - visit.insurance_cents
    account = personal * 30 // 100 if patient.insurance_no else 0
    rng = world.rng("settlement", visit.campus.name, visit.visit_id)
    side = {"inpatient_no": visit.local_no, "inpatient_cost": yuan(total)}
    if not visit.inpatient:
        side = {"outpatient_no": visit.local_no, "outpatient_cost": yuan(total)}
    world.emit(
        "medical_expense_rec",
        visit,
        f"{60000 + world.count(visit, 'expense')}",
        {
            "patient_id": patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            "health_card_no": patient.health_card_no,
            "patient_name": patient.name,
            "id_no": patient.id_no,
            "sex_code": patient.sex,
            "insurance_type_code": patient.insurance_code,
            "payment_method_code": visit.payment_code,
            "settlement_method_code": rng.choice(("01", "08", "99")) if visit.settled else None,
            "settlement_no": visit.settlement_no,
            "settlement_time": dt15(visit.settled) if visit.settled else None,
            **side,
            "total_cost": yuan(total),
            "personal_cost": yuan(personal),
            "insurance_cost": yuan(visit.insurance_cents),
            "personal_account_cost": yuan(account),
            "cash_cost": yuan(personal - account),
            "other_cost": yuan(0),
            "drug_cost": yuan(visit.drug_cents),
            "settlement_status_code": "1" if visit.settled else "2",
        },
        created=visit.start + timedelta(minutes=2),
        updated=visit.settled or visit.until,
        variant=variant(world, visit),
    )


DIAGNOSIS = Recipe(
    "diagnose_record",
    faults="missing:diagnosis_status_code bad_code:diagnosis_type_code blanks:hospital_diagnosis_name",
    corrects="diagnosis_description",
    late=True,
    layout="""
    field                    his_donghu.mz@mz_zd       his_donghu.zy@zy_zd       his_qingshanhu@DIAG_LIST
    diagnosis_id             .zdlsh:int                .zdlsh:int                .DIAG_SN
    patient_id               ~visit.patient_id         ~visit.patient_id         .PAT_NO
    visit_id                 .jzlsh                    .zylsh                    .VISIT_NO
    visit_type               ~visit.visit_type         =3                        ~visit.visit_type
    outpatient_no            ~visit.outpatient_no      -                         ~visit.outpatient_no
    inpatient_no             -                         ~visit.inpatient_no       ~visit.inpatient_no
    inpatient_times          -                         ~visit.visit_times        .IP_NTH:int
    patient_name             ~patient.patient_name     ~patient.patient_name     ~patient.patient_name
    id_type_code             ~patient.id_type_code     ~patient.id_type_code     ~patient.id_type_code
    id_no                    ~patient.id_no            ~patient.id_no            ~patient.id_no
    diagnosis_type_code      .zdlx:code(zdlx)          .zdlx:code(zdlx)          .KIND_CD:code(diag_kind)
    diagnosis_type_name      .zdlxmc                   .zdlxmc                   .KIND_NM:gbk
    diagnosis_class_code     .zdfl:code(zdfl)          =1                        .CLASS_CD:code(diag_class)
    coding_system_code       .bmtx                     =01                       .CODING_CD
    main_diagnosis_flag      .zzd:cnflag               .zzd:cnflag               .MAIN_YN:yn
    diagnosis_seq            .xh:int                   .xh:int                   .SEQ_NO:int
    diagnosis_code           .zdbm                     .zdbm                     .ICD_CD
    diagnosis_name           .zdmc                     .zdmc                     .ICD_NM:gbk
    tcm_disease_code         .zybm                     -                         .TCM_DIS_CD
    tcm_disease_name         .zymc                     -                         .TCM_DIS_NM:gbk
    tcm_syndrome_code        .zzbm                     -                         .TCM_SYN_CD
    tcm_syndrome_name        .zzmc                     -                         .TCM_SYN_NM:gbk
    hospital_diagnosis_name  .yszd                     .yszd                     .DOC_TXT
    diagnosis_description    .zdsm                     .zdsm                     .NOTE_TXT:gbk
    diagnosis_status_code    .zdzt:code(zdzt)          .zdzt:code(zdzt)          .STATE_CD:code(diag_state)
    admission_cond_code      -                         .rybq:code(rybq)          .ON_ADMIT:code(on_admit)
    outcome_code             -                         .zgqk:code(zg)            .RESULT_CD:code(outcome)
    diagnosis_basis_code     .zdyj                     .zdyj                     .BASIS_CD
    diagnosis_basis_name     .zdyjmc                   .zdyjmc                   .BASIS_NM:gbk
    diagnosis_time           .zdsj:dt                  .zdsj:dt                  .DIAG_TM:dt12
    onset_date               .fbrq:date                .fbrq:date                .SICK_DAY:dslash
    infectious_disease_flag  .crbbz:bit                .crbbz:bit                .INFECT_YN:yn
    doctor_id                .ysgh                     .ysgh                     .DOC_NO
    doctor_name              ~staff:doctor_id          ~staff:doctor_id          ~staff:doctor_id
    dept_code                .ksdm                     .ksdm                     .DEPT_NO
    dept_name                ~dept:dept_code           ~dept:dept_code           ~dept:dept_code
    record_status            .zfbz:code(zfbz)          .zfbz:code(zfbz)          .VALID_YN:code(valid)
    created_at               .cjsj:dt                  .cjsj:dt                  .INS_TM:dt14
    updated_at               .gxsj:dt                  .gxsj:dt                  .UPD_TM:dt14
    """,
)


def _diagnoses(world: World, visit: Visit) -> None:
    if visit.cancelled:
        return
    all_of_them = [visit.main, *visit.others]
    if not visit.inpatient:
        at = minute(min(visit.start + timedelta(minutes=8), visit.until))
        for place, one in enumerate(all_of_them, start=1):
            _diagnosis(world, visit, "01", place, one, at)
        if visit.tcm:
            _tcm_diagnoses(world, visit, at)
        return
    admitted = minute(min(visit.start + timedelta(minutes=50), visit.until))
    for place, one in enumerate(all_of_them, start=1):
        _diagnosis(world, visit, "02", place, one, admitted)
        if visit.end:
            _diagnosis(world, visit, "03", place, one, minute(visit.end))


def _diagnosis(world: World, visit: Visit, kind: str, place: int, one: Diagnosis, at: datetime) -> None:
    discharged = kind == "03"
    _emit_diagnosis(
        world,
        visit,
        kind,
        "1",
        place,
        at,
        {
            "coding_system_code": "01",
            "diagnosis_code": one.code,
            "diagnosis_name": one.name,
            "hospital_diagnosis_name": one.name,
            "admission_cond_code": "1" if discharged else None,
            "outcome_code": outcome(visit) if discharged else None,
            "infectious_disease_flag": flag(visit.infectious and place == 1),
        },
    )


def _tcm_diagnoses(world: World, visit: Visit, at: datetime) -> None:
    assert visit.tcm is not None
    tcm = visit.tcm
    disease = {"tcm_disease_code": tcm.disease_code, "tcm_disease_name": tcm.disease_name}
    syndrome = {"tcm_syndrome_code": tcm.syndrome_code, "tcm_syndrome_name": tcm.syndrome_name}
    for class_code, facts in (("2", disease), ("3", syndrome)):
        _emit_diagnosis(world, visit, "01", class_code, 1, at, {"coding_system_code": "02", **facts})


def _emit_diagnosis(
    world: World,
    visit: Visit,
    kind: str,
    class_code: str,
    place: int,
    at: datetime,
    facts: dict[str, str | None],
) -> None:
    patient = visit.patient
    side: dict[str, str | None] = {"outpatient_no": visit.local_no}
    if visit.inpatient:
        side = {"inpatient_no": visit.local_no, "inpatient_times": str(visit.times)}
    world.emit(
        "diagnose_record",
        visit,
        f"{400000 + world.count(visit, 'diagnosis')}",
        {
            "patient_id": patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            **side,
            "patient_name": patient.name,
            "id_type_code": "01",
            "id_no": patient.id_no,
            "diagnosis_type_code": kind,
            "diagnosis_type_name": value_set("DIAGNOSIS_TYPE")[kind],
            "diagnosis_class_code": class_code,
            "main_diagnosis_flag": flag(place == 1),
            "diagnosis_seq": str(place),
            "diagnosis_status_code": "2" if visit.died else "3",
            "diagnosis_basis_code": "1",
            "diagnosis_basis_name": "临床",
            "diagnosis_time": dt15(at),
            "onset_date": d8(visit.onset.date()),
            "doctor_id": visit.doctor.staff_id,
            "doctor_name": visit.doctor.name,
            "dept_code": visit.dept.code,
            "dept_name": visit.dept.name,
            **facts,
        },
        created=max(at, visit.start) + timedelta(minutes=1),
        variant=variant(world, visit),
    )


def build(world: World, batch: Batch) -> None:
    """The batch's visits."""
    for visit in batch.visits:
        _visit(world, visit)
        _expense(world, visit)
        _diagnoses(world, visit)


DOMAIN = Domain((VISIT, EXPENSE, DIAGNOSIS), build)
