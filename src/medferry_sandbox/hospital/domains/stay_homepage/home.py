"""The home page's recipe and code lists: Donghu has it in ba_* tables, Qingshanhu in MR_*, fees there under report codes."""

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
)
