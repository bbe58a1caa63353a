"""细菌结果: what its rules say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.owner import of_a_record, of_a_visit
from medferry_sandbox.platform.rules.texts import (
    absent,
    days_between,
    is_before,
    is_other,
    repeated,
)

rules = RuleBook("inspection_bio_res")
of_a_visit(rules, key="bacteria_result_id")
of_a_record(rules, "inspection_id")

_CULTURE: Final = "2"

# What commonly contaminates blood cultures, and fungi: tested for resistance or not, as the laboratory sees fit.
_SELDOM_TESTED: Final = (
    "凝固酶阴性", "表皮葡萄球菌", "棒状杆菌", "微球菌", "丙酸杆菌", "皮肤杆菌", "芽孢杆菌", "草绿色链球菌",
    "念珠菌", "酵母", "曲霉",
)  # fmt: skip
_ORGANISM_OF: Final = {"MRSA": "金黄色葡萄球菌", "VRE": "肠球菌", "CRAB": "鲍曼", "CRPA": "铜绿假单胞菌"}
_CRE: Final = "CRE"
_NOT_ENTEROBACTERALES: Final = (
    "葡萄球菌", "肠球菌", "链球菌", "不动杆菌", "单胞菌", "念珠菌"
)  # fmt: skip


@rules.row("inspection_bio_res-01")
def organism_is_told_where_one_grew(record: Record) -> Says:
    names = ("bacteria_code", "bacteria_name")
    if record.get("growth_flag") == "T":
        yield from missing(*absent(record, *names))
    if record.get("growth_flag") == "F":
        yield from (name for name in names if name in record)


@rules.message("inspection_bio_res-02")
def organism_is_reported_once(records: Sequence[Record]) -> Iterable[tuple[int, str]]:
    return ((place, "bacteria_code") for place in repeated(records, "inspection_id", "bacteria_code"))


@rules.later("inspection_bio_res-02")
def organism_is_reported_once_in_all(record: Record, beside: Beside) -> Says:
    if len(beside.alike("inspection_id", "bacteria_code")) > 1:
        yield "bacteria_code"


@rules.later("inspection_bio_res-03")
def nothing_is_tested_where_nothing_grew(record: Record, beside: Beside) -> Says:
    tested = beside.rows("inspection_anti_res", bacteria_result_id=record.get("bacteria_result_id"))
    if record.get("growth_flag") == "F" and tested:
        yield "growth_flag"


@rules.later("inspection_bio_res-04")
def what_grew_is_tested(record: Record, beside: Beside) -> Says:
    organism = record.get("bacteria_name")
    if record.get("growth_flag") != "T" or not organism or any(name in organism for name in _SELDOM_TESTED):
        return
    if beside.lacks("inspection_anti_res", bacteria_result_id=record.get("bacteria_result_id")):
        yield "bacteria_name"


@rules.row("inspection_bio_res-05")
def resistance_is_of_a_type_of_the_organism(record: Record) -> Says:
    of_type, organism = record.get("mdro_type_code", ""), record.get("bacteria_name")
    if record.get("mdro_flag") == "T":
        yield from missing(*absent(record, "mdro_type_code"))
    if not organism:
        return
    if _ORGANISM_OF.get(of_type, "") not in organism:
        yield "bacteria_name"
    if of_type == _CRE and any(name in organism for name in _NOT_ENTEROBACTERALES):
        yield "bacteria_name"


@rules.parent("inspection_bio_res-06", "inspection_id")
def is_of_a_culture_received_before(record: Record, report: Record) -> Says:
    if is_other(report.get("report_type_code"), _CULTURE):
        yield "inspection_id"
    if is_before(record.get("report_time"), report.get("specimen_receive_time")):
        yield "report_time"


@rules.parent("inspection_bio_res-07", "inspection_id")
def grew_for_a_day(record: Record, report: Record) -> Says:
    days = days_between(report.get("specimen_collect_time"), record.get("test_date"))
    if days is not None and days < 1:
        yield "test_date"
