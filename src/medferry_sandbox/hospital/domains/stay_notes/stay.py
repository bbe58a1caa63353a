"""What every document of a stay says at its head. The EMR keeps it once, in its index of stays (emr_stay), fed by the HIS."""

from __future__ import annotations

from datetime import datetime, timedelta

from medferry_sandbox.hospital.code_lists import CODE_LISTS, code_list
from medferry_sandbox.hospital.domains.stay_homepage.facts import hospital_days, leaves, team
from medferry_sandbox.hospital.domains.stay_orders import room_no
from medferry_sandbox.hospital.domains.visit import outcome
from medferry_sandbox.hospital.encoders import dt
from medferry_sandbox.hospital.model import Staff, Visit, d8, dt15, minute
from medferry_sandbox.hospital.standard import standard_table
from medferry_sandbox.hospital.world import World

Facts = dict[str, str | None]

# Local codes of both HISs, as the look-up table brings them: one list for the EMR's mapping at both campuses.
code_list(
    "emr",
    "id_kind",
    "CV02.01.101",
    "01=1:身份证(东湖) 02=2:户口簿(东湖) 03=3:护照(东湖) 04=4:军官证(东湖) 06=6:港澳通行证(东湖) 07=7:台胞证(东湖)"
    " 10=10:港澳居住证(东湖) 11=11:台湾居住证(东湖) 99=9:其他(东湖) 01=ID:身份证(青山湖) 02=HK:户口簿(青山湖)"
    " 03=PP:护照(青山湖) 04=JG:军官证(青山湖) 06=GA:港澳通行证(青山湖) 07=TB:台胞证(青山湖) 10=GJ:港澳居住证(青山湖)"
    " 11=TJ:台湾居住证(青山湖) 99=QT:其他(青山湖)",
)
code_list(
    "emr",
    "nation",
    "GB/T 3304",
    "01=1:汉族(东湖) 22=22:畲族(东湖) 03=3:回族(东湖) 06=6:苗族(东湖) 66=66:外籍(东湖) 01=HA:汉族(青山湖) 22=SH:畲族(青山湖)"
    " 03=HU:回族(青山湖) 06=MI:苗族(青山湖) 66=WG:外籍(青山湖)",
)
code_list("emr", "marital", "GB/T 2261.2", "10=WH:未婚 20=YH:已婚 30=SO:丧偶 40=LH:离婚 90=QT:其他")
code_list("emr", "job", "GB/T 2261.4", "17=职员 24=工人 27=农民 31=学生 54=个体 80=退休 90=其他")
code_list("emr", "kin", "GB/T 4761", "01=本人 10=配偶 51=父亲 52=母亲 20=儿子 30=女儿 75=姐姐 99=非亲属")
code_list("emr", "outcome", "CV05.10.010", "1=ZY:治愈 2=HZ:好转 3=WD:稳定 4=EH:恶化 5=SW:死亡 9=QT:其他")
code_list("emr", "leave", "RC019", "1=1:医嘱离院 2=2:转院 3=3:转社区 4=4:自动出院 5=5:死亡 9=9:其他")


def head_facts(world: World, visit: Visit, table: str) -> Facts:
    """What the head of every document says, as far as this table has it, and visit_id. The EMR joins it from the stay."""
    facts = {**_person(visit), **_place(visit), **_signers(world, visit)}
    facts["discharge_mode_code"] = leaves(world, visit)
    facts["admission_time"] = dt15(visit.start)
    if visit.end is not None:
        facts["discharge_time"] = facts["death_time"] = dt15(visit.end)
        facts["hospital_days"] = str(hospital_days(visit))
    known = standard_table(table).fields
    return {name: value for name, value in facts.items() if name in known}


def _person(visit: Visit) -> Facts:
    patient = visit.patient
    place = patient.address
    return {
        "patient_id": patient.local_id,
        "visit_id": visit.visit_id,
        "health_card_no": patient.health_card_no,
        "medical_record_no": patient.medical_record_no,
        "patient_name": patient.name,
        "id_type_code": patient.paper_code,
        "id_no": patient.id_no,
        "sex_code": patient.sex,
        "birth_date": d8(patient.birth),
        "age_year": str(patient.age(visit.start)),
        "ethnic_code": patient.ethnic_code,
        "marital_code": patient.marital_code,
        "occupation_code": patient.occupation_code,
        "addr_province": place.province,
        "addr_city": place.city,
        "addr_county": place.county,
        "addr_township": place.town,
        "addr_village": place.village,
        "addr_house_no": place.house_no,
    }


def _place(visit: Visit) -> Facts:
    assert visit.bed is not None
    return {
        "inpatient_no": visit.local_no,
        "admission_times": str(visit.times),
        "dept_code": visit.dept.code,
        "dept_name": visit.dept.name,
        "ward_code": visit.bed.ward.code,
        "ward_name": visit.bed.ward.name,
        "room_no": room_no(visit.bed),
        "bed_no": visit.bed.bed_no,
    }


def _signers(world: World, visit: Visit) -> Facts:
    posts = team(world, visit)
    by_post = {
        "receiving_physician": posts.resident,
        "resident_physician": posts.resident,
        "attending_physician": posts.attending,
        "chief_physician": posts.chief,
        "superior_physician": posts.attending,
    }
    return {
        f"{post}_{part}": text
        for post, one in by_post.items()
        for part, text in (("id", one.staff_id), ("name", one.name))
    }


def index_stay(world: World, visit: Visit) -> None:
    """The EMR's own line of the stay."""
    assert visit.bed is not None
    posts, patient = team(world, visit), visit.patient
    world.native(
        visit,
        "emr",
        "emr_stay",
        "stay_no",
        stay_no=visit.visit_id,
        pat_no=patient.local_id,
        ip_no=visit.local_no,
        nth=visit.times,
        dept=visit.dept.code,
        ward=visit.bed.ward.code,
        room=room_no(visit.bed),
        bed=visit.bed.bed_no,
        person=patient.name,
        sex=CODE_LISTS["emr", "sex"].to_local[patient.sex],
        born=f"{patient.birth:%Y-%m-%d}",
        in_tm=dt(dt15(visit.start)),
        out_tm=dt(dt15(visit.end)) if visit.end else None,
        res_doc=posts.resident.staff_id,
        att_doc=posts.attending.staff_id,
        chief_doc=posts.chief.staff_id,
    )


def written(visit: Visit, after: timedelta) -> datetime:
    """A whole minute that long after admission, within the stay."""
    return minute(min(visit.start + after, visit.until))


def signed(world: World, visit: Visit, after: timedelta) -> datetime:
    """A whole minute that long after discharge."""
    assert visit.end is not None
    return max(visit.end, minute(world.clamp(visit, visit.end + after)))


def result(visit: Visit) -> tuple[str, str, str]:
    """(code, condition, symptoms) at discharge."""
    code = outcome(visit)
    if code == "5":
        return code, "患者经抢救无效死亡", "呼吸、心跳停止，双侧瞳孔散大固定，心电图呈直线"
    if visit.scenario in ("va", "ca"):
        return code, "产妇一般情况好，母乳喂养", "体温正常，子宫收缩好，恶露少，切口无红肿渗出"
    if visit.operation:
        return code, "患者一般情况好，饮食睡眠正常", "体温正常，切口愈合良好，无红肿渗出"
    return code, "患者症状较前明显好转", "神志清楚，生命体征平稳，心肺腹查体无明显异常"


def signature(one: Staff, post: str) -> Facts:
    """Id and name under one post."""
    return {f"{post}_id": one.staff_id, f"{post}_name": one.name}
