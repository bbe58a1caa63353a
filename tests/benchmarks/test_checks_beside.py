"""The checkers that are measured side by side do the same work: on rows that are right and on rows wrong in every way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest
from benchmarks.aims import judged
from benchmarks.checkers import ours
from benchmarks.checkers.broken import RULES_BROKEN, broken, faults_of
from benchmarks.checkers.said import Said, said_of
from benchmarks.checkers.stays import TABLE, stays
from benchmarks.meter import Measured
from benchmarks.page import PAGE, with_figures
from benchmarks.report import as_json

from medferry.catalog.load import load_catalog

CATALOG = load_catalog()
ROWS = 300


@pytest.fixture(scope="module")
def said() -> Said:
    return said_of(CATALOG.table(TABLE), CATALOG)


@pytest.fixture(scope="module")
def sound(said: Said) -> pl.DataFrame:
    return stays(said.table, CATALOG, ROWS).frame


@pytest.fixture(scope="module")
def rivals() -> Sequence[object]:
    for library in ("pandera", "dataframely"):
        pytest.importorskip(library, reason="installed by `make bench`")
    from benchmarks.checkers import dataframely_schema, pandera_schema, pydantic_model

    return (pydantic_model, pandera_schema, dataframely_schema)


def test_stays_as_they_should_be_have_no_finding(said: Said, sound: pl.DataFrame) -> None:
    checker = ours.checker(said)
    assert checker.places(checker.judge(checker.given(sound))) == frozenset()
    assert sound["main_diag_code"].n_unique() > 100


def test_every_fault_of_a_rule_makes_a_row_wrong(said: Said, sound: pl.DataFrame) -> None:
    checker, rng = ours.checker(said), random.Random(3)
    for name, fault in RULES_BROKEN.items():
        row = sound.row(0, named=True)
        fault(row, rng)
        frame = pl.DataFrame([row], schema=sound.schema)
        assert checker.places(checker.judge(checker.given(frame))), name


def test_every_fault_of_a_field_is_found_in_it(said: Said, sound: pl.DataFrame) -> None:
    """Goal: the rows are wrong where they were made so, in all fields. Method: a row per field, its first fault."""
    checker, rows = ours.checker(said), sound.to_dicts()
    names = list(said.fields)
    for row, name in zip(rows, names, strict=False):
        row[name] = faults_of(said.fields[name])[0]
    frame = pl.DataFrame(rows, schema=sound.schema)
    found = checker.places(checker.judge(checker.given(frame)))
    assert {(n, name) for n, name in enumerate(names)} <= found


def test_all_four_call_the_same_rows_wrong(said: Said, sound: pl.DataFrame, rivals: Sequence[object]) -> None:
    from benchmarks.checks_beside import assert_agreement, checkers

    frame, spoiled = broken(said, sound, share=0.6)
    assert_agreement(said, checkers(said), sound, frame, spoiled)


def test_a_rival_that_lacks_a_rule_is_noticed(
    said: Said, sound: pl.DataFrame, rivals: Sequence[object]
) -> None:
    from benchmarks.checks_beside import assert_agreement, checkers

    frame, spoiled = broken(said, sound, share=0.6)
    fewer = replace(said, rules=[rule for rule in said.rules if rule.spec.check != "sum_equals"])
    made = list(checkers(said))
    for n, module in enumerate(rivals, 1):
        others = [*made[:n], module.checker(fewer), *made[n + 1 :]]  # type: ignore[attr-defined]
        with pytest.raises(AssertionError, match=made[n].name):
            assert_agreement(said, others, sound, frame, spoiled)


def measured(**changed: float) -> dict[str, Measured]:
    more = {
        "fields": 238.0, "required": 100.0, "lists": 44.0, "rules": 139.0, "wrong_rows": 500.0,
        "pydantic_seconds": 1.0, "pydantic_cpu_seconds": 1.1, "pandera_seconds": 2.0, "pandera_cpu_seconds": 2.2,
        "dataframely_seconds": 0.2, "dataframely_cpu_seconds": 0.3,
        "one_row_median_ms": 2.0, "one_row_widest_ms": 6.0,
    }  # fmt: skip
    return {"checks": Measured("checks", 10_000, changed.pop("seconds", 0.1), 0.15, 300.0, more | changed)}


def test_aims_of_the_checks_are_judged() -> None:
    assert [aim.reached for aim in judged(measured())] == [True] * 6
    for changed, says in (
        ({"seconds": 0.101}, "100,000 行/秒"),
        ({"pydantic_seconds": 0.99}, "pydantic 的 10 倍"),
        ({"pandera_seconds": 0.29}, "pandera 的 3 倍"),
        ({"dataframely_seconds": 0.09}, "不慢于 dataframely"),
        ({"one_row_median_ms": 5.1}, "5 毫秒"),
        ({"one_row_widest_ms": 10.1}, "10 毫秒"),
    ):
        missed = [aim.text for aim in judged(measured(**changed)) if not aim.reached]
        assert any(says in text for text in missed), says


def test_the_page_has_the_checkers_side_by_side() -> None:
    from datetime import datetime

    from medferry.clock import ZONE

    where = {"processor": "P", "cores": 2, "system": "S", "python": "3.11", "load_1_minute": "0.1"}
    told = as_json(measured(), {}, where, datetime(2026, 1, 15, 8, 30, tzinfo=ZONE))
    before = PAGE.read_text(encoding="utf-8")
    page = with_figures(before, told)
    assert with_figures(page, told) == page
    assert page.partition("<!-- checkers -->")[0] == before.partition("<!-- checkers -->")[0]
    assert (
        "238 个字段（100 个必填，44 个有封闭值域）与 139 条行内规则，一批 10,000 行，其中 500 行有错" in page
    )
    assert "| medferry | 100,000 | 15.0 |  |  |" in page
    assert "| pydantic 模型 | 10,000 | 110.0 | 10.0× | 7.3× |" in page
    assert "63 张表的中位数 2.0 毫秒，最宽的表 6.0 毫秒" in page
