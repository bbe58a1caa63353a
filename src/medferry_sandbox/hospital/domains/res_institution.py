"""The campuses as licensed institutions. Resource system (RES), once.

    res  org_card + org_scale (licence; numbers)
institution_id is the campus's branch code, with the campus prefix put by the ferry.
"""

from __future__ import annotations

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.directories import Directory
from medferry_sandbox.hospital.domains.res_places import FOUNDED
from medferry_sandbox.hospital.model import Campus
from medferry_sandbox.hospital.people import full_name
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

code_list("res", "org_kind", "WS 218", "A1=综合医院")

INSTITUTION = Recipe(
    "medical_institution",
)
_CREDIT_CODE, _ORG_BODY = "12360100A00000003M", "A00000003"
"""GB 32100 and GB 11714: right checksums, an organisation that does not exist."""
_SITES = {
    "01": ("东湖区", "彭家桥街道", "北京东路", "1号", "330006"),
    "02": ("青山湖区", "上海路街道", "民丰路", "88号", "330029"),
}


def _address(campus: Campus) -> dict[str, str]:
    county, town, road, door, postcode = _SITES[campus.branch_code]
    return {
        "address_province": "江西省",
        "address_city": "南昌市",
        "address_county": county,
        "address_township": town,
        "address_village": road,
        "address_house_no": door,
        "address": f"江西省南昌市{county}{road}{door}",
        "postal_code": postcode,
    }


def _size(directory: Directory, campus: Campus) -> dict[str, str]:
    """Beds, staff and floors as the directories count them."""
    roles = [one.role for one in directory.staff]
    beds = sum(len(beds) for ward, beds in directory.beds.items() if ward != "W14")
    return {
        "authorized_beds": str(beds + 44),
        "actual_beds": str(beds),
        "opened_beds": str(beds),
        "special_service_beds": "0",
        "observation_beds": str(len(directory.beds["W14"])),
        "establishment_staff": str(len(roles) + 20),
        "staff_total": str(len(roles)),
        "health_technical_staff": str(len(roles) - roles.count("clerk")),
        "licensed_physicians": str(roles.count("doctor")),
        "registered_nurses": str(roles.count("nurse")),
        "building_area": "48600.00" if campus.branch_code == "01" else "31250.50",
        "business_area": "41200.00" if campus.branch_code == "01" else "27800.00",
    }


def _institution(world: World, campus: Campus) -> None:
    directory = world.directory(campus)
    subjects = {
        dept.standard_code: dept.standard_name
        for dept in directory.departments.values()
        if dept.standard_code
    }
    world.emit(
        "medical_institution",
        campus,
        campus.branch_code,
        {
            "institution_name": f"{campus.org_name}{campus.title}",
            "second_name": campus.org_name,
            "unified_social_credit_code": _CREDIT_CODE,
            "organization_code": _ORG_BODY,
            "medical_insurance_org_code": f"H{campus.area_code}{campus.branch_code.zfill(5)}",
            "practice_license_no": f"{_ORG_BODY}{campus.area_code}11A100{campus.branch_code}",
            "practice_license_address": _address(campus)["address"],
            "license_valid_from": f"{world.start.year - 3}0701",
            "license_valid_to": f"{world.start.year + 12}0630",
            "license_issuing_authority": "南昌市卫生健康委员会",
            "license_issue_date": f"{world.start.year - 3}0701",
            "diagnosis_subject_code": ";".join(subjects),
            "diagnosis_subject_name": ";".join(subjects.values()),
            "institution_class_code": "A1",
            "institution_class_name": "综合医院",
            "management_class_code": "1",
            "economic_type_code": "11",
            "hospital_level_code": "3",
            "hospital_grade_code": "1",
            "sponsor_type_code": "1",
            "government_affiliation_code": "40",
            "administrative_division_code": campus.area_code,
            **_address(campus),
            "phone": campus.phone,
            "website": "www.sunshine-hospital.example",
            "legal_representative_name": full_name(world.rng("chief"), "1"),
            "founded_date": FOUNDED[campus.branch_code],
            "is_branch": "F",
            "is_ethnic_autonomous_area": "F",
            "is_internet_hospital": "F",
            "is_residency_training_base": "T",
            "medical_consortium_type_code": "1",
            **_size(directory, campus),
            "key_specialty_provincial": "3",
            "info_security_level_code": "3",
            "emr_rating_level": "4",
            "interoperability_rating": "四级甲等",
            "institution_change_code": "9",
            "institution_status_code": "1",
            "introduction": f"{campus.org_name}{campus.title}，集医疗、教学、科研、预防于一体的三级甲等综合医院。",
        },
        created=world.opened,
    )


def build(world: World, batch: Batch) -> None:
    """One institution per campus, with the first batch."""
    if batch.first:
        for campus in world.campuses:
            _institution(world, campus)


DOMAIN = Domain((INSTITUTION,), build)
