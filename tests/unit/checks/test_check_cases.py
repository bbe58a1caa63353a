"""The cases of every check, written as data in tests/cases/checks/<check>.yaml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import yaml
from small_catalog import SmallCatalog, batch_of, field_of, table_of

from medferry.catalog.scales import Scale
from medferry.checks import checks_by_name, compile_checks, run_checks
from medferry.checks.moments import readings_of, with_readings

CASES = Path(__file__).parents[2] / "cases" / "checks"
CATALOG = SmallCatalog({"SEX": ["1", "2"], "OPEN": [], "RESPONSE": ["CR", "PR"], "open-ended": ["A00"]})


def cases(key: str) -> list[object]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [
            pytest.param(page["check"], c, id=f"{page['check']}: {c['name']}")
            for c in page["cases"]
            if key in c
        ]
    return found


@pytest.mark.parametrize(("name", "case"), cases("verdict"))
def test_rule_kind(name: str, case: dict) -> None:
    frame = pl.DataFrame(case["rows"], schema=dict.fromkeys(case["rows"], pl.String))
    judge = checks_by_name()[name].make(**case["args"])
    verdict = with_readings(frame, readings_of([judge])).select(verdict=judge)
    assert verdict["verdict"].to_list() == case["verdict"]


@pytest.mark.parametrize(("name", "case"), cases("listed"))
def test_rule_kind_with_a_list(name: str, case: dict) -> None:
    """The list of a value set, which the compiler puts there, is given in the case."""
    lists = {given: lambda value=value: value for given, value in case["listed"].items()}
    frame = pl.DataFrame(case["rows"], schema=dict.fromkeys(case["rows"], pl.String))
    verdict = frame.select(verdict=checks_by_name()[name].make(**case["args"], **lists))
    assert verdict["verdict"].to_list() == case["verdicts"]


@pytest.mark.parametrize(("name", "case"), cases("findings"))
def test_field_check(name: str, case: dict) -> None:
    table = table_of(field_of("f", **case["field"]))
    batch = batch_of(table, {"f": case["values"]})
    scales = {"f": Scale(0, 100)} if "scaled" in case["field"] else {}
    checked = run_checks(
        batch, compile_checks(table, replace(CATALOG, scales=scales), {}), unknown_detail=True
    )
    found: list[list[str]] = [[] for _ in case["values"]]
    for row, code, severity in checked.findings.select("row", "code", "severity").iter_rows():
        found[row].append(code if severity in {"error", "unknown"} else f"{severity} {code}")
    assert found == case["findings"]
    held = [any(code.isdigit() for code in codes) for codes in found]
    assert checked.sound.to_list() == [not h for h in held]


@pytest.mark.parametrize(("name", "case"), cases("fate"))
def test_versions(name: str, case: dict) -> None:
    table = table_of(field_of("f", format="AN..10"))
    rows = case["versions"]
    times = {"updated_at": rows["changed_at"], "created_at": ["20250101T000000"] * len(rows["key"])}
    batch = batch_of(table, {"f": rows["content"], "k": rows["key"], **times})
    sources = [one.encode() for one in case.get("sources", ())]
    checked = run_checks(batch, compile_checks(table, CATALOG, {}), source_keys=sources)
    assert checked.dropped is not None
    pairs = zip(checked.sound, checked.dropped, strict=True)
    assert ["sound" if sound else "dropped" if dropped else "held" for sound, dropped in pairs] == case[
        "fate"
    ]
    assert not checked.findings["row"].is_in(checked.dropped.arg_true().implode()).any(), (
        "findings of dropped rows"
    )


def test_every_check_has_cases_a_page_and_its_own_file() -> None:
    names = set(checks_by_name())
    assert {path.stem for path in CASES.glob("*.yaml")} == names
    for name, check in checks_by_name().items():
        assert check.page, name
        assert check.make.__module__ == f"medferry.checks.{name}"
