"""How the two HISs store the home page: Donghu in ba_* tables, Qingshanhu in MR_*, fees there under report codes."""

from __future__ import annotations

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.recipe import Recipe

code_list("his_donghu", "rytj", "RC026", "1=JZ:急诊 2=MZ:门诊 3=ZY:外院转入 9=QT:其他")
code_list("his_qingshanhu", "adm_way", "RC026", "1=E:急诊 2=O:门诊 3=T:转入 9=X:其他")
code_list(
    "his_donghu", "lyfs", "RC019", "1=YZ:医嘱离院 2=ZY:转院 3=SQ:转社区 4=FYZ:非医嘱离院 5=SW:死亡 9=QT:其他"
)
code_list(
    "his_qingshanhu", "leave_way", "RC019", "1=A:遵医嘱 2=B:转院 3=C:转社区 4=D:自动离院 5=E:死亡 9=F:其他"
)
code_list("his_donghu", "bazl", "RC011", "1=甲级 2=乙级 3=丙级")
code_list("his_qingshanhu", "mr_grade", "RC011", "1=A:甲 2=B:乙 3=C:丙")

code_list("his_donghu", "balxrgx", "GB/T 4761", "10=配偶 51=父亲 52=母亲 20=儿子 30=女儿 75=姐姐 99=朋友")
code_list(
    "his_qingshanhu",
    "mr_relation",
    "GB/T 4761",
    "10=1:配偶 20=2:子 30=3:女 51=5:父亲 52=6:母亲 75=7:姐姐 99=8:非亲属",
)

HOME = Recipe(
    "inpatient_record_home",
    faults="missing:contact_phone,employer_name,native_place_city bad_code:admission_route_code,discharge_mode_code,"
    "record_quality_code checksum:id_no full_width:household_postcode,contact_phone blanks:main_diag_name,employer_name"
    " gbk:employer_name,allergy_drug",
    layout="""
    field                         his_donghu@ba_sy             his_qingshanhu@MR_HOME
    record_home_id .basyh+ba_dz.basyh+ba_zd.basyh+ba_fy.basyh .HOME_NO+MR_ADDR.HOME_NO+MR_CLIN.HOME_NO+MR_FEE.HOME_NO
    patient_id                    .brid:int                    .PAT_NO
    visit_id                      .zylsh                       .VISIT_NO
    social_credit_code            .zzjgdm                      .ORG_CERT
    payment_method_code           ~visit.payment_method_code   .PAY_KIND:code(pay_kind)
    health_card_no                ~patient.health_card_no      .HC_NO
    admission_times               ~visit.visit_times           .NTH_TIME:int
    inpatient_no                  ~visit.inpatient_no          .IP_NO
    medical_record_no             ~patient.medical_record_no   .MR_NO
    patient_name                  ~patient.patient_name        .PAT_NAME:gbk
    sex_code                      ~patient.sex_code            .SEX_CD:code(sex)
    birth_date                    ~patient.birth_date          .BIRTH_DAY:dslash
    age_year                      ~age                         .AGE_Y:int
    nationality_code              .gjdm                        .COUNTRY_CD
    newborn_birth_weight          .xsecstz:int                 MR_CLIN.NB_WEIGHT:int
    birth_place_province          ba_dz.csds                   MR_ADDR.BORN_PROV:gbk
    birth_place_city              ba_dz.csdc                   MR_ADDR.BORN_CITY:gbk
    birth_place_county            ba_dz.csdx                   MR_ADDR.BORN_CNTY:gbk
    native_place_province         ba_dz.jgs                    MR_ADDR.HOMETOWN:pack(0,-)
    native_place_city             ba_dz.jgc                    MR_ADDR.HOMETOWN:pack(1,-)
    ethnic_code                   ~patient.ethnic_code         ~patient.ethnic_code
    id_type_code                  ~patient.id_type_code        .CERT_KIND:code(id_kind)
    id_no                         .sfzh                        .CERT_NO
    occupation_code               .zydm:code(zy)               .JOB_CD:code(job)
    marital_code                  .hyzk:code(hyzk)             .MARITAL_CD:code(marital)
    current_addr_province         ~patient.address_province    ~patient.address_province
    current_addr_city             ~patient.address_city        ~patient.address_city
    current_addr_county           ~patient.address_county      ~patient.address_county
    current_addr_township         ~patient.address_town        ~patient.address_town
    current_addr_village          ~patient.address_village     ~patient.address_village
    current_addr_house_no         ~patient.address_house_no    ~patient.address_house_no
    current_addr_code             ~patient.address_division_code  ~patient.address_division_code
    phone                         .lxdh                        .TEL_NO
    current_postcode              ~patient.postal_code         ~patient.postal_code
    household_addr_province       ba_dz.hks                    MR_ADDR.HK_PROV:gbk
    household_addr_city           ba_dz.hkc                    MR_ADDR.HK_CITY:gbk
    household_addr_county         ba_dz.hkx                    MR_ADDR.HK_CNTY:gbk
    household_addr_township       ba_dz.hkz                    MR_ADDR.HK_TOWN:gbk
    household_addr_village        ba_dz.hkl                    MR_ADDR.HK_ROAD:gbk
    household_addr_house_no       ba_dz.hkmp                   MR_ADDR.HK_DOOR
    household_addr_code           ba_dz.hkqh                   MR_ADDR.HK_AREA
    household_postcode            ba_dz.hkyb                   MR_ADDR.HK_ZIP
    employer_name                 .gzdw                        MR_ADDR.FIRM_NM:gbk
    employer_phone                .gzdwdh                      MR_ADDR.FIRM_TEL
    employer_postcode             .gzdwyb                      MR_ADDR.FIRM_ZIP
    contact_name                  .lxrxm                       .LINK_NM:gbk
    contact_relation_code         .lxrgx:code(balxrgx)              .LINK_REL:code(mr_relation)
    contact_addr_province         ba_dz.lxs                    MR_ADDR.LINK_PROV:gbk
    contact_addr_city             ba_dz.lxc                    MR_ADDR.LINK_CITY:gbk
    contact_addr_county           ba_dz.lxx                    MR_ADDR.LINK_CNTY:gbk
    contact_phone                 .lxrdh                       .LINK_TEL
    admission_route_code          .rytj:code(rytj)             .IN_WAY:code(adm_way)
    treatment_category_code       =3                           =3
    admission_time                ~visit.admission_time        ~visit.admission_time
    admission_dept_code           ~visit.dept_code             .IN_DEPT
    admission_dept_name           ~dept:admission_dept_code    ~dept:admission_dept_code
    admission_room                .rybf                        .IN_ROOM
    discharge_time                ~visit.discharge_time        ~visit.discharge_time
    discharge_dept_code           ~visit.discharge_dept_code   .OUT_DEPT
    discharge_dept_name           ~dept:discharge_dept_code    ~dept:discharge_dept_code
    discharge_room                .cybf                        .OUT_ROOM
    hospital_days                 .zyts:int                    .STAY_DAYS:int
    outpatient_diag_code          ba_zd.mzzdbm                 MR_CLIN.OPD_DX:pack(0,|)
    outpatient_diag_name          ba_zd.mzzdmc                 MR_CLIN.OPD_DX:pack(1,|)
    admission_diag_code           ~visit.diagnosis_code        ~visit.diagnosis_code
    admission_diag_name           ~visit.diagnosis_name        ~visit.diagnosis_name
    admission_severity_code       ba_zd.ryqk                   MR_CLIN.IN_STATE
    confirm_diag_date             ba_zd.qzrq:date              MR_CLIN.SURE_DAY:dslash
    main_diag_code                ba_zd.zyzdbm                 MR_CLIN.MAIN_DX_CD
    main_diag_name                ba_zd.zyzdmc                 MR_CLIN.MAIN_DX_NM:gbk
    main_diag_admission_cond_code ba_zd.zyzdrybq:code(rybq)    MR_CLIN.MAIN_DX_POA:code(on_admit)
    main_diag_outcome_code        ba_zd.zyzdzg:code(zg)        MR_CLIN.MAIN_DX_RES:code(outcome)
    other_diag_count              ba_zd.qtzds:int              MR_CLIN.OTH_DX_NUM:int
    injury_cause_code             ba_zd.sswybm                 MR_CLIN.HURT_CD
    injury_cause_name             ba_zd.sswymc                 MR_CLIN.HURT_NM:gbk
    pathology_diag_code           ba_zd.blbm                   MR_CLIN.PATH_CD
    pathology_diag_name           ba_zd.blmc                   MR_CLIN.PATH_NM:gbk
    pathology_no                  ba_zd.blh                    MR_CLIN.PATH_SN
    differentiation_code          ba_zd.fhcd                   MR_CLIN.GRADE_CD
    tnm_stage                     ba_zd.tnm                    MR_CLIN.TNM_TXT
    highest_diag_basis_code       ba_zd.zgzdyj                 MR_CLIN.BASIS_CD
    drug_allergy_flag             ba_zd.ywgm                   MR_CLIN.ALLERGY_CD
    allergy_drug                  ba_zd.gmyw                   MR_CLIN.ALLERGY_TXT:gbk
    autopsy_flag                  ba_zd.sj                     MR_CLIN.AUTOPSY_CD
    abo_code                      ba_zd.xx:code(abo)           MR_CLIN.BLOOD_ABO:code(abo)
    rh_code                       ba_zd.rh:code(rh)            MR_CLIN.BLOOD_RH:code(rh)
    dept_director_id              .kzr                         .HEAD_DOC
    dept_director_name            ~staff:dept_director_id      ~staff:dept_director_id
    chief_physician_id            .zrys                        .CHIEF_DOC
    chief_physician_name          ~staff:chief_physician_id    ~staff:chief_physician_id
    attending_physician_id        .zzys                        .ATTEND_DOC
    attending_physician_name      ~staff:attending_physician_id  ~staff:attending_physician_id
    resident_physician_id         .zyys                        .RES_DOC
    resident_physician_name       ~staff:resident_physician_id   ~staff:resident_physician_id
    responsible_nurse_id          .zrhs                        .DUTY_NURSE
    responsible_nurse_name        ~staff:responsible_nurse_id  ~staff:responsible_nurse_id
    coder_id                      .bmy                         .CODE_EMP
    coder_name                    ~staff:coder_id              ~staff:coder_id
    record_quality_code           .bazl:code(bazl)             .GRADE_CD:code(mr_grade)
    qc_physician_id               .zkys                        .QC_DOC
    qc_physician_name             ~staff:qc_physician_id       ~staff:qc_physician_id
    qc_nurse_id                   .zkhs                        .QC_NURSE
    qc_nurse_name                 ~staff:qc_nurse_id           ~staff:qc_nurse_id
    qc_date                       .zkrq:dcn                    .QC_DAY:dslash
    operation_flag                .ssbz:bit                    MR_CLIN.OP_YN:yn
    operation_count               .sss:int                     MR_CLIN.OP_NUM:int
    discharge_mode_code           .lyfs:code(lyfs)             .OUT_WAY:code(leave_way)
    readmission_31d_flag          .zzyjh                       .BACK31_CD
    readmission_31d_purpose       .zzymd                       .BACK31_TXT:gbk
    pathway_enter_flag            ba_zd.lclj:bit               MR_CLIN.PATHWAY_YN:yn
    day_surgery_flag              =F                           MR_CLIN.DAYOP_YN:yn
    single_disease_flag           ba_zd.dbz:bit                MR_CLIN.SINGLE_YN:yn
    rescue_times                  ba_zd.qjcs:int               MR_CLIN.RESCUE_NUM:int
    rescue_success_times          ba_zd.qjcg:int               MR_CLIN.SAVED_NUM:int
    critical_flag                 ba_zd.wz:bit                 MR_CLIN.CRIT_YN:yn
    difficult_flag                ba_zd.yn:bit                 MR_CLIN.HARD_YN:yn
    hospital_infection_flag       ba_zd.yngr:bit               MR_CLIN.HAI_YN:yn
    pressure_ulcer_flag           ba_zd.yc:bit                 MR_CLIN.SORE_YN:yn
    fall_flag                     ba_zd.dd:bit                 MR_CLIN.FALL_YN:yn
    transfusion_flag              ba_zd.sx:bit                 MR_CLIN.BLOOD_YN:yn
    transfusion_reaction_code     ba_zd.sxfy                   MR_CLIN.BLOOD_RES
    nursing_level1_days           ba_zd.yjhl:int               MR_CLIN.CARE1_DAYS:int
    nursing_level2_days           ba_zd.ejhl:int               MR_CLIN.CARE2_DAYS:int
    match_op_adm_code             ba_zd.mzcyfh                 MR_CLIN.FIT_OPD
    match_in_out_code             ba_zd.rycyfh                 MR_CLIN.FIT_IN
    match_pre_post_op_code        ba_zd.sqshfh                 MR_CLIN.FIT_OP
    match_clin_path_code          ba_zd.lcblfh                 MR_CLIN.FIT_PATH
    antibiotic_flag               ba_zd.kjyw:bit               MR_CLIN.ANTI_YN:yn
    infectious_report_flag        ba_zd.crbbg:bit              MR_CLIN.INFECT_YN:yn
    chief_in_charge_id            .zzyszz                      .LEAD_DOC
    chief_in_charge_name          ~staff:chief_in_charge_id    ~staff:chief_in_charge_id
    total_cost                    ba_fy.zfy:cents              MR_FEE.D01
    self_pay_amount               ba_fy.zfje:cents             MR_FEE.D09
    general_service_fee           ba_fy.ybylfw:cents           MR_FEE.D11
    general_treatment_fee         ba_fy.ybzlcz:cents           MR_FEE.D12
    nursing_fee                   ba_fy.hlf:cents              MR_FEE.D13
    general_other_fee             ba_fy.zhqt:cents             MR_FEE.D14
    pathology_fee                 ba_fy.blzdf:cents            MR_FEE.D15
    lab_fee                       ba_fy.syszdf:cents           MR_FEE.D16
    imaging_fee                   ba_fy.yxxzdf:cents           MR_FEE.D17
    clinical_diag_fee             ba_fy.lczdf:cents            MR_FEE.D18
    nonsurgical_fee               ba_fy.fsszlf:cents           MR_FEE.D19
    physiotherapy_fee             ba_fy.lcwlzlf:cents          MR_FEE.D19X1
    surgical_fee                  ba_fy.sszlf:cents            MR_FEE.D20
    anesthesia_fee                ba_fy.mzf:cents              MR_FEE.D20X1
    operation_fee                 ba_fy.ssf:cents              MR_FEE.D20X2
    rehab_fee                     ba_fy.kff:cents              MR_FEE.D21
    tcm_treatment_fee             ba_fy.zyzlf:cents            MR_FEE.D22
    western_drug_fee              ba_fy.xyf:cents              MR_FEE.D23
    antibiotic_fee                ba_fy.kjywf:cents            MR_FEE.D23X1
    patent_drug_fee               ba_fy.zchengyf:cents         MR_FEE.D24
    herbal_fee                    ba_fy.zcaoyf:cents           MR_FEE.D25
    blood_fee                     ba_fy.xf:cents               MR_FEE.D26
    albumin_fee                   ba_fy.bdbf:cents             MR_FEE.D27
    globulin_fee                  ba_fy.qdbf:cents             MR_FEE.D28
    coagulation_fee               ba_fy.nxyzf:cents            MR_FEE.D29
    cytokine_fee                  ba_fy.xbyzf:cents            MR_FEE.D30
    exam_material_fee             ba_fy.jcclf:cents            MR_FEE.D31
    treatment_material_fee        ba_fy.zlclf:cents            MR_FEE.D32
    surgery_material_fee          ba_fy.ssclf:cents            MR_FEE.D33
    other_fee                     ba_fy.qtf:cents              MR_FEE.D34
    settlement_no                 .jslsh                       .SETTLE_SN
    archive_time                  .gdsj:dt                     .FILED_TM:dt12
    record_status                 .zfbz:code(zfbz)             .VALID_YN:code(valid)
    created_at                    .cjsj:dt                     .INS_TM:dt14
    updated_at                    .gxsj:dt                     .UPD_TM:dt14
    """,
)
