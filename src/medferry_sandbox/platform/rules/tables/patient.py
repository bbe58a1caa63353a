"""患者基本信息: what its rules say, in rules.csv's words.

Ages are told on the day of the last change.
"""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    before,
    card_birth,
    cut,
    days,
    fixed,
    has,
    has_any,
    held,
    lacks,
    says,
    unlisted,
    years,
)
from medferry_sandbox.platform.rules.texts import is_before, is_mobile, is_other, is_phone, sex_on_card

rules = RuleBook("patient")

_RESIDENT_CARD: Final = "01"
_FEMALE: Final = "2"
_SEX_NOT_SAID: Final = ("0", "9")
_STAY: Final = "3"
_CANCELLED: Final = "3"

_age: Final = years("birth_date", "updated_at")

_is_newborn: Final = says("newborn_flag", "T")
rules.needs("multiple_birth_flag", "birth_time", when=_is_newborn)
rules.needs("birth_order", when=says("multiple_birth_flag", "T"))

rules.later("PAT-001").once("patient_id")
rules.row("PAT-003").same_as("birth_date", card_birth("id_no", "id_type_code"))


@rules.row("PAT-004")
def of_the_sex_that_the_card_says(record: Record) -> Says:
    on_card = sex_on_card(record.get("id_no"), record.get("id_type_code"))
    if on_card and is_other(record.get("sex_code"), on_card, *_SEX_NOT_SAID):
        yield "sex_code"


_nowhere: Final = unlisted(cut("id_no", 6), "GB/T 2260", "GB/T 2260-history")
rules.row("PAT-005").wrong("id_no", says("id_type_code", _RESIDENT_CARD) & _nowhere)

_NEWBORN_HAS_NO_PAPERS: Final = "1"
rules.row("PAT-006").needs("no_id_reason_code", when=~has("id_no"))
rules.row("PAT-006").one_of(
    "newborn_flag", "T", when=~has("id_no") & says("no_id_reason_code", _NEWBORN_HAS_NO_PAPERS)
)
rules.later("PAT-007").once("id_no", "id_type_code")

_UNKNOWN_PERSON: Final = "2"
_DOTS: Final = "·•．."
_NO_NAMES: Final = ("测试", "无名", "未知", "不详", "test")


@rules.row("PAT-008")
def named_like_a_person(record: Record) -> Says:
    name = record.get("patient_name", "")
    if not name or record.get("no_id_reason_code") == _UNKNOWN_PERSON:
        return
    unwritten = not all(_is_of_names(character) for character in name)
    if unwritten or len(name) < 2 or any(word in name for word in _NO_NAMES):
        yield "patient_name"


def _is_of_names(character: str) -> bool:
    """A letter or Han character, a dot between names, or a rare character that hospitals keep in a private area."""
    return (
        character.isalpha()
        or character in _DOTS
        or character == "〇"
        or "\U000f0000" <= character <= "\U000ffffd"
    )


_YEARS_MAX: Final = 130

rules.row("PAT-009").wrong("birth_date", above(_age, _YEARS_MAX) | before("updated_at", "birth_date"))
rules.row("PAT-009", severity=WARNING).wrong("birth_date", before("archive_time", "birth_date"))
rules.row("PAT-010", severity=WARNING).wrong("sex_code", says("sex_code", *_SEX_NOT_SAID))

_CHINA: Final = ("156", "CHN", "CN")
rules.row("PAT-011").needs("ethnic_code", when=says("nationality_code", *_CHINA))

_UNMARRIED_OR_NOT_SAID: Final = ("10", "90")
_PUPIL_NONE_OR_OTHER: Final = ("31", "70", "90")

rules.row("PAT-012").one_of("marital_status_code", *_UNMARRIED_OR_NOT_SAID, when=above(14, _age))
rules.row("PAT-013").one_of("occupation_code", *_PUPIL_NONE_OR_OTHER, when=above(16, _age))
rules.row("PAT-014").passes("mobile_phone", is_mobile)
for name in ("patient_phone", "contact_phone"):
    rules.row("PAT-014").passes(name, is_phone)
rules.row("PAT-015").wrong("patient_phone", ~has_any("patient_phone", "contact_phone"))

_CONTACT: Final = ("contact_name", "contact_relation_code", "contact_phone")
rules.row("PAT-016").needs(*_CONTACT, when=above(18, _age))
rules.later("PAT-016").needs(*_CONTACT, when=held("visit", "patient_id", visit_type=fixed(_STAY)))

_NEWBORN_DAYS_MAX: Final = 28
rules.row("PAT-017").needs("mother_name", "mother_id_no", when=_is_newborn)
rules.row("PAT-017").wrong(
    "birth_date", _is_newborn & above(days("birth_date", "archive_time"), _NEWBORN_DAYS_MAX)
)
rules.later("PAT-018").exists_as("mother_patient_id", "sex_code", _FEMALE)

_ORG_CODE_CHARS_MAX: Final = 22


@rules.row("PAT-019")
def archiving_institution_is_a_code(record: Record) -> Says:
    code = record.get("archive_org_code", "")
    written = code.isascii() and code.isalnum() and code.isupper() | code.isdigit()
    if code and not (written and len(code) <= _ORG_CODE_CHARS_MAX):
        yield "archive_org_code"


rules.later("PAT-019").same_as(
    "archive_org_code", "org_code", when=lacks("medical_institution", org_code="archive_org_code")
)
rules.row("PAT-020").not_before("death_time", "birth_date")


@rules.later("PAT-020")
def no_visit_after_death(record: Record, beside: Beside) -> Says:
    death = record.get("death_time")
    for visit in beside.rows("visit", patient_id=record.get("patient_id")):
        came = is_before(death, visit.get("visit_time")) or is_before(death, visit.get("admission_time"))
        if came and is_other(visit.get("visit_status_code"), _CANCELLED):
            yield "death_time"
            return


_INSURED: Final = ("01", "02", "03", "04")
rules.row("PAT-022").needs("insurance_no", when=says("insurance_type_code", *_INSURED))
