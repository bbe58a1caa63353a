"""临床放疗记录: what its rules say, in rules.csv's words. Doses are in cGy."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import contains, has, product_of, says
from medferry_sandbox.platform.rules.diagnoses import is_of_tumour

rules = RuleBook("clinical_radiotherapy_records")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_MALE: Final = "1"
_FEMALE: Final = "2"

rules.needs("effect_eval_date", when=has("effect_eval_code"))

for name in ("end_date", "effect_eval_date"):
    rules.row("RT-01").not_before(name, "start_date")
rules.row("RT-02").comes_to(
    "prescribed_total_dose", product_of("prescribed_fraction_dose", "prescribed_fractions"), tolerance="1"
)
for treatment in ("concurrent_chemo", "concurrent_other"):
    rules.row("RT-03").needs(f"{treatment}_regimen", when=says(f"{treatment}_flag", "T"))

_DELIVERED_SHARE_MAX: Final = Decimal("1.1")

_most: Final = product_of("prescribed_total_dose", _DELIVERED_SHARE_MAX)
rules.row("RT-04").not_above("delivered_fractions", "prescribed_fractions")
rules.row("RT-04").not_above("delivered_total_dose", _most)
rules.row("RT-05").within("prescribed_fraction_dose", 50, 3000)
rules.row("RT-05").within("prescribed_total_dose", 100, 10000)
rules.row("RT-06").needs("end_date", when=says("is_completed", "T"))
rules.row("RT-06").comes_to(
    "delivered_fractions", "prescribed_fractions", tolerance="0", when=says("is_completed", "T")
)
rules.row("RT-07").needs("outpatient_no", "visit_times", when=says("visit_type", *_OUTPATIENT))
rules.row("RT-07").needs(
    "medical_record_no", "inpatient_no", "hospitalization_times", when=says("visit_type", _STAY)
)
rules.row("RT-08").aged("age", "birth_date", "start_date")
rules.later("RT-08").agrees("patient_name", "sex_code", at="patient_id")


@rules.later("RT-09")
def visit_has_a_tumour(record: Record, beside: Beside) -> Says:
    visit = record.get("visit_id")
    if not visit or not beside.knows("diagnose_record"):
        return
    diagnoses = beside.rows("diagnose_record", visit_id=visit)
    if not any(is_of_tumour(one.get("diagnosis_code")) for one in diagnoses):
        yield "visit_id"


_SITES_OF_WOMEN: Final = ("子宫", "宫颈", "宫体", "卵巢", "输卵管", "阴道", "外阴")
_SITES_OF_MEN: Final = ("前列腺", "睾丸", "阴茎", "阴囊", "精囊")

for sex, sites in ((_MALE, _SITES_OF_WOMEN), (_FEMALE, _SITES_OF_MEN)):
    rules.row("RT-09").wrong(
        "radiotherapy_site", says("sex_code", sex) & contains("radiotherapy_site", *sites)
    )
