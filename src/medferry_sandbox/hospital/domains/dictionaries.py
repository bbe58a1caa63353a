"""What every system keeps for itself: department, staff, drug and item dictionaries for joins, and the shared code lists.

Joined by `~dept` and `~staff` cells:
    his_donghu      gy_ks(ksdm, ksmc), gy_yg(gh, xm, zcdm, ksdm), yk_yp(ypdm, ypmc, tymc, gg, dw), gy_sfxm(xmdm, xmmc, dw)
    his_qingshanhu  DEPT_DICT(DEPT_NO, DEPT_NM), STAFF_DICT(EMP_NO, EMP_NM, TITLE_CD), DRUG_DICT(DRUG_NO, DRUG_NM, GENERIC_NM,
                    SPEC, PKG_UNIT), ITEM_DICT(ITEM_NO, ITEM_NM, UNIT_NM)
    emr             sys_dept(dept_no, dept_title), sys_emp(emp_no, emp_title)
    lis             lab_dept(dno, dtext), lab_emp(eno, etext)
"""

from __future__ import annotations

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.directories import drugs, services
from medferry_sandbox.hospital.model import Campus, Department, Staff
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

# Lists that several domains use. A list that one domain uses stands in that domain's module.
code_list("his_donghu", "xb", "GB/T 2261.1", "1=男 2=女 0=未知 9=未说明")
code_list("his_qingshanhu", "sex", "GB/T 2261.1", "1=M:男 2=F:女 0=U:未知 9=O:未说明")
code_list("lis", "sex", "GB/T 2261.1", "1=男 2=女 0=不详")
code_list("emr", "sex", "GB/T 2261.1", "1=M:男 2=F:女 0=N:未知")
code_list("his_donghu", "jzlx", "CV09.00.404", "1=MZ:门诊 2=JZ:急诊 3=ZY:住院")
code_list("his_qingshanhu", "visit_kind", "CV09.00.404", "1=O:门诊 2=E:急诊 3=I:住院")
code_list(
    "his_donghu",
    "zjlx",
    "CV02.01.101",
    "01=1:居民身份证 02=2:户口簿 03=3:护照 04=4:军官证 06=6:港澳通行证 07=7:台胞证 10=10:港澳居住证"
    " 11=11:台湾居住证 99=9:其他",
)
code_list(
    "his_qingshanhu",
    "id_kind",
    "CV02.01.101",
    "01=ID:居民身份证 02=HK:户口簿 03=PP:护照 04=JG:军官证 06=GA:港澳通行证 07=TB:台胞证 10=GJ:港澳居住证"
    " 11=TJ:台湾居住证 99=QT:其他",
)
code_list("his_donghu", "yblx", "CV02.01.204", "01=ZG:职工医保 02=JM:居民医保 03=NH:新农合 99=ZF:自费")
code_list(
    "his_qingshanhu",
    "insu_kind",
    "CV02.01.204",
    "01=310:职工基本医疗保险 02=390:城乡居民基本医疗保险 03=391:新农合 99=000:自费",
)
code_list("his_donghu", "fffs", "CV07.10.005", "01=ZG:职工医保 02=JM:居民医保 03=NH:新农合 07=ZF:全自费")
code_list(
    "his_qingshanhu", "pay_kind", "CV07.10.005", "01=A1:职工医保 02=A2:居民医保 03=A3:新农合 07=C1:全自费"
)
code_list("his_donghu", "zfbz", "RECORD_STATUS", "1=0:正常 2=1:作废")
code_list("his_qingshanhu", "valid", "RECORD_STATUS", "1=Y:有效 2=N:无效")
code_list("lis", "state", "RECORD_STATUS", "1=OK:有效 2=DEL:已删除")
code_list("emr", "state", "RECORD_STATUS", "1=A:有效 2=X:作废")
code_list("res", "state", "RECORD_STATUS", "1=1:有效 2=0:停用作废")


def build(world: World, batch: Batch) -> None:
    """Dictionaries once, with the first batch."""
    if not batch.first:
        return
    for campus in world.campuses:
        directory = world.directory(campus)
        for dept in directory.departments.values():
            _department(world, campus, dept)
        for one in directory.staff:
            _staff(world, campus, one)
        _drugs(world, campus)
        _services(world, campus)


def _department(world: World, campus: Campus, dept: Department) -> None:
    world.native(campus, "his_donghu", "gy_ks", "ksdm", ksdm=dept.code, ksmc=dept.name)
    world.native(campus, "his_qingshanhu", "DEPT_DICT", "DEPT_NO", DEPT_NO=dept.code, DEPT_NM=dept.name)
    world.native(campus, "emr", "sys_dept", "dept_no", dept_no=dept.code, dept_title=dept.name)
    world.native(campus, "lis", "lab_dept", "dno", dno=dept.code, dtext=dept.name)


def _staff(world: World, campus: Campus, one: Staff) -> None:
    world.native(
        campus,
        "his_donghu",
        "gy_yg",
        "gh",
        gh=one.staff_id,
        xm=one.name,
        zcdm=one.title_code,
        ksdm=one.dept.code,
    )
    world.native(
        campus,
        "his_qingshanhu",
        "STAFF_DICT",
        "EMP_NO",
        EMP_NO=one.staff_id,
        EMP_NM=one.name,
        TITLE_CD=one.title_code,
    )
    world.native(campus, "emr", "sys_emp", "emp_no", emp_no=one.staff_id, emp_title=one.name)
    world.native(campus, "lis", "lab_emp", "eno", eno=one.staff_id, etext=one.name)


def _drugs(world: World, campus: Campus) -> None:
    for drug in drugs():
        world.native(
            campus, "his_donghu", "yk_yp", "ypdm",
            ypdm=drug.drug_id, ypmc=drug.product, tymc=drug.generic, gg=drug.spec, dw=drug.package_unit,
        )  # fmt: skip
        world.native(
            campus, "his_qingshanhu", "DRUG_DICT", "DRUG_NO",
            DRUG_NO=drug.drug_id, DRUG_NM=drug.product, GENERIC_NM=drug.generic, SPEC=drug.spec, PKG_UNIT=drug.package_unit,
        )  # fmt: skip


def _services(world: World, campus: Campus) -> None:
    for item in services():
        world.native(campus, "his_donghu", "gy_sfxm", "xmdm", xmdm=item.item_id, xmmc=item.name, dw=item.unit)
        world.native(
            campus,
            "his_qingshanhu",
            "ITEM_DICT",
            "ITEM_NO",
            ITEM_NO=item.item_id,
            ITEM_NM=item.name,
            UNIT_NM=item.unit,
        )


DOMAIN = Domain((), build)
