"""药敏结果: what its rules say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import has, says, says_other, their
from medferry_sandbox.platform.rules.owner import of_a_record, of_a_visit
from medferry_sandbox.platform.rules.texts import repeated

rules = RuleBook("inspection_anti_res")
of_a_visit(rules, key="antibiotic_result_id")
of_a_record(rules, "bacteria_result_id")

_DISK: Final = "1"
_MEASURING_MIC: Final = ("2", "3", "4")
_DISK_MM: Final = 6
_SENSITIVE: Final = "S"

# CLSI M100 appendix B, undisputed pairs only: a part of the organism's name, and WHONET's codes of what never helps.
_RESISTANT_BY_NATURE: Final = {
    "铜绿假单胞菌": "AMP AMX AMC SAM CZO CXM FOX CTX CRO ETP TCY SXT CHL",
    "肺炎克雷伯菌": "AMP AMX TIC",
    "鲍曼不动杆菌": "AMP AMX AMC ATM ETP CHL FOS",
    "嗜麦芽窄食单胞菌": "AMP AMX AMC SAM CTX CRO ATM IPM MEM ETP GEN AMK TOB",
    "阴沟肠杆菌": "AMP AMX AMC SAM CZO FOX",
    "奇异变形杆菌": "TCY TGC NIT COL POL",
    "肠球菌": "CZO CXM FOX CTX CRO CAZ FEP CLI SXT",
}

rules.needs("disk_content", when=says("test_method_code", _DISK))
rules.needs("disk_content_unit", when=has("disk_content"))
rules.needs("mic_unit", when=has("mic_value"))

rules.parent("inspection_anti_res-01", "bacteria_result_id").agrees("inspection_id", "bacteria_code")
rules.parent("inspection_anti_res-01", "bacteria_result_id").wrong(
    "bacteria_result_id", says_other(their("growth_flag"), "T")
)


@rules.message("inspection_anti_res-02")
def tested_once_by_a_method(records: Sequence[Record]) -> Iterable[tuple[int, str]]:
    return ((place, "antibiotic_code") for place in _tested_twice(records))


@rules.later("inspection_anti_res-02")
def tested_once_by_a_method_in_all(record: Record, beside: Beside) -> Says:
    of_organism = beside.rows("inspection_anti_res", bacteria_result_id=record.get("bacteria_result_id"))
    if any(of_organism[place] is record for place in _tested_twice(of_organism)):
        yield "antibiotic_code"


def _tested_twice(records: Sequence[Record]) -> Iterator[int]:
    """A drug by one method, or by no method that is told."""
    yield from repeated(records, "bacteria_result_id", "antibiotic_code", "test_method_code")
    untold = [place for place, record in enumerate(records) if "test_method_code" not in record]
    alone = [records[place] for place in untold]
    yield from (untold[place] for place in repeated(alone, "bacteria_result_id", "antibiotic_code"))


rules.row("inspection_anti_res-03").wrong(
    "zone_diameter", ~has("expert_rule") & ~has("zone_diameter") & ~has("mic_value")
)
rules.row("inspection_anti_res-04").needs("zone_diameter", when=says("test_method_code", _DISK))
rules.row("inspection_anti_res-04").needs("mic_value", when=says("test_method_code", *_MEASURING_MIC))
rules.row("inspection_anti_res-04").not_below("zone_diameter", _DISK_MM)


@rules.row("inspection_anti_res-05")
def is_not_sensitive_against_nature(record: Record) -> Says:
    organism, drug = record.get("bacteria_name", ""), record.get("antibiotic_code")
    if record.get("susceptibility_code") != _SENSITIVE:
        return
    if any(named in organism and drug in drugs.split() for named, drugs in _RESISTANT_BY_NATURE.items()):
        yield "susceptibility_code"


rules.row("inspection_anti_res-06").named("susceptibility_name", "susceptibility_code", "SUSCEPTIBILITY")
rules.parent("inspection_anti_res-07", "bacteria_result_id").not_before("report_time", their("test_date"))
