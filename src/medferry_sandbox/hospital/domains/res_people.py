"""Who works here: staff with licences and powers, and the posts they hold. Resource system (RES), once.

res  person_file + person_licence, post_plan
"""

from __future__ import annotations

from datetime import date

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.res_places import head, standard_dept
from medferry_sandbox.hospital.model import Campus, Department, Staff, d8, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("res", "sex", "GB/T 2261.1", "1=男 2=女")
code_list("res", "job", "STAFF_CATEGORY", "01=医:医生 02=护:护士 03=技:医技 04=管:行政管理")
code_list("res", "study", "GB/T 4658", "14=硕士研究生 21=本科 31=大专")
code_list("res", "title_lv", "CV08.30.005", "1=正高 2=副高 3=中级 4=初级:师级")
code_list("res", "post_kind", "POSITION_CATEGORY", "1=G:管理 2=Z:专业技术 3=Q:工勤 4=T:特设")

PERSON = Recipe(
    "qm_base_user",
)
_CATEGORY = {"doctor": "01", "nurse": "02", "technician": "03", "pharmacist": "03", "clerk": "04"}
_TITLE_LEVEL = {"231": "1", "232": "2", "233": "3", "234": "4", "253": "3", "254": "4", "263": "3", "264": "4",
                "243": "3", "244": "4"}  # fmt: skip
_MAJORS = {
    "doctor": ("100201", "临床医学"), "nurse": ("101101", "护理学"), "technician": ("101001", "医学检验技术"),
    "pharmacist": ("100701", "药学"), "clerk": ("120401", "公共事业管理"),
}  # fmt: skip
_SCOPES = {"A": ("A11", "内科专业"), "B": ("A12", "外科专业"), "C": ("A13", "妇产科专业"), "D": ("A14", "儿科专业"),
           "G": ("A51", "中医专业"), "H": ("A22", "急救医学专业"), "J": ("A19", "医学影像和放射治疗专业")}  # fmt: skip
_SURGEONS = {"231": "4", "232": "3", "233": "2", "234": "1"}
_ANTIBACTERIALS = {"231": "3", "232": "3", "233": "2", "234": "1"}


def _profession(one: Staff) -> str:
    if one.role == "nurse":
        return "22" if one.dept.code == "W09" else "21"
    if one.role == "technician":
        return {"J01": "41", "J04": "41", "J02": "42", "J03": "42"}.get(one.dept.code, "69")
    return {"doctor": "11", "pharmacist": "31"}.get(one.role, "80")


def _day(day: date, years: int, month: int) -> str:
    return d8(date(day.year + years, month, 1))


def _person(world: World, campus: Campus, one: Staff) -> None:
    rng = world.rng("person", campus.name, one.staff_id)
    senior = one.title_code in ("231", "232")
    leads = head(world, campus, one.dept) is one and one.dept.kind != "admin"
    statistics = {"L02": "1", "L03": "2"}.get(one.dept.code)
    major = ("101003", "医学影像技术") if _profession(one) == "42" else _MAJORS[one.role]
    world.emit(
        "qm_base_user",
        campus,
        one.staff_id,
        {
            "staff_no": f"{campus.branch_code}{one.staff_id}",
            "institution_id": campus.branch_code,
            "name": one.name,
            "id_type_code": "01",
            "id_no": one.id_no,
            "sex_code": one.sex,
            "birth_date": d8(one.birth),
            "ethnic_code": "01",
            "nationality_code": "156",
            "political_status_code": rng.choice(("01", "13", "13")),
            "work_start_date": _day(one.birth, 23, 8),
            "join_org_date": _day(one.birth, 24, 8),
            "office_phone": f"{campus.phone[:-3]}{rng.randrange(100, 1000)}",
            "mobile_phone": one.phone,
            "dept_code": one.dept.code,
            "standard_dept_code": standard_dept(one.dept)[0],
            "dept_name": one.dept.name,
            "staff_category_code": _CATEGORY[one.role],
            "profession_category_code": _profession(one),
            "admin_post_code": "4" if leads else None,
            "admin_post_name": f"{one.dept.name}主任" if leads else None,
            "tech_qualification_code": one.title_code,
            "tech_qualification_name": value_set("GB/T 8561").get(one.title_code),
            "tech_title_code": _TITLE_LEVEL.get(one.title_code),
            "title_appointed_date": _day(one.birth, 29, 12) if one.title_code else None,
            "education_code": "14" if senior else "21" if one.role != "nurse" else rng.choice(("21", "31")),
            "degree_code": "310" if senior else "410" if one.role == "doctor" else None,
            "major_code": major[0],
            "major_name": major[1],
            "graduate_school": rng.choice(("南昌大学", "江西中医药大学", "赣南医科大学", "九江学院")),
            "specialty_1": f"{one.dept.standard_name}常见病、疑难病诊治" if senior else None,
            "establishment_code": "1" if senior or rng.random() < 0.6 else "2",
            "is_statistics_informatics_staff": flag(statistics is not None),
            "statistics_informatics_work_code": statistics,
            "is_academician": "F",
            "is_state_council_allowance": "F",
            "is_registrable": flag(one.role == "doctor" and one.dept.outpatient),
            "staff_status_code": "1",
            **_licences(world, campus, one),
        },
        created=world.opened,
    )


def _licences(world: World, campus: Campus, one: Staff) -> dict[str, str | None]:
    number = f"{campus.branch_code}{one.staff_id}"
    insured = f"{campus.area_code}{number}"
    shared: dict[str, str | None] = {
        "practice_qualification_code": {"doctor": "1", "nurse": "2", "pharmacist": "3"}.get(one.role, "9"),
        "license_issue_date": _day(one.birth, 25, 5) if one.role in ("doctor", "nurse") else None,
        "license_issuing_authority": "江西省卫生健康委员会" if one.role in ("doctor", "nurse") else None,
    }
    if one.role == "nurse":
        permit = {"nurse_license_no": f"201936{number}", "license_valid_to": f"{world.start.year + 4}1231"}
        return shared | permit | {"medical_insurance_staff_code": f"N{insured}"}
    if one.role == "pharmacist":
        return shared | {"pharmacist_qualification_no": f"YS36{number}"}
    if one.role != "doctor":
        return shared
    scope = _SCOPES.get(one.dept.code[0], _SCOPES["A"])
    trained = one.title_code in ("233", "234")
    return shared | {
        "physician_license_no": f"110{campus.area_code}{number}",
        "physician_qualification_no": f"2010{campus.area_code}{number}",
        "practice_category_code": "4" if one.dept.code == "G01" else "1",
        "practice_scope_code": scope[0],
        "practice_scope_name": scope[1],
        "practice_level_code": "1",
        "is_multi_site_physician": "F",
        "is_residency_trained": flag(trained),
        "residency_certificate_no": f"ZP36{number}" if trained else None,
        "is_general_practitioner": "F",
        "has_prescription_right": "T",
        "antibacterial_authority_code": _ANTIBACTERIALS[one.title_code],
        "antitumor_authority_code": ("1" if one.title_code == "234" else "2")
        if one.dept.code == "E01"
        else None,
        "has_narcotic_right": flag(one.title_code != "234"),
        "surgery_authority_code": _SURGEONS[one.title_code] if one.dept.code[0] in "BC" else None,
        "medical_insurance_staff_code": f"D{insured}",
    }


POST = Recipe(
    "positionmanagement",
)
_GRADES = {"231": "203", "232": "206", "233": "208", "234": "211", "253": "208", "254": "211", "263": "208",
           "264": "211", "243": "208", "244": "211", "": "108"}  # fmt: skip
_SERIES = {"doctor": "01", "pharmacist": "02", "nurse": "03", "technician": "04"}


def _post(world: World, campus: Campus, dept: Department, title: str, holders: list[Staff]) -> None:
    key = world.count(campus, "post")
    first = holders[0]
    only = first if len(holders) == 1 else None
    seats = len(holders) + (1 if title in ("234", "254") and key % 3 == 0 else 0)
    approved = world.start.year - 2
    name = value_set("GB/T 8561").get(title, "管理")
    world.emit(
        "positionmanagement",
        campus,
        str(key),
        {
            "institution_id": campus.branch_code,
            "position_code": f"{dept.code}-{title or '900'}",
            "position_name": f"{dept.name}{name}岗",
            "position_category_code": "2" if title else "1",
            "position_grade_code": _GRADES[title],
            "position_series_code": _SERIES.get(first.role),
            "is_double_post": flag(title == "231"),
            "is_key_post": flag(title == "231"),
            "dept_code": dept.code,
            "standard_dept_code": standard_dept(dept)[0],
            "dept_name": dept.name,
            "profession_category_code": _profession(first),
            "required_education_code": "21" if first.role == "doctor" else "31",
            "required_title_code": _TITLE_LEVEL.get(title),
            "position_duties": f"承担{dept.name}{name}岗位工作，完成科室医疗、教学任务"
            if title
            else f"承担{dept.name}日常管理工作",
            "establishment_code": "1",
            "approved_positions": str(seats),
            "occupied_positions": str(len(holders)),
            "approved_establishment": str(seats),
            "vacant_positions": str(seats - len(holders)),
            "staff_id": only.staff_id if only else None,
            "staff_name": only.name if only else None,
            "appointment_start_date": f"{approved}0901" if only else None,
            "appointment_end_date": f"{approved + 5}0831" if only else None,
            "appointment_method_code": ("2" if title == "231" else "1") if only else None,
            "approval_doc_no": f"洪人社字〔{approved}〕117号",
            "approval_authority": "南昌市人力资源和社会保障局",
            "approval_date": f"{approved}0615",
            "effective_date": f"{approved}0901",
            "position_status_code": "1",
            "statistics_date": d8(world.opened.date()),
        },
        created=world.opened,
    )


def build(world: World, batch: Batch) -> None:
    """Staff and posts, with the first batch."""
    if not batch.first:
        return
    for campus in world.campuses:
        posts: dict[tuple[str, str], list[Staff]] = {}
        for one in world.directory(campus).staff:
            _person(world, campus, one)
            posts.setdefault((one.dept.code, one.title_code), []).append(one)
        for (code, title), holders in posts.items():
            _post(world, campus, world.directory(campus).dept(code), title, holders)


DOMAIN = Domain((PERSON, POST), build)
