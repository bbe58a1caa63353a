"""Rules of the package whose fields a book leaves out are set aside in the edition, and nothing else is."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from handmade import make_book

from medferry.catalog.editions.folders import load_edition
from medferry.catalog.load import load_catalog
from medferry.checks.lint_rules import lint_rule_books
from medferry.checks.rules import compile_rules
from medferry.checks.table_checks import compile_checks
from medferry.cli.catalog import group

LEFT_OUT = {"discharge_time", "medical_record_no", "birth_date"}
MADE_OPTIONAL = "ward_name"


def test_an_edition_without_some_fields_still_checks_its_rows(tmp_path: Path) -> None:
    """Goal: the day an edition drops fields, its tables still compile, and each rule lost is told with its reason.
    Method: the visit of the package without three fields that rules and conditions name, one condition lifted."""
    visit = load_catalog().table("visit")
    assert {"discharge_time", "ward_name"} <= {
        one.field for one in load_catalog().rule_book("visit").required_when
    }
    rows = [["字段名", "中文名", "数据类型", "表示格式", "约束", "说明"]]
    rows += [
        [f.name, f.name_zh, f.type, f.format.text, "O" if f.name == MADE_OPTIONAL else f.required, ""]
        for f in visit.fields
        if f.name not in LEFT_OUT
    ]
    book = make_book({"sheets": {"visit": {"rows": rows}}}, tmp_path)
    done = CliRunner().invoke(group, ["import", str(book), "--as", "n", "--project", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    edition = load_edition("n", tmp_path)
    for name in edition.table_names:
        compile_checks(edition.table(name), edition, {})
        assert compile_rules(edition.table(name), edition)[1] == []
    before, after = load_catalog().rule_book("visit"), edition.rule_book("visit")
    conditions = {one.field for one in after.required_when}
    assert {one.field for one in before.required_when} - conditions == {"discharge_time", "ward_name"}
    lost = before.expressed - after.expressed
    assert lost
    assert lost <= set(after.waived)
    assert all("本版本没有所需字段" in after.waived[rule] for rule in lost)
    assert before.active == after.active
    assert f"规则 {min(lost)}已搁置" in done.stdout
    assert [one for one in lint_rule_books(edition) if one.severity == "error"] == []
    assert edition.rule_book("patient").path == load_catalog().rule_book("patient").path
