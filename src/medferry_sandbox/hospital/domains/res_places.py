"""Where the hospital works: departments and wards, beds. One resource system (RES), one database per campus.

    res  unit_info (departments and wards), bed_file
Every `~dept` and `~staff` cell of RES joins unit_info(unit_key, unit_title) and person_file(emp_key, emp_title).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.directories import service
from medferry_sandbox.hospital.domains.stay_orders import room_no
from medferry_sandbox.hospital.model import Bed, Campus, Department, Staff, Visit, dt15, flag, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list(
    "res", "unit_kind", "DEPT_CATEGORY", "01=LC:临床 02=YJ:医技 03=YX:药学 04=HL:护理单元 05=XZ:行政职能"
)
code_list("res", "unit_state", "DEPT_STATUS", "1=ON:启用 2=OFF:停用 3=DEL:撤销")
code_list("res", "bed_kind", "BED_TYPE", "01=PT:普通床 03=LG:留观床 04=CK:产科床")
code_list("res", "bed_state", "BED_STATUS", "0=FREE:空床 1=USED:占用 4=CLEAN:终末消毒 5=FIX:维修 6=STOP:停用")

_NO_SUBJECT = ("01", "预防保健科")
"""The list of diagnosis subjects has nothing for pharmacies and offices; the hospital files them here by agreement."""


FOUNDED = {"01": "19580601", "02": "20090901"}
"""D8 of each campus's first day, by branch code."""


def standard_dept(dept: Department) -> tuple[str, str]:
    """Code and name after 医疗机构诊疗科目名录."""
    return (dept.standard_code, dept.standard_name) if dept.standard_code else _NO_SUBJECT


DEPARTMENT = Recipe(
    "qm_base_dept",
)
_KINDS = {"clinical": "01", "medtech": "02", "pharmacy": "03", "ward": "04", "admin": "05"}
_SURGICAL = ("B01", "B02", "B03", "C01", "C02")


def head(world: World, campus: Campus, dept: Department) -> Staff | None:
    """Who leads a department; a ward's first nurse is its head nurse and not meant here."""
    role = {"pharmacy": "pharmacist", "admin": "clerk", "ward": ""}.get(dept.kind, "doctor")
    return next(iter(world.directory(campus).people(role, dept)), None)


def _department(world: World, campus: Campus, dept: Department, place: int) -> None:
    directory = world.directory(campus)
    ward = dept.kind == "ward"
    leader = head(world, campus, dept)
    nurse = directory.people("nurse", dept)[0] if ward else None
    code, name = standard_dept(dept)
    in_list = dept.kind in ("clinical", "medtech", "ward")
    beds = str(len(directory.beds[dept.ward])) if dept.inpatient and dept.ward else None
    parent = directory.dept(dept.parent) if dept.parent else None
    world.emit(
        "qm_base_dept",
        campus,
        dept.code,
        {
            "institution_id": campus.branch_code,
            "dept_name": dept.name,
            "dept_alias": dept.name.removesuffix("科") if len(dept.name) > 3 else None,
            "standard_dept_code": code,
            "standard_dept_name": name,
            "parent_dept_code": parent.code if parent else None,
            "parent_dept_name": parent.name if parent else None,
            "dept_level": "2" if parent else "1",
            "dept_category_code": _KINDS[dept.kind],
            "diagnosis_subject_code": code if in_list else None,
            "diagnosis_subject_name": name if in_list else None,
            "is_outpatient": flag(dept.outpatient),
            "is_inpatient": flag(dept.inpatient and not ward),
            "is_emergency": flag("H01" in (dept.code, dept.parent)),
            "is_icu": "F",
            "is_surgical": flag(dept.code in _SURGICAL),
            "is_tcm": flag(dept.code == "G01"),
            "is_ward": flag(ward),
            "key_specialty_level_code": "2" if dept.code in ("A01", "C01", "E01") else "9",
            "authorized_beds": beds,
            "actual_beds": beds,
            "opened_beds": beds,
            "director_id": leader.staff_id if leader else None,
            "director_name": leader.name if leader else None,
            "head_nurse_id": nurse.staff_id if nurse else None,
            "head_nurse_name": nurse.name if nurse else None,
            "phone": f"{campus.phone[:-3]}{100 + place}",
            "location": f"{'住院楼' if ward else '门诊楼' if dept.outpatient else '综合楼'}{2 + place % 9}层",
            "established_date": FOUNDED[campus.branch_code],
            "dept_status_code": "1",
            "sort_no": str(place),
        },
        created=world.opened,
    )


BED = Recipe(
    "bed",
)


def _bed(world: World, campus: Campus, bed: Bed, place: int, *, used: bool) -> None:
    directory = world.directory(campus)
    watched, birth = bed.ward.code == "W14", bed.ward.code == "W09"
    fee = service("S0007" if watched else "S0006")
    doctors = directory.people("doctor", bed.dept)
    nurses = directory.people("nurse", bed.ward)
    doctor, nurse = doctors[2 + place % 2], nurses[place % len(nurses)]
    at = world.horizon(campus) - timedelta(minutes=30)
    world.emit(
        "bed",
        campus,
        bed.bed_id,
        {
            "bed_no": bed.bed_no,
            "room_no": room_no(bed),
            "ward_id": bed.ward.code,
            "ward_name": bed.ward.name,
            "dept_code": bed.dept.code,
            "standard_dept_code": standard_dept(bed.dept)[0],
            "dept_name": bed.dept.name,
            "institution_id": campus.branch_code,
            "building": "急诊楼" if watched else "住院楼",
            "floor": f"{1 + int(bed.ward.code[1:])}层",
            "bed_establishment_code": "2" if watched else "1",
            "bed_type_code": "03" if watched else "04" if birth else "01",
            "bed_class_code": "1" if watched else "2",
            "bed_sex_limit_code": "2" if bed.dept.code in ("C01", "C02") else "0",
            "is_counted": flag(not watched),
            "is_open": "T",
            "is_icu": "F",
            "is_negative_pressure": "F",
            "is_rehabilitation": "F",
            "is_special_service": "F",
            "is_observation": flag(watched),
            "is_day_care": "F",
            "bed_status_code": "1" if used else "0",
            "status_time": dt15(at),
            "bed_fee_item_id": fee.item_id,
            "bed_fee_price": yuan(fee.price_cents),
            "responsible_doctor_id": doctor.staff_id,
            "responsible_doctor_name": doctor.name,
            "responsible_nurse_id": nurse.staff_id,
            "responsible_nurse_name": nurse.name,
            "opened_date": FOUNDED[campus.branch_code],
        },
        created=world.opened,
        updated=at,
    )


def _taken(visits: Iterable[Visit]) -> dict[tuple[str, str], Visit]:
    """(campus, bed) -> the visit that lies in it at the end of the wave."""
    return {
        (visit.campus.name, visit.bed.bed_id): visit for visit in visits if visit.bed and visit.end is None
    }


def build(world: World, batch: Batch) -> None:
    """Directories once; later stays change the state of a bed that was free."""
    taken = _taken(batch.visits)
    if not batch.first:
        for (campus_name, bed_id), visit in taken.items():
            record = world.records["bed", campus_name, bed_id]
            if record.versions[-1].facts["bed_status_code"] == "0":
                changes = {"bed_status_code": "1", "status_time": dt15(visit.start)}
                world.revise(record, visit.start, visit.wave, changes, "occupied")
        return
    for campus in world.campuses:
        directory = world.directory(campus)
        for place, dept in enumerate(directory.departments.values(), start=1):
            _department(world, campus, dept, place)
        beds = [bed for ward in directory.beds.values() for bed in ward]
        for place, bed in enumerate(beds):
            _bed(world, campus, bed, place, used=(campus.name, bed.bed_id) in taken)


DOMAIN = Domain((DEPARTMENT, BED), build)
