"""住院病案首页, the rules about diagnoses: what they say, in rules.csv's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import above, coded, has, of_other_sex, says
from medferry_sandbox.platform.rules.texts import absent, code_in, texts_of

rules = RuleBook("inpatient_record_home")

_MALE: Final = "1"
_FEMALE: Final = "2"
_BIRTHS: Final = "O80-O84"
_OUTCOME_OF_BIRTH: Final = "Z37"
_PREGNANCY: Final = "O00-O99"
_NEWBORNS: Final = "P00-P96"
_INJURIES: Final = "S00-T98"
_CAUSES_OF_INJURY: Final = "V01-Y98"
_HEAD_INJURIES: Final = "S06"
_TUMOURS: Final = "C00-D48"
_MORPHOLOGY: Final = "M80000-M99899"
_TUMOURS_OF_BEHAVIOUR: Final = {
    "/3": "C00-C97",
    "/6": "C77-C79",
    "/2": "D00-D09",
    "/0": "D10-D36",
    "/1": "D37-D48",
}
_CAUSES_AND_OUTCOMES: Final = ("V", "W", "X", "Y", "Z37")
_MORPHOLOGY_CODE: Final = re.compile(r"M[0-9]{4,5}/")
_NOT_ON_ADMISSION: Final = "4"
_WITH_TCM: Final = ("1", "1.1", "1.2", "2")
_COMA: Final = tuple(
    f"coma_{when}_{unit}" for when in ("before", "after") for unit in ("day", "hour", "minute")
)

rules.needs("outpatient_tcm_disease_name", when=has("outpatient_tcm_disease_code"))
rules.needs("outpatient_tcm_syndrome_name", when=has("outpatient_tcm_syndrome_code"))
rules.needs("main_tcm_disease_name", when=has("main_tcm_disease_code"))
rules.needs("main_tcm_syndrome_name", when=has("main_tcm_syndrome_code"))

_is_injured: Final = coded("main_diag_code", _INJURIES)
rules.needs("injury_cause_name", when=_is_injured)
rules.needs("pathology_diag_name", when=has("pathology_diag_code"))
rules.needs("pathology_no", when=has("pathology_diag_code") | has("pathology_diag_name"))


def _other_diagnoses(record: Record, beside: Beside) -> Sequence[str]:
    others = beside.rows("inpatient_diagnose", record_home_id=record.get("record_home_id"))
    return texts_of(others, "diagnosis_code")


def _none_other_is(record: Record, beside: Beside, *ranges: str) -> bool:
    """Whether the page's other diagnoses are known, and none of them is of these."""
    if not beside.knows("inpatient_diagnose"):
        return False
    return not any(code_in(code, *ranges) for code in _other_diagnoses(record, beside))


rules.row("IRH-013").needs("newborn_birth_weight", when=coded("main_diag_code", _BIRTHS, _OUTCOME_OF_BIRTH))


@rules.later("IRH-013")
def mother_by_another_diagnosis_tells_the_childs_weight(record: Record, beside: Beside) -> Says:
    if any(code_in(code, _BIRTHS, _OUTCOME_OF_BIRTH) for code in _other_diagnoses(record, beside)):
        yield from missing(*absent(record, "newborn_birth_weight"))


@rules.later("IRH-014")
def birth_has_an_outcome(record: Record, beside: Beside) -> Says:
    if code_in(record.get("main_diag_code"), _BIRTHS) and _none_other_is(record, beside, _OUTCOME_OF_BIRTH):
        yield "main_diag_code"


@rules.row("IRH-028")
def main_diagnosis_is_a_disease(record: Record) -> Says:
    """Not a cause from outside, a tumour's form or an outcome; a code with a star only after its dagger (+)."""
    code = record.get("main_diag_code", "")
    star_alone = "*" in code and "+" not in code.partition("*")[0]
    if code.startswith(_CAUSES_AND_OUTCOMES) or _MORPHOLOGY_CODE.match(code) or star_alone:
        yield "main_diag_code"


rules.row("IRH-029").named("main_diag_name", "main_diag_code", "ICD-10")
rules.row("IRH-030").wrong(
    "main_diag_admission_cond_code", says("main_diag_admission_cond_code", _NOT_ON_ADMISSION)
)
rules.row("IRH-031").needs("injury_cause_code", when=_is_injured)
rules.row("IRH-031").coded_in("injury_cause_code", _CAUSES_OF_INJURY, when=_is_injured)


@rules.later("IRH-032")
def cause_has_an_injury(record: Record, beside: Beside) -> Says:
    if "injury_cause_code" not in record or "main_diag_code" not in record or _is_injured(record):
        return
    if _none_other_is(record, beside, _INJURIES):
        yield "injury_cause_code"


rules.row("IRH-033").needs("pathology_diag_code", "pathology_no", when=coded("main_diag_code", _TUMOURS))
rules.row("IRH-033").coded_in("pathology_diag_code", _MORPHOLOGY, when=coded("main_diag_code", _TUMOURS))


@rules.row("IRH-034")
def tumour_behaves_as_its_form(record: Record) -> Says:
    main, form = record.get("main_diag_code"), record.get("pathology_diag_code")
    if form and code_in(main, _TUMOURS) and not code_in(main, _TUMOURS_OF_BEHAVIOUR.get(form[-2:], "?")):
        yield "pathology_diag_code"


_of_other_sex: Final = of_other_sex("main_diag_code", "sex_code")
rules.row("IRH-035").wrong("main_diag_code", says("sex_code", _MALE) & _of_other_sex)
rules.row("IRH-036").wrong("main_diag_code", says("sex_code", _FEMALE) & _of_other_sex)
rules.row("IRH-037").wrong("main_diag_code", coded("main_diag_code", _NEWBORNS) & above("age_year", 1))
rules.row("IRH-038").wrong(
    "main_diag_code", coded("main_diag_code", _PREGNANCY) & (above(10, "age_year") | above("age_year", 60))
)


@rules.later("IRH-039")
def main_diagnosis_is_no_other_one(record: Record, beside: Beside) -> Says:
    if record.get("main_diag_code") in _other_diagnoses(record, beside):
        yield "main_diag_code"


rules.row("IRH-043").needs(*_COMA, when=coded("main_diag_code", _HEAD_INJURIES))
for unit, most in (("hour", 23), ("minute", 59)):
    for period in ("before", "after"):
        rules.row("IRH-043").not_above(f"coma_{period}_{unit}", most)


@rules.later("IRH-043")
def coma_goes_with_head_injuries(record: Record, beside: Beside) -> Says:
    main = record.get("main_diag_code")
    if any(code_in(code, _HEAD_INJURIES) for code in _other_diagnoses(record, beside)):
        yield from missing(*absent(record, *_COMA))
    elif main and not code_in(main, _HEAD_INJURIES) and beside.knows("inpatient_diagnose"):
        yield from (name for name in _COMA if record.get(name, "0") != "0")


# In whole days.
rules.row("IRH-044").not_above("coma_after_day", "hospital_days")
rules.row("IRH-072").needs(
    "main_tcm_disease_code",
    "main_tcm_disease_cond_code",
    "main_tcm_syndrome_code",
    "main_tcm_syndrome_cond_code",
    "outpatient_tcm_disease_code",
    "outpatient_tcm_syndrome_code",
    when=says("treatment_category_code", *_WITH_TCM),
)
