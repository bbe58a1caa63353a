"""medferry.yaml names an edition of the package, one of the project, or two side by side with a day per table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from card_project import CARD, MAIN
from click.testing import CliRunner

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.cli.catalog import group
from medferry.config import complaints_of, load_project

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)
BOTH = """\
    card_number: KH
    medium_code: {constant: "2", because: 只发芯片卡}
    card_status_code: ZT
"""


@pytest.fixture
def project_2026(project: Path, card_book: Path) -> Path:
    done = CliRunner().invoke(group, ["import", str(card_book), "--as", "2026", "--project", str(project)])
    assert done.exit_code == 0, done.output
    return project


def use(project: Path, catalog: str, *, mapping: str = CARD) -> None:
    text = MAIN.replace("catalog: jiangxi", f"catalog: {catalog}")
    (project / "medferry.yaml").write_text(text, encoding="utf-8")
    (project / "mappings/his/card.yaml").write_text(mapping, encoding="utf-8")
    (project / "codes/card_type.csv").write_text("local,standard\n1,01\n2,02\n", encoding="utf-8")


def both(mapping: str = CARD) -> str:
    """One mapping file for both editions: each takes the fields it knows."""
    lines = [line for line in mapping.splitlines(keepends=True) if "card_status_code" not in line]
    return "".join(lines) + BOTH


@pytest.mark.parametrize("name", ["2026", "catalog/2026"])
def test_an_edition_of_the_project_is_in_force(project_2026: Path, name: str) -> None:
    use(project_2026, name)
    messages = [one.message_zh for one in complaints_of(project_2026)]
    assert "没有这个patient_card 的字段：issue_date" in messages
    use(
        project_2026,
        name,
        mapping=both().replace("    card_no: KH\n", "").replace("    issue_date: FKRQ\n", ""),
    )
    project = load_project(project_2026)
    assert project.catalog.edition == "jiangxi+2026"
    assert project.catalog.table("patient_card").edition == "jiangxi+2026"


SIDE_BY_SIDE = '{edition: jiangxi, next: "2026", switch: {"*": 2026-07-01}}'


def test_each_table_changes_over_on_its_day(project_2026: Path) -> None:
    use(project_2026, SIDE_BY_SIDE, mapping=both())
    old = load_project(project_2026, today=BEFORE)
    new = load_project(project_2026, today=AFTER)
    fields = {
        project.catalog.table("patient_card").edition: {
            one.name for one in project.routes[0].mappings[0].fields
        }
        for project in (old, new)
    }
    assert set(fields) == {"jiangxi", "jiangxi+2026"}
    assert {"card_no", "issue_date"} <= fields["jiangxi"]
    assert not {"card_number", "medium_code"} & fields["jiangxi"]
    assert {"card_number", "medium_code"} <= fields["jiangxi+2026"]
    assert "card_no" not in fields["jiangxi+2026"]


def test_what_will_be_wrong_is_a_warning_before_the_day_and_an_error_on_it(project_2026: Path) -> None:
    use(project_2026, SIDE_BY_SIDE, mapping=both().replace(BOTH, "    card_status_code: ZT\n"))
    before = complaints_of(project_2026, today=BEFORE)
    assert {one.severity for one in before} == {"warning"}
    text = "\n".join(map(str, before))
    assert "切换到 jiangxi+2026 后（2026-07-01）" in text
    assert "card_number（卡号）" in text
    of_lint_alone = [one for one in before if "条件必填" in one.message_zh]
    assert load_project(project_2026, today=BEFORE).warnings == tuple(
        one for one in before if one not in of_lint_alone
    )
    after = complaints_of(project_2026, today=AFTER)
    assert any("card_number（卡号）" in one.message_zh and one.severity == "error" for one in after)


def test_a_table_with_a_day_of_its_own(project_2026: Path) -> None:
    switch = '{edition: jiangxi, next: "2026", switch: {patient_card: 2026-07-01, visit: 2026-09-01}}'
    use(project_2026, switch, mapping=both())
    catalog = load_project(project_2026, today=AFTER).catalog
    assert isinstance(catalog, SwitchedCatalog)
    assert catalog.table("patient_card").edition == "jiangxi+2026"
    assert catalog.table("visit").edition == "jiangxi"
    assert catalog.table("patient").edition == "jiangxi"
    assert catalog.next_switch() == date(2026, 9, 1)


def test_each_edition_meets_its_own_codes(project_2026: Path) -> None:
    """The editions fill CARD_TYPE differently; visit stays with the old list while the card has the new one."""
    switch = '{edition: jiangxi, next: "2026", switch: {patient_card: 2026-07-01}}'
    use(project_2026, switch, mapping=both())
    catalog = load_project(project_2026, today=AFTER).catalog
    card = catalog.table("patient_card").by_name["card_type_code"].value_set
    visit = catalog.table("visit").by_name["card_type_code"].value_set
    assert (card, visit) == ("CARD_TYPE@2026", "CARD_TYPE")
    assert catalog.value_set("CARD_TYPE@2026").codes == {"01", "02"}
    assert "03" in catalog.value_set("CARD_TYPE").codes


@pytest.mark.parametrize(
    ("catalog", "says"),
    [
        ("fujian", "没有这个标准版本：fujian"),
        ("catalog/2050", "没有这个标准版本：catalog/2050"),
        ("../elsewhere", "没有这个标准版本"),
        ("{edition: jiangxi}", "缺少 next"),
        ('{edition: jiangxi, next: "2026", switch: {}}', "switch 应写明"),
        ('{edition: jiangxi, next: "2026", switch: {vist: 2026-07-01}}', "没有这个标准表：vist"),
        ('{edition: jiangxi, next: "2026", switch: {visit: 七月}}', "不是日期"),
    ],
)
def test_a_mistake_in_the_choice(project_2026: Path, catalog: str, says: str) -> None:
    use(project_2026, catalog, mapping=both())
    found = complaints_of(project_2026)
    assert any(says in one.message_zh and one.file == "medferry.yaml" for one in found), "\n".join(
        map(str, found)
    )


def test_a_damaged_edition_is_told_at_its_name(project_2026: Path) -> None:
    use(project_2026, "2026", mapping=both())
    (project_2026 / "catalog/2026/edition.yaml").write_text("below: '2026'\n", encoding="utf-8")
    (only,) = complaints_of(project_2026)
    assert (only.file, only.line) == ("medferry.yaml", 2)
    assert "互相叠加" in only.fix
