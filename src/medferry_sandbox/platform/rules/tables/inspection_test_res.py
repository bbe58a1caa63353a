"""检验结果: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import contains, has, says, their
from medferry_sandbox.platform.rules.owner import of_a_record, of_a_visit
from medferry_sandbox.platform.rules.texts import is_above, is_other, number, off, repeated

rules = RuleBook("inspection_test_res")
of_a_visit(rules, key="test_result_id")
of_a_record(rules, "inspection_id")

_NUMERIC: Final = "1"
_IN_WORDS: Final = ("2", "3")
_CULTURE: Final = "2"
_MALE: Final = "1"
_FEMALE: Final = "2"
_FOUND_ABNORMAL: Final = "1"
_FOUND_NORMAL: Final = "2"
_NORMAL, _HIGH, _LOW, _ABNORMAL = "N", "H", "L", "A"
_MAY_BE_LESS: Final = ("", "<", "<=")
_MAY_BE_MORE: Final = ("", ">", ">=")
_REPORTED: Final = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?")
_FOUR_PLACES: Final = "0.00005"
_WITHOUT_UNIT: Final = (
    "比值", "比例", "比重", "比率", "指数", "系数", "酸碱度", "pH", "PH", "标准化", "滴度"
)  # fmt: skip
_OF_MEN: Final = ("PSA", "TPSA", "T-PSA", "FPSA", "F-PSA")
_NAMED_OF_MEN: Final = "前列腺"
_OF_WOMEN: Final = ("HCG", "B-HCG", "β-HCG")
_NAMED_OF_WOMEN: Final = "绒毛膜促性腺"

rules.needs("recognition_item_code", when=has("recognition_item_name"))

rules.message("inspection_test_res-01").once_in_a_message("seq_no", "inspection_id")


# A dynamic test has the same item at several times of collection.
@rules.message("inspection_test_res-01")
def tested_once_at_a_time(records: Sequence[Record]) -> Iterable[tuple[int, str]]:
    same = repeated(records, "inspection_id", "test_item_code", "specimen_collect_time")
    return ((place, "test_item_code") for place in same)


@rules.message("inspection_test_res-01", severity="WARNING")
def tested_once_at_no_time_told(records: Sequence[Record]) -> Iterable[tuple[int, str]]:
    untold = [place for place, record in enumerate(records) if "specimen_collect_time" not in record]
    same = repeated([records[place] for place in untold], "inspection_id", "test_item_code")
    return ((untold[place], "test_item_code") for place in same)


@rules.later("inspection_test_res-01")
def numbered_and_tested_once_in_all(record: Record, beside: Beside) -> Says:
    if len(beside.alike("inspection_id", "seq_no")) > 1:
        yield "seq_no"
    same_item = beside.alike("inspection_id", "test_item_code")
    at = record.get("specimen_collect_time")
    if sum(one.get("specimen_collect_time") == at for one in same_item) > 1:
        yield "test_item_code"


rules.row("inspection_test_res-02").needs("quantitative_result", when=says("result_type_code", _NUMERIC))
rules.row("inspection_test_res-02").needs("qualitative_result", when=says("result_type_code", *_IN_WORDS))
rules.row("inspection_test_res-03").needs(
    "unit",
    when=has("test_item_name") & has("quantitative_result") & ~contains("test_item_name", *_WITHOUT_UNIT),
)
rules.row("inspection_test_res-04").not_above("reference_low", "reference_high")


@rules.row("inspection_test_res-05")
def flagged_as_the_limits_say(record: Record) -> Says:
    """A result `>5` may lie above any upper limit, but nobody knows whether below a lower one."""
    result, operator = record.get("quantitative_result"), record.get("result_operator", "")
    low, high, flag = (record.get(name) for name in ("reference_low", "reference_high", "abnormal_flag_code"))
    is_low = is_above(low, result) and operator in _MAY_BE_LESS
    is_high = is_above(result, high) and operator in _MAY_BE_MORE
    is_normal = _is_between(result, low, high) and not operator
    demanded = [one for one, is_so in ((_LOW, is_low), (_HIGH, is_high), (_NORMAL, is_normal)) if is_so]
    if any(is_other(flag, one) for one in demanded):
        yield "abnormal_flag_code"


def _is_between(text: str | None, low: str | None, high: str | None) -> bool:
    value, least, most = number(text), number(low), number(high)
    return value is not None and least is not None and most is not None and least <= value <= most


rules.row("inspection_test_res-06").one_of(
    "result_code", _FOUND_NORMAL, when=says("abnormal_flag_code", _NORMAL)
)
rules.row("inspection_test_res-06").one_of(
    "result_code", _FOUND_ABNORMAL, when=says("abnormal_flag_code", _HIGH, _LOW, _ABNORMAL)
)


@rules.row("inspection_test_res-07")
def number_is_the_one_on_the_report(record: Record) -> Says:
    if record.get("result_type_code") != _NUMERIC or "result_operator" in record:
        return
    if off(
        record.get("quantitative_result"),
        _as_reported(record.get("result_value", "")),
        tolerance=_FOUR_PLACES,
    ):
        yield "quantitative_result"


def _as_reported(text: str) -> Decimal | None:
    """What instruments print: `4.20`, `.5`, `1.2E+05`; None for words."""
    return Decimal(text) if _REPORTED.fullmatch(text) else None


rules.row("inspection_test_res-08").needs(
    "recognition_item_name", "test_group_code", "test_group_name", when=has("recognition_item_code")
)


@rules.parent("inspection_test_res-09", "patient_id")
def item_is_of_the_sex(record: Record, patient: Record) -> Says:
    code, name, sex = record.get("test_item_code"), record.get("test_item_name", ""), patient.get("sex_code")
    if sex == _FEMALE and (code in _OF_MEN or _NAMED_OF_MEN in name):
        yield "test_item_code"
    if sex == _MALE and (code in _OF_WOMEN or _NAMED_OF_WOMEN in name):
        yield "test_item_code"


rules.parent("inspection_test_res-10", "inspection_id").agrees("report_time", "report_no")
rules.parent("inspection_test_res-10", "inspection_id").wrong(
    "inspection_id", says(their("report_type_code"), _CULTURE)
)
