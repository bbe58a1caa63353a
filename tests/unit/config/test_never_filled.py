"""Goal: lint says which conditionally required fields a mapping never gives although its rows can require them, and is silent
where they cannot.
Method: the new project, its mapping and its code table changed one way per test; conditions by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.cli.new import new_project
from medferry.config import complaints_of, load_project
from medferry.config.never_filled import Holding, Holdings, outcomes

BOTH, ONLY_TRUE, ONLY_FALSE, NEVER = {True, False}, {True}, {False}, set[bool]()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_project(tmp_path / "hospital")
    return tmp_path / "hospital"


def named(folder: Path) -> set[str]:
    """Fields of the warning."""
    told = [one for one in complaints_of(folder, {}) if "从不给值" in one.message_zh]
    assert all(one.severity == "warning" for one in told)
    names = told[0].message_zh.partition("从不给值：")[2] if told else ""
    return {one.partition("（")[0] for one in names.split("、") if one}


def map_field(folder: Path, line: str) -> None:
    path = folder / "mappings/his/patient.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    patient_phone:", f"    {line}\n    patient_phone:"), encoding="utf-8")


def test_what_the_new_project_leaves_out_is_named_at_its_table(folder: Path) -> None:
    [told] = complaints_of(folder, {})
    assert str(told).startswith("mappings/his/patient.yaml:10:3 警告：表 patient 有 5 个条件必填字段")
    assert "insurance_no（医疗保险号）" in told.message_zh
    assert "waivers.yaml" in told.fix
    assert named(folder) == {
        "no_id_reason_code", "insurance_no", "contact_name", "contact_relation_code", "contact_phone",
    }  # fmt: skip
    assert not load_project(folder, {}).warnings, "only lint takes the time"


def test_a_mapped_field_and_a_waived_one_are_not_named(folder: Path) -> None:
    map_field(folder, "insurance_no: YBH")
    with (folder / "waivers.yaml").open("a", encoding="utf-8") as file:
        file.write("- {table: patient, field: contact_name, reason: 不登记联系人}\n")
    assert named(folder) == {"no_id_reason_code", "contact_relation_code", "contact_phone"}


def test_codes_that_never_ask_for_it_do_not_name_it(folder: Path) -> None:
    """insurance_no is required of four kinds of insurance; this hospital has none of them."""
    path = folder / "codes/his_insurance.csv"
    head, *_, others = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head}\n{others}\n", encoding="utf-8")
    assert "insurance_no" not in named(folder)


@pytest.mark.parametrize(
    ("line", "is_asked"),
    [
        ('newborn_flag: {column: XSE, verbs: [{boolean: {"true": ["1"], "false": ["0"]}}]}', True),
        ("newborn_flag: {constant: T, because: 新生儿科专用}", True),
        ("newborn_flag: {constant: F, because: 不收新生儿}", False),
    ],
)
def test_a_constant_settles_the_condition(folder: Path, line: str, is_asked: bool) -> None:
    assert "birth_time" not in named(folder), "nobody says who is newborn"
    map_field(folder, line)
    assert ("birth_time" in named(folder)) is is_asked


class Fixed(Holdings):
    """As written in the cases."""

    def __init__(self) -> None:
        self.known = {
            "any_text": Holding(None, can_be_empty=True),
            "always": Holding(None, can_be_empty=False),
            "one_two": Holding(frozenset({"1", "2"}), can_be_empty=True),
            "fixed": Holding(frozenset({"01"}), can_be_empty=False),
            "unmapped": Holding(frozenset(), can_be_empty=True),
        }

    def of(self, name: str) -> Holding:
        return self.known[name]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"any_text": "1"}, BOTH),
        ({"one_two": "1"}, BOTH),
        ({"one_two": ["1", "2"]}, ONLY_TRUE),
        ({"one_two": "3"}, ONLY_FALSE),
        ({"one_two": {"is_not": "3"}}, ONLY_TRUE),
        ({"fixed": {"starts_with": ["0"]}}, ONLY_TRUE),
        ({"fixed": {"not_starts_with": ["0"]}}, ONLY_FALSE),
        ({"unmapped": "1"}, NEVER),
        ({"unmapped": {"is_not": "1"}}, NEVER),
        ({"unmapped": {"above": 0}}, NEVER),
        ({"unmapped": {"filled": True}}, ONLY_FALSE),
        ({"unmapped": {"filled": False}}, ONLY_TRUE),
        ({"always": {"filled": True}}, ONLY_TRUE),
        ({"any_text": {"filled": True, "is": "1"}}, BOTH),
        ({"any_text": {"same_as": "always"}}, BOTH),
        ({"fixed": "01", "unmapped": "1"}, NEVER),
        ({"fixed": "02", "unmapped": "1"}, ONLY_FALSE),
        ({"any": [{"unmapped": "1"}, {"fixed": "01"}]}, ONLY_TRUE),
        ({"any": [{"unmapped": "1"}, {"fixed": "02"}]}, NEVER),
        ({"all": [{"one_two": "1"}, {"fixed": "01"}]}, BOTH),
        ({"not": {"fixed": "02"}}, ONLY_TRUE),
        ({"not": {"unmapped": "1"}}, NEVER),
    ],
)
def test_what_a_condition_can_come_to(condition: dict[str, object], found: set[bool]) -> None:
    assert outcomes(condition, Fixed()) == found
