"""What a project raises holds, what it lowers travels; what nobody could judge stays unknown."""

from __future__ import annotations

import polars as pl
from small_catalog import SmallCatalog, batch_of, field_of, table_of

from medferry.catalog.load import load_catalog
from medferry.checks import compile_checks, run_checks
from medferry.checks.holding import holding_of
from medferry.checks.overrides import Override, Wish
from medferry.checks.policy import judged_by
from medferry.records import CheckedBatch

CATALOG = SmallCatalog({"SEX": ["1", "2"]})
TABLE = table_of(
    field_of("name", required="R", format="AN..10"),
    field_of("ward", required="R", format="A..10"),
    field_of("sex", type="code", format="N1", value_set="SEX"),
)


def override(wish: Wish, field: str, check: str) -> Override:
    return Override(wish, TABLE.name, field, check, "一试")


def judged(*overrides: Override) -> CheckedBatch:
    batch = batch_of(
        TABLE, {"name": ["甲", None, "-"], "ward": ["3区", "内科", "外科"], "sex": ["9", "1", "2"]}
    )
    return run_checks(batch, compile_checks(TABLE, CATALOG, {}, overrides=overrides))


def test_what_is_lowered_travels_and_takes_its_placeholders_along() -> None:
    assert judged().sound.to_list() == [False, False, False]
    lowered = judged(override("warn", "name", "required"), override("warn", "sex", "value_set"))
    assert lowered.sound.to_list() == [True, True, True]
    assert set(lowered.findings["severity"]) == {"warning"}


def test_what_is_raised_holds_its_rows_only() -> None:
    raised = judged(
        override("hold", "ward", "letters"),
        override("warn", "name", "required"),
        override("warn", "sex", "value_set"),
    )
    assert raised.sound.to_list() == [False, True, True]


def test_a_waiver_is_stronger_than_what_is_raised() -> None:
    batch = batch_of(TABLE, {"name": [None], "ward": ["内科"], "sex": ["1"]})
    checks = compile_checks(
        TABLE, CATALOG, {(TABLE.name, "name"): "没有"}, overrides=[override("hold", "name", "required")]
    )
    assert run_checks(batch, checks).findings["severity"].to_list() == ["waived"]


def test_a_raised_rule_holds_and_is_listed_among_what_may_hold() -> None:
    catalog = load_catalog()
    visit = catalog.table("visit")
    mine = [
        Override("hold", "visit", one.field, one.check, "省平台退回", one.rule_id)
        for one in judged_by(compile_checks(visit, catalog, {}))
        if one.rule_id == "VIS-004"
    ]
    added = set(holding_of(visit, catalog, mine)) - set(holding_of(visit, catalog))
    assert {(one.rule_id, one.reason) for one in added} == {("VIS-004", "project")}
    row = dict.fromkeys(visit.field_names) | {"visit_type_code": "02", "discharge_time": None}
    batch = batch_of(visit, {name: [value] for name, value in row.items()})
    found = run_checks(batch, compile_checks(visit, catalog, {}, overrides=mine)).findings
    severities = set(found.filter(pl.col("rule_id") == "VIS-004")["severity"])
    assert severities <= {"error"}


def test_what_identifies_a_row_is_fixed() -> None:
    catalog = load_catalog()
    checks = compile_checks(catalog.table("visit"), catalog, {})
    fixed = {(one.field, one.check) for one in judged_by(checks) if one.fixed}
    assert {("visit_id", "required"), ("patient_id", "required"), ("admission_time", "format")} <= fixed
    assert ("outcome_code", "value_set") not in fixed
