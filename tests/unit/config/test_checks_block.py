"""`checks:` of medferry.yaml: what it raises and lowers, and what is said of an entry that cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.config import Complaint, complaints_of, load_project

ENVIRON = {"SECRET": "s3cret"}
REASON = "reason: 省平台退回"


def with_checks(project: Path, *lines: str) -> Path:
    path = project / "medferry.yaml"
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text("\n".join([text, "checks:", *lines, ""]), encoding="utf-8")
    return project


def complaints(project: Path, *lines: str) -> list[Complaint]:
    return complaints_of(with_checks(project, *lines), ENVIRON)


def test_a_rule_is_raised_whole_and_a_check_where_it_is_named(project: Path) -> None:
    loaded = load_project(
        with_checks(
            project,
            "  hold:",
            f"    - {{rule: VIS-004, {REASON}, author: 王, date: 2026-12-01}}",
            f"    - {{check: required, field: patient.birth_date, {REASON}}}",
            "  warn:",
            f"    - {{check: value_set, table: patient, field: sex_code, {REASON}}}",
        ),
        ENVIRON,
    )
    assert loaded.warnings == ()
    raised = {(one.wish, one.table, one.field, one.rule_id or one.check) for one in loaded.overrides}
    assert {
        ("hold", "visit", "discharge_time", "VIS-004"),
        ("hold", "patient", "birth_date", "required"),
        ("warn", "patient", "sex_code", "value_set"),
    } <= raised
    assert {one.reason for one in loaded.overrides} == {"省平台退回"}


def test_a_check_of_a_whole_table_leaves_what_identifies_its_rows(project: Path) -> None:
    lines = ["  warn:", f"    - {{check: required, table: patient, {REASON}}}"]
    lowered = {one.field for one in load_project(with_checks(project, *lines), ENVIRON).overrides}
    assert "patient_id" not in lowered
    assert "sex_code" in lowered


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("VIS-004", "写明是什么、为什么"),
        ("{rule: VIS-004}", "缺少 reason"),
        (f"{{rule: VIS-0004, {REASON}}}", "没有这个规则：VIS-0004；是不是 VIS-004？"),
        (f"{{rule: VIS-004, field: outcome_code, {REASON}}}", "不分字段"),
        (f"{{rule: VIS-016, {REASON}}}", "只在复核里报"),
        (f"{{check: requird, field: patient.birth_date, {REASON}}}", "是不是 required？"),
        (f"{{check: required, field: patient.birth_dat, {REASON}}}", "是不是 birth_date？"),
        (f"{{check: required, field: patent.birth_date, {REASON}}}", "是不是 patient？"),
        (f"{{check: required, {REASON}}}", "要写明 table"),
        (f"{{check: required, rule: VIS-004, table: visit, {REASON}}}", "rule（规则）或 check（校验）之一"),
        (f"{{table: visit, {REASON}}}", "rule（规则）或 check（校验）之一"),
        (f"{{check: required, field: patient_card.record_status, {REASON}}}", "waivers.yaml 里已豁免"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_place(project: Path, entry: str, said: str) -> None:
    (one,) = complaints(project, "  hold:", f"    - {entry}")
    assert said in str(one)
    text = (project / "medferry.yaml").read_text(encoding="utf-8")
    assert one.file == "medferry.yaml"
    assert one.line == text.rstrip("\n").count("\n") + 1


@pytest.mark.parametrize(
    "check", ["{check: format, field: patient.birth_date", "{check: required, field: patient.patient_id"]
)
def test_what_cannot_be_sent_is_not_lowered(project: Path, check: str) -> None:
    (one,) = complaints(project, "  warn:", f"    - {check}, {REASON}}}")
    assert "送不出去" in str(one)


def test_what_changes_nothing_is_a_warning_and_what_contradicts_itself_an_error(project: Path) -> None:
    (one,) = complaints(project, "  hold:", f"    - {{check: value_set, field: patient.sex_code, {REASON}}}")
    assert one.severity == "warning"
    assert "本来就扣留" in str(one)


def test_one_thing_is_not_raised_and_lowered(project: Path) -> None:
    entry = f"    - {{check: required, field: patient.birth_date, {REASON}}}"
    found = complaints(project, "  hold:", entry, "  warn:", entry)
    assert any("既在 hold 又在 warn" in str(one) for one in found)
