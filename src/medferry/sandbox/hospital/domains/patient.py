"""Patients and what is known of them beside visits: contacts, ways to reach them, certificates, cards, health, allergies."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry.sandbox.hospital import people
from medferry.sandbox.hospital.code_lists import code_list
from medferry.sandbox.hospital.directories import drugs
from medferry.sandbox.hospital.model import Patient, d8, dt15, flag, minute
from medferry.sandbox.hospital.recipe import Recipe
from medferry.sandbox.hospital.scenario import Batch
from medferry.sandbox.hospital.standard import value_set
from medferry.sandbox.hospital.world import Domain, World

code_list("his_donghu", "hyzk", "GB/T 2261.2", "10=W:未婚 20=Y:已婚 30=S:丧偶 40=L:离婚 90=Q:未说明")
code_list("his_qingshanhu", "marital", "GB/T 2261.2", "10=1:未婚 20=2:已婚 30=4:丧偶 40=3:离婚 90=9:其他")
code_list("his_donghu", "mz", "GB/T 3304", "01=1:汉族 22=22:畲族 03=3:回族 06=6:苗族")
code_list("his_qingshanhu", "nation", "GB/T 3304", "01=HA:汉族 22=SH:畲族 03=HU:回族 06=MI:苗族")
code_list("his_donghu", "zy", "GB/T 2261.4", "17=职员 24=工人 27=农民 31=学生 54=个体户 80=退休 90=其他")
code_list(
    "his_qingshanhu",
    "job",
    "GB/T 2261.4",
    "17=03:职员 24=04:工人 27=05:农民 31=06:学生 54=09:个体经营者 80=11:离退休 90=99:其他",
)
code_list("his_donghu", "gx", "GB/T 4761", "10=配偶 51=父亲 52=母亲 20=儿子 30=女儿 75=姐姐")
code_list(
    "his_qingshanhu",
    "relation",
    "GB/T 4761",
    "10=SPO:配偶 51=FTH:父亲 52=MTH:母亲 20=SON:儿子 30=DAU:女儿 75=SIS:姐姐",
)
code_list("his_donghu", "wzjyy", "NO_ID_REASON", "1=XSE:新生儿 2=WMS:无名氏 3=JJ:拒绝提供 9=QT:其他")
code_list("his_qingshanhu", "no_id", "NO_ID_REASON", "1=N:新生儿 2=A:无名氏 3=R:拒绝 9=O:其他")
code_list("his_donghu", "gsdx", "CONTACT_OWNER", "1=BR:病人 2=LX:联系人")
code_list("his_qingshanhu", "way_owner", "CONTACT_OWNER", "1=P:患者 2=C:联系人")
code_list(
    "his_donghu", "lxfs", "CONTACT_WAY_TYPE", "01=DH:电话 02=JS:家属电话 03=DW:单位电话 04=SJ:手机 05=YX:邮箱"
)
code_list(
    "his_qingshanhu",
    "way_kind",
    "CONTACT_WAY_TYPE",
    "01=T1:本人电话 02=T2:家属电话 03=T3:单位电话 04=MB:手机 05=EM:邮箱",
)
code_list("his_donghu", "klx", "CARD_TYPE", "01=SFZ:身份证 02=YBK:医保卡 03=JMK:居民健康卡 06=JZK:就诊卡")
code_list(
    "his_qingshanhu", "card_kind", "CARD_TYPE", "01=10:身份证 02=20:社保卡 03=30:居民健康卡 06=40:院内就诊卡"
)
code_list("his_donghu", "kzt", "CARD_STATUS", "1=0:正常 2=1:挂失 3=2:注销")
code_list("his_qingshanhu", "card_state", "CARD_STATUS", "1=OK:正常 2=LOST:挂失 3=OFF:注销")
code_list("his_donghu", "abo", "CV04.50.005", "1=A型 2=B型 3=O型 4=AB型 5=不详")
code_list("his_qingshanhu", "abo", "CV04.50.005", "1=A 2=B 3=O 4=AB 5=X:不详")
code_list("his_donghu", "rh", "CV04.50.020", "1=阴性 2=阳性 3=不详")
code_list("his_qingshanhu", "rh", "CV04.50.020", "1=N:阴性 2=P:阳性 3=X:不详")
code_list("his_donghu", "gmlx", "ALLERGEN_TYPE", "1=YW:药物 2=SW:食物 3=HJ:环境")
code_list("his_qingshanhu", "allergen", "ALLERGEN_TYPE", "1=D:药物 2=F:食物 3=E:环境")
code_list("his_donghu", "gmcd", "ALLERGY_SEVERITY", "1=轻 2=中 3=重 9=不详")
code_list("his_qingshanhu", "severity", "ALLERGY_SEVERITY", "1=L:轻 2=M:中 3=H:重 9=U:不详")
code_list("his_donghu", "xyqk", "CV03.00.101", "1=从不 2=已戒 3=吸烟 9=不详")
code_list("his_qingshanhu", "smoke", "CV03.00.101", "1=NV:从不 2=QT:已戒 3=YS:吸烟 9=UN:不详")

PATIENT = Recipe(
    "patient",
    faults="missing:archiver_name,nationality_code,archive_org_code bad_code:marital_status_code,insurance_type_code "
    "full_width:mobile_phone blanks:registered_address gbk:registered_address",
    corrects="remark",
    layout="""
    field                    his_donghu@brxx             his_qingshanhu@PAT_MASTER
    patient_id               .brid:int+brxx_kz.brid:int  .PAT_NO+PAT_ADDR.PAT_NO
    health_card_no           .jkkh                       .HC_NO
    medical_record_no        .bah                        .MR_NO
    id_type_code             .zjlx:code(zjlx)            .CERT_KIND:code(id_kind)
    id_no                    .sfzh                       .CERT_NO
    no_id_reason_code        .wzjyy:code(wzjyy)          .NO_CERT_WHY:code(no_id)
    patient_name             .brxm                       .PAT_NAME:gbk
    sex_code                 .xb:code(xb)                .SEX_CD:code(sex)
    birth_date               .csrq:date                  .BIRTH_DAY:dslash
    birth_time               .cssj:dt                    .BIRTH_TM:dt14
    nationality_code         .gjdm                       .COUNTRY_CD
    ethnic_code              .mzdm:code(mz)              .NATION_CD:code(nation)
    ethnic_name              .mzmc                       .NATION_NM:gbk
    marital_status_code      .hyzk:code(hyzk)            .MARITAL_CD:code(marital)
    occupation_code          .zydm:code(zy)              .JOB_CD:code(job)
    education_code           .xldm                       .EDU_CD
    insurance_type_code      .yblx:code(yblx)            .INSU_KIND:code(insu_kind)
    insurance_no             .ybh                        .INSU_NO
    address_type_code        =09                         =09
    address_province         brxx_kz.sf                  PAT_ADDR.PROV:gbk
    address_city             brxx_kz.cs                  PAT_ADDR.CITY:gbk
    address_county           brxx_kz.qx                  PAT_ADDR.CNTY:gbk
    address_town             brxx_kz.jd                  PAT_ADDR.TOWN:gbk
    address_village          brxx_kz.lu                  PAT_ADDR.ROAD:gbk
    address_house_no         brxx_kz.mph                 PAT_ADDR.DOOR
    address_division_code    brxx_kz.xzqh                PAT_ADDR.AREA_CD
    current_address          .xzz                        PAT_ADDR.ADDR_TXT:gbk
    postal_code              brxx_kz.yb:int              PAT_ADDR.ZIP
    registered_address       brxx_kz.hkdz                PAT_ADDR.HK_TXT:gbk
    birth_place_code         .csd                        .BORN_AREA
    patient_phone            .lxdh                       .TEL_NO
    mobile_phone             .sjh                        .MOB_NO
    contact_name             .lxrxm                      .LINK_NM:gbk
    contact_relation_code    .lxrgx:code(gx)             .LINK_REL:code(relation)
    contact_phone            .lxrdh                      .LINK_TEL
    newborn_flag             .xsebz:bit                  .NEWBORN_YN:yn
    multiple_birth_flag      .dtbz:bit                   .TWIN_YN:yn
    mother_patient_id        .mqbrid:int                 .MOTHER_PAT
    mother_name              .mqxm                       .MOTHER_NM:gbk
    mother_id_no             .mqsfzh                     .MOTHER_CERT
    death_time               .swsj:dt                    .DEATH_TM:dt14
    archive_time             .jdsj:dt                    .OPEN_TM:dt14
    archive_org_code         .jdjg                       .OPEN_ORG
    archive_org_name         .jdjgmc                     .OPEN_ORG_NM:gbk
    archive_org_phone        .jdjgdh                     .OPEN_ORG_TEL
    archiver_id              .jdr                        .OPEN_EMP
    archiver_name            .jdrxm                      .OPEN_EMP_NM:gbk
    confidentiality_code     =0                          =0
    remark                   .bz                         .MEMO:gbk
    record_status            .zfbz:code(zfbz)            .VALID_YN:code(valid)
    created_at               .cjsj:dt                    .INS_TM:dt14
    updated_at               .gxsj:dt                    .UPD_TM:dt14
    """,
)


def _patient(world: World, patient: Patient) -> None:
    contact = patient.contacts[0]
    mother = patient.mother
    world.emit(
        "patient",
        patient,
        patient.local_id,
        {
            "health_card_no": patient.health_card_no,
            "medical_record_no": patient.medical_record_no,
            "id_type_code": "01" if patient.id_no else "99",
            "id_no": patient.id_no,
            "no_id_reason_code": None if patient.id_no else "1",
            "patient_name": patient.name,
            "sex_code": patient.sex,
            "birth_date": d8(patient.birth),
            "birth_time": dt15(patient.birth_time) if patient.birth_time else None,
            "nationality_code": "156",
            "ethnic_code": patient.ethnic_code,
            "ethnic_name": people.ETHNIC[patient.ethnic_code],
            "marital_status_code": patient.marital_code,
            "occupation_code": patient.occupation_code,
            "education_code": patient.education_code,
            "insurance_type_code": patient.insurance_code,
            "insurance_no": patient.insurance_no,
            "address_type_code": "09",
            "address_province": patient.address.province,
            "address_city": patient.address.city,
            "address_county": patient.address.county,
            "address_town": patient.address.town,
            "address_village": patient.address.village,
            "address_house_no": patient.address.house_no,
            "address_division_code": patient.address.area_code,
            "current_address": patient.address.full,
            "postal_code": patient.address.postcode,
            "registered_address": patient.address.full,
            "birth_place_code": patient.address.area_code,
            "patient_phone": patient.phone,
            "mobile_phone": patient.phone,
            "contact_name": contact.name,
            "contact_relation_code": contact.relation_code,
            "contact_phone": contact.phone,
            "newborn_flag": flag(patient.newborn),
            "multiple_birth_flag": "F" if mother else None,
            "mother_patient_id": mother.local_id if mother else None,
            "mother_name": mother.name if mother else None,
            "mother_id_no": mother.id_no if mother else None,
            "death_time": dt15(patient.death_time) if patient.death_time else None,
            "archive_time": dt15(minute(patient.archive_time)),
            "archive_org_code": patient.campus.org_code,
            "archive_org_name": patient.campus.org_name,
            "archive_org_phone": patient.campus.phone,
            "archiver_id": patient.archiver.staff_id,
            "archiver_name": patient.archiver.name,
            "confidentiality_code": "0",
        },
        created=patient.archive_time,
        updated=patient.death_time or patient.archive_time + timedelta(minutes=2),
    )


CONTACT = Recipe(
    "patient_contact",
    faults="missing:contact_phone bad_code:contact_relation_code checksum:id_no full_width:contact_phone blanks:contact_name",
    corrects="remark",
    layout="""
    field                   his_donghu@br_lxr         his_qingshanhu@PAT_LINKMAN
    contact_id              .lxrid:int                .LINK_ID:int
    patient_id              .brid:int                 .PAT_NO
    contact_seq             .xh:int                   .SEQ_NO:int
    contact_name            .xm                       .LINK_NAME:gbk
    contact_relation_code   .gx:code(gx)              .REL_CD:code(relation)
    contact_relation_name   .gxmc                     .REL_NM:gbk
    guardian_flag           .jhr:cnflag               .GUARD_YN:yn
    primary_flag            .sx:cnflag                .FIRST_YN:yn
    id_type_code            =01                       =01
    id_no                   .sfzh                     .CERT_NO
    sex_code                .xb:code(xb)              .SEX_CD:code(sex)
    birth_date              .csrq:dcn                 .BIRTH_DAY:dslash
    contact_phone           .dh                       .TEL_NO
    contact_mobile          .sj                       .MOB_NO
    contact_address         ~patient.current_address  ~patient.current_address
    remark                  .bz                       .MEMO:gbk
    record_status           .zfbz:code(zfbz)          .VALID_YN:code(valid)
    created_at              .cjsj:dt                  .INS_TM:dt14
    updated_at              .gxsj:dt                  .UPD_TM:dt14
    """,
)


def _contacts(world: World, patient: Patient) -> list[str]:
    keys = []
    for place, contact in enumerate(patient.contacts, start=1):
        key = f"{3000 + world.count(patient, 'contact')}"
        keys.append(key)
        world.emit(
            "patient_contact",
            patient,
            key,
            {
                "patient_id": patient.local_id,
                "contact_seq": str(place),
                "contact_name": contact.name,
                "contact_relation_code": contact.relation_code,
                "contact_relation_name": contact.relation_name,
                "guardian_flag": flag(contact.guardian),
                "primary_flag": flag(place == 1),
                "id_type_code": "01",
                "id_no": contact.id_no,
                "sex_code": contact.sex,
                "birth_date": d8(contact.birth),
                "contact_phone": contact.phone,
                "contact_mobile": contact.phone,
                "contact_address": patient.address.full,
            },
            created=patient.archive_time + timedelta(minutes=1),
        )
    return keys


CONTACT_WAY = Recipe(
    "patient_contact_way",
    faults="missing:contact_way_value bad_code:contact_way_type_code full_width:contact_way_value blanks:contact_way_value",
    corrects="remark",
    cancels=True,
    late=True,
    layout="""
    field                   his_donghu@br_lxfs    his_qingshanhu@PAT_REACH
    contact_way_id          .lxfsid:int           .REACH_ID:int
    patient_id              .brid:int             .PAT_NO
    contact_id              .lxrid:int            .LINK_ID:int
    owner_type_code         .gsdx:code(gsdx)      .OWNER_CD:code(way_owner)
    contact_way_type_code   .lx:code(lxfs)        .KIND_CD:code(way_kind)
    contact_way_type_name   .lxmc                 .KIND_NM:gbk
    contact_way_value       .nr                   .TXT
    usage_code              .yt                   .USE_CD
    primary_flag            .sx:bit               .FIRST_YN:yn
    verified_flag           .hy:bit               .CHECKED_YN:yn
    valid_from              .ksrq:date            .FROM_DAY:dslash
    remark                  .bz                   .MEMO:gbk
    record_status           .zfbz:code(zfbz)      .VALID_YN:code(valid)
    created_at              .cjsj:dt              .INS_TM:dt14
    updated_at              .gxsj:dt              .UPD_TM:dt14
    """,
)


def _contact_ways(world: World, patient: Patient, contact_keys: list[str]) -> None:
    ways: list[tuple[str, str | None, str, str]] = [("1", None, "04", patient.phone)] if patient.phone else []
    ways += [("2", key, "02", one.phone) for key, one in zip(contact_keys, patient.contacts, strict=True)]
    primary: set[str] = set()
    for owner, contact_key, kind, text in ways:
        world.emit(
            "patient_contact_way",
            patient,
            f"{5000 + world.count(patient, 'contact_way')}",
            {
                "patient_id": patient.local_id,
                "contact_id": contact_key,
                "owner_type_code": owner,
                "contact_way_type_code": kind,
                "contact_way_type_name": value_set("CONTACT_WAY_TYPE")[kind],
                "contact_way_value": text,
                "usage_code": "1",
                "primary_flag": flag(owner not in primary),
                "verified_flag": flag(owner == "1"),
                "valid_from": d8(patient.archive_time.date()),
            },
            created=patient.archive_time + timedelta(minutes=1),
        )
        primary.add(owner)


CERTIFICATE = Recipe(
    "patient_certificate",
    faults="missing:patient_name checksum:certificate_no full_width:certificate_no blanks:certificate_no",
    corrects="remark",
    cancels=True,
    late=True,
    layout="""
    field                   his_donghu@br_zj      his_qingshanhu@PAT_CERT
    certificate_id          .zjid                 .CERT_ID
    patient_id              .brid:int             .PAT_NO
    patient_name            .zjxm                 .CERT_NAME:gbk
    certificate_type_code   .zjlx:code(zjlx)      .CERT_KIND:code(id_kind)
    certificate_type_name   .zjlxmc               .KIND_NM:gbk
    certificate_no          .zjhm                 .CERT_NO
    issue_org_name          .fzjg                 .ISSUE_ORG:gbk
    effective_date          .qsrq:date            .PERIOD:pack(0,-)
    expiry_date             .zzrq:date            .PERIOD:pack(1,-)
    certificate_address     .zjdz                 .CERT_ADDR:gbk
    primary_flag            .zzj:bit              .MAIN_YN:yn
    verified_flag           .hy:bit               .CHECKED_YN:yn
    verified_time           .hysj:dt              .CHECKED_TM:dt14
    remark                  .bz                   .MEMO:gbk
    record_status           .zfbz:code(zfbz)      .VALID_YN:code(valid)
    created_at              .cjsj:dt              .INS_TM:dt14
    updated_at              .gxsj:dt              .UPD_TM:dt14
    """,
)


def _certificate(world: World, patient: Patient) -> None:
    if patient.id_no is None:
        return
    issued = patient.archive_time.date().replace(month=3, day=1, year=patient.archive_time.year - 2)
    issued = max(issued, patient.birth)
    world.emit(
        "patient_certificate",
        patient,
        f"ZJ{world.count(patient, 'certificate'):06d}",
        {
            "patient_id": patient.local_id,
            "patient_name": patient.name,
            "certificate_type_code": "01",
            "certificate_type_name": "居民身份证",
            "certificate_no": patient.id_no,
            "issue_org_name": f"{patient.address.city}公安局",
            "effective_date": d8(issued),
            "expiry_date": d8(issued.replace(day=min(issued.day, 28), year=issued.year + 10)),
            "certificate_address": patient.address.full,
            "primary_flag": "T",
            "verified_flag": "T",
            "verified_time": dt15(minute(patient.archive_time)),
        },
        created=patient.archive_time + timedelta(minutes=1),
    )


CARD = Recipe(
    "patient_card",
    faults="missing:card_no bad_code:card_status_code full_width:card_no",
    corrects="remark",
    cancels=True,
    late=True,
    layout="""
    field                 his_donghu@br_kxx     his_qingshanhu@PAT_CARD
    card_id               .kid:int              .CARD_ID:int
    patient_id            .brid:int             .PAT_NO
    card_type_code        .klx:code(klx)        .CARD_KIND:code(card_kind)
    card_type_name        .klxmc                .KIND_NM:gbk
    card_no               .kh                   .CARD_NUM
    insurance_type_code   .xz:code(yblx)        .INSU_KIND:code(insu_kind)
    issue_org_name        .fkjg                 .ISSUE_ORG:gbk
    issue_area_code       .fkdq                 .ISSUE_AREA
    issue_date            .fkrq:date            .ISSUE_DAY:dslash
    card_status_code      .kzt:code(kzt)        .STATE_CD:code(card_state)
    status_time           .ztsj:dt              .STATE_TM:dt14
    primary_flag          .mrk:bit              .FIRST_YN:yn
    holder_name           .ckr                  .HOLDER:gbk
    remark                .bz                   .MEMO:gbk
    record_status         .zfbz:code(zfbz)      .VALID_YN:code(valid)
    created_at            .cjsj:dt              .INS_TM:dt14
    updated_at            .gxsj:dt              .UPD_TM:dt14
    """,
)


def _cards(world: World, patient: Patient) -> None:
    cards: list[tuple[str, str, str | None]] = [("03", patient.health_card_no, None)]
    if patient.insurance_no:
        cards.append(("02", f"A{patient.insurance_no[2:]}", patient.insurance_code))
    issued = max(patient.archive_time.date() - timedelta(days=200), patient.birth)
    for place, (kind, number, insurance) in enumerate(cards):
        key = world.count(patient, "card")
        lost = kind == "02" and key % 17 == 0
        world.emit(
            "patient_card",
            patient,
            f"{9000 + key}",
            {
                "patient_id": patient.local_id,
                "card_type_code": kind,
                "card_type_name": value_set("CARD_TYPE")[kind],
                "card_no": number,
                "insurance_type_code": insurance,
                "issue_org_name": "江西省人力资源和社会保障厅" if kind == "02" else "江西省卫生健康委员会",
                "issue_area_code": patient.address.area_code,
                "issue_date": d8(issued),
                "card_status_code": "2" if lost else "1",
                "status_time": dt15(minute(patient.archive_time)) if lost else None,
                "primary_flag": flag(place == 0),
                "holder_name": patient.name,
            },
            created=patient.archive_time + timedelta(minutes=1),
        )


HEALTH = Recipe(
    "basic_health_info",
    faults="missing:disease_history bad_code:abo_blood_type_code blanks:disease_history gbk:disease_history",
    corrects="other_medical_alert",
    layout="""
    field                        his_donghu@da_jkxx      his_qingshanhu@HEALTH_FILE
    health_info_id               .jkid                   .FILE_NO
    patient_id                   .brid:int               .PAT_NO
    health_card_no               ~patient.health_card_no ~patient.health_card_no
    patient_name                 ~patient.patient_name   ~patient.patient_name
    id_type_code                 ~patient.id_type_code   ~patient.id_type_code
    id_no                        ~patient.id_no          ~patient.id_no
    sex_code                     ~patient.sex_code       ~patient.sex_code
    birth_date                   ~patient.birth_date     ~patient.birth_date
    abo_blood_type_code          .xx:code(abo)           .BLOOD_ABO:code(abo)
    rh_blood_type_code           .rh:code(rh)            .BLOOD_RH:code(rh)
    disease_history              .jws                    .HIST_ILL:gbk
    infectious_disease_history   .crbs                   .HIST_INF:gbk
    vaccination_history          .yfjz                   .HIST_VAC:gbk
    surgery_history              .sss                    .HIST_OP:gbk
    transfusion_history          .sxs                    .HIST_BLD:gbk
    allergy_history_flag         .gmsbz:bit              .ALLERGY_YN:yn
    allergy_history              .gms                    .ALLERGY_TXT:gbk
    personal_history             .grs                    .HIST_SELF:gbk
    marital_history              .hys                    .HIST_MARRY:gbk
    menstrual_history            .yjs                    .HIST_MENS:gbk
    family_history               .jzs                    .HIST_FAM:gbk
    drug_allergy_flag            .ywgmbz:bit             .DRUG_ALL_YN:yn
    surgery_history_flag         .sssbz:bit              .OP_YN:yn
    transfusion_history_flag     .sxsbz:bit              .BLD_YN:yn
    asthma_flag                  .xcbz:bit               .ASTHMA_YN:yn
    heart_disease_flag           .xzbbz:bit              .HEART_YN:yn
    diabetes_flag                .tnbbz:bit              .DIAB_YN:yn
    pacemaker_flag               .qbqbz:bit              .PACE_YN:yn
    other_medical_alert          .qtjs                   .ALERT_TXT:gbk
    smoking_status_code          .xyqk:code(xyqk)        .SMOKE_CD:code(smoke)
    height                       .sg:affix(,cm)          .HEIGHT_CM
    weight                       .tz:affix(,kg)          .WEIGHT_KG
    recorder_id                  .jlr                    .REC_EMP
    recorder_name                ~staff:recorder_id      ~staff:recorder_id
    record_time                  .jlsj:dt                .REC_TM:dt14
    record_status                .zfbz:code(zfbz)        .VALID_YN:code(valid)
    created_at                   .cjsj:dt                .INS_TM:dt14
    updated_at                   .gxsj:dt                .UPD_TM:dt14
    """,
)


def _health(world: World, patient: Patient, at: datetime) -> str:
    rng = world.rng("health", patient.campus.name, patient.local_id)
    age = patient.age(at)
    allergy = patient.allergy
    diabetic, heart = age > 50 and rng.random() < 0.2, age > 55 and rng.random() < 0.2
    illnesses = [name for name, has in (("2型糖尿病", diabetic), ("冠心病", heart)) if has]
    key = f"JK{world.count(patient, 'health'):06d}"
    world.emit(
        "basic_health_info",
        patient,
        key,
        {
            "patient_id": patient.local_id,
            "health_card_no": patient.health_card_no,
            "patient_name": patient.name,
            "id_type_code": "01",
            "id_no": patient.id_no,
            "sex_code": patient.sex,
            "birth_date": d8(patient.birth),
            "abo_blood_type_code": rng.choices("12345", (28, 24, 30, 8, 10))[0],
            "rh_blood_type_code": rng.choices("123", (1, 89, 10))[0],
            "disease_history": "、".join(illnesses) + "病史数年，规律服药" if illnesses else "无",
            "infectious_disease_history": "无",
            "vaccination_history": "按计划免疫程序接种",
            "surgery_history": "无",
            "transfusion_history": "无",
            "allergy_history_flag": flag(allergy is not None),
            "allergy_history": f"{allergy[2]}过敏" if allergy else None,
            "personal_history": "生长于原籍，无疫区居住史，无特殊嗜好",
            "marital_history": "适龄结婚，家人体健" if patient.marital_code == "20" else None,
            "menstrual_history": "月经规则，周期28天，经期5天"
            if patient.sex == "2" and 14 <= age <= 48
            else None,
            "family_history": "否认家族遗传病史",
            "drug_allergy_flag": flag(allergy is not None and allergy[0] == "1"),
            "surgery_history_flag": "F",
            "transfusion_history_flag": "F",
            "asthma_flag": flag(any(visit.main.code == "J45.900" for visit in patient.visits)),
            "heart_disease_flag": flag(heart),
            "diabetes_flag": flag(diabetic),
            "pacemaker_flag": "F",
            "smoking_status_code": "1" if age < 18 or patient.sex == "2" else rng.choice("1233"),
            "height": f"{_height(age, rng.random()):.1f}",
            "weight": f"{_weight(age, rng.random()):.2f}",
            "recorder_id": patient.archiver.staff_id,
            "recorder_name": patient.archiver.name,
            "record_time": dt15(minute(at)),
        },
        created=at,
    )
    return key


def _height(age: int, chance: float) -> float:
    return 152 + 30 * chance if age >= 15 else 70 + 6 * age + 8 * chance


def _weight(age: int, chance: float) -> float:
    return 46 + 38 * chance if age >= 15 else 8 + 2.4 * age + 3 * chance


ALLERGY = Recipe(
    "basic_allergenic_ing",
    faults="missing:allergen_name bad_code:allergen_type_code blanks:allergen_name",
    corrects="remark",
    late=True,
    layout="""
    field                  his_donghu@da_gmy         his_qingshanhu@ALLERGY_REC
    allergen_record_id     .gmid:int                 .ALG_ID:int
    health_info_id         .jkid                     .FILE_NO
    patient_id             ~basic_health_info.patient_id  .PAT_NO
    allergen_seq           .xh:int                   .SEQ_NO:int
    allergen_type_code     .lx:code(gmlx)            .KIND_CD:code(allergen)
    allergen_code          .gmydm                    .ALG_CD
    allergen_name          .gmymc                    .ALG_NM:gbk
    allergy_drug_code      .ypdm                     .DRUG_NO
    allergy_drug_name      .ypmc                     .DRUG_NM:gbk
    allergy_symptom        .zz                       .SYMPTOM:gbk
    severity_code          .cd:code(gmcd)            .SEVERITY:code(severity)
    confirmed_flag         .qr:cnflag                .SURE_YN:yn
    allergy_status_code    .zt                       .STATE_CD
    recorder_id            .jlr                      .REC_EMP
    recorder_name          ~staff:recorder_id        ~staff:recorder_id
    record_time            .jlsj:dt                  .REC_TM:dt14
    remark                 .bz                       .MEMO:gbk
    record_status          .zfbz:code(zfbz)          .VALID_YN:code(valid)
    created_at             .cjsj:dt                  .INS_TM:dt14
    updated_at             .gxsj:dt                  .UPD_TM:dt14
    """,
)


def _allergy(world: World, patient: Patient, health_key: str, at: datetime) -> None:
    if patient.allergy is None:
        return
    kind, code, name, drug_name = patient.allergy
    drug = next((one for one in drugs() if one.generic == drug_name), None)
    world.emit(
        "basic_allergenic_ing",
        patient,
        f"{2000 + world.count(patient, 'allergy')}",
        {
            "health_info_id": health_key,
            "patient_id": patient.local_id,
            "allergen_seq": "1",
            "allergen_type_code": kind,
            "allergen_code": code,
            "allergen_name": name,
            "allergy_drug_code": drug.drug_id if drug else None,
            "allergy_drug_name": drug_name,
            "allergy_symptom": "皮疹、瘙痒",
            "severity_code": "1",
            "confirmed_flag": "T",
            "allergy_status_code": "1",
            "recorder_id": patient.archiver.staff_id,
            "recorder_name": patient.archiver.name,
            "record_time": dt15(minute(at)),
        },
        created=at,
    )


def build(world: World, batch: Batch) -> None:
    """Everything about the batch's new patients."""
    for patient in batch.patients:
        _patient(world, patient)
        _contact_ways(world, patient, _contacts(world, patient))
        _certificate(world, patient)
        _cards(world, patient)
        if patient.newborn:
            continue
        at = patient.archive_time + timedelta(minutes=3)
        _allergy(world, patient, _health(world, patient, at), at)


DOMAIN = Domain((PATIENT, CONTACT, CONTACT_WAY, CERTIFICATE, CARD, HEALTH, ALLERGY), build)
