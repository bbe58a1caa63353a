"""Each kind of finding, shown on a small edition broken in one place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from medferry.catalog.files import CatalogFiles
from medferry.catalog.findings import CatalogFinding
from medferry.catalog.lint import lint_catalog
from medferry.catalog.load import LoadedCatalog

PATIENT, ITEM = "tables/patient/fields.csv", "tables/item/fields.csv"
RULES, SETS, SEX = "tables/item/rules.csv", "value_sets.csv", "value_sets/SEX.csv"


def lint(folder: Path) -> list[CatalogFinding]:
    return lint_catalog(LoadedCatalog("small", CatalogFiles((folder,))))


def test_the_small_edition_is_sound(small_edition: Path) -> None:
    assert lint(small_edition) == []


Case = tuple[str, str, int, str | None, str | None]
CASES: list[Case] = [
    ("value_set_unknown", PATIENT, 4, "SEX,,性别", "SECHS,,性别"),
    ("reference_nowhere", ITEM, 4, "FK:patient.patient_id", "FK:person.patient_id"),
    ("reference_nowhere", ITEM, 4, "FK:patient.patient_id", "REF:patient.sex_code"),
    ("fk_cycle", "tables.csv", 2, None, None),
    ("key_missing", ITEM, 0, "AN..64,R,PK", "AN..64,R,"),
    ("key_missing", ITEM, 0, "AN..22,R,PK", "AN..22,R,"),
    ("key_optional", ITEM, 3, "AN..64,R,PK", "AN..64,O,PK"),
    ("column_missing", ITEM, 0, ",created_at,", ",made_at,"),
    ("column_missing", ITEM, 0, ",updated_at,", ",changed_at,"),
    ("column_missing", ITEM, 0, ",record_status,", ",status,"),
    ("column_missing", ITEM, 0, ",org_code,", ",organisation,"),
    ("field_duplicate", ITEM, 5, ",paid_flag,", ",item_id,"),
    ("seq_gap", ITEM, 5, "4,paid_flag", "9,paid_flag"),
    ("field_line", ITEM, 5, "boolean,L,O", "boolean,LL,O"),
    ("field_line", ITEM, 5, "boolean,L,O", "boolean,L,M"),
    ("field_line", ITEM, 5, "boolean,L,O", "bool,L,O"),
    ("type_format", ITEM, 5, "boolean,L,O", "boolean,N1,O"),
    ("type_format", ITEM, 5, "boolean,L,O", 'integer,"N..5,2",O'),
    ("type_format", ITEM, 5, "boolean,L,O", "decimal,N..5,O"),
    ("title_missing", ITEM, 5, "已付标志", "paid"),
    ("title_missing", "tables.csv", 3, "项目,项目,item", "项目,item,item"),
    ("title_missing", SEX, 2, "1,男,", "1,,"),
    ("group_unknown", "tables.csv", 3, "item,live", "item,later"),
    ("table_line", "tables.csv", 3, "live,1", "live,last"),
    (
        "table_duplicate",
        "tables.csv",
        4,
        "item,live,1,\n",
        "item,live,1,\n3,摘要,D2,项目,项目,item,live,1,\n",
    ),
    ("table_not_listed", "tables.csv", 0, "2,摘要,D2,项目,项目,item,live,1,\n", ""),
    (
        "table_without_fields",
        "tables.csv",
        4,
        "item,live,1,\n",
        "item,live,1,\n3,摘要,D3,床,床位,bed,live,1,\n",
    ),
    ("tier_order", "tables.csv", 3, "patient,live,0", "patient,live,5"),
    ("rule_duplicate", RULES, 3, "item,I-2", "item,I-1"),
    ("rule_severity", RULES, 3, "warning", "perhaps"),
    ("rule_table", RULES, 3, "item,I-2", "patient,I-2"),
    ("value_set_duplicate", SETS, 3, "1,约定\n", "1,约定\nSEX,性别,本地,2,yes,1,约定\n"),
    ("entries", SETS, 2, "本地,2", "本地,3"),
    ("value_set_not_listed", SETS, 0, None, None),
    ("code_duplicate", SEX, 3, "2,女", "1,女"),
    ("code_text", SEX, 3, "2,女", "其他,女"),
    ("name_damaged", SEX, 3, "2,女", "2,?女"),
    ("codes_never_fit", PATIENT, 4, "code,N1", "code,N2"),
    ("codes_do_not_fit", PATIENT, 4, "2,女", "22,女"),
    ("words_code_missing", PATIENT, 4, ",SEX,,性别,约定", ",SEX,,1 男 2 女 3 未知,约定"),
    ("words_name_differs", PATIENT, 4, ",SEX,,性别,约定", ",SEX,,1 甲 2 乙,约定"),
    ("file_damaged", ITEM, 3, "2,item_id,", "2,item_id,,"),
    ("file_damaged", SEX, 1, "code,", "kode,"),
    ("schedule", "schedule.yaml", 0, "every: 10s", "every: soon"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_finding(small_edition: Path, case: Case) -> None:
    check, file, line, old, new = case
    if old is None or new is None:
        _break_specially(small_edition, check)
    else:
        path = small_edition / (SEX if check == "codes_do_not_fit" else file)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [finding for finding in lint(small_edition) if finding.check == check]
    assert found, f"{check} was not found"
    place = "tables/item" if check == "table_not_listed" else file
    assert (found[0].file, found[0].line) == (f"small/{place}", line)
    assert found[0].text
    assert found[0].fix
    warnings = {
        "tier_order",
        "name_damaged",
        "codes_do_not_fit",
        "words_code_missing",
        "words_name_differs",
    }
    assert found[0].severity == ("warning" if check in warnings else "error")


def _break_specially(folder: Path, check: str) -> None:
    if check == "fk_cycle":
        path = folder / PATIENT
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(",R,,SEX,", ",R,FK:item.item_id,SEX,"), encoding="utf-8")
    else:
        shutil.copy(folder / SEX, folder / "value_sets/stray.csv")


_WIDE = "id,title_zh,standard,edition,date,entries,complete,also,shape,known_places,fields_using,source"
SEX_LINE = "SEX,性别,GB/T 2261.1-2003,2003,2003,2,yes,,,,1,约定"


@pytest.mark.parametrize(
    ("line", "check"),
    [
        (SEX_LINE, None),
        (SEX_LINE.replace("GB/T 2261.1-2003", "local"), "document_missing"),
        (SEX_LINE.replace(",2003,2003,", ",,,"), "document_missing"),
        (SEX_LINE.replace(",2003,2003,", ",2003,去年,"), "document_date"),
        (SEX_LINE.replace("yes,,", "yes,SECHS,"), "also_unknown"),
        (SEX_LINE.replace("yes,,", "yes,OPEN,"), "also_open"),
        (SEX_LINE.replace("yes,,,", "yes,,[0-9,"), "shape"),
    ],
)
def test_a_whole_list_names_its_document_and_what_is_valid_beside_it(
    small_edition: Path, line: str, check: str | None
) -> None:
    (small_edition / SETS).write_text(
        f"{_WIDE}\n{line}\nOPEN,外部,external,,,0,no,,,,0,约定\n", encoding="utf-8"
    )
    assert [one.check for one in lint(small_edition)] == ([check] if check else [])


def test_a_table_below_a_cycle_is_not_blamed(small_edition: Path) -> None:
    """A child that merely waits on a cycle is not named in it."""
    _break_specially(small_edition, "fk_cycle")
    text = (small_edition / ITEM).read_text(encoding="utf-8").replace("item_id", "child_id")
    (small_edition / "tables/child").mkdir()
    (small_edition / "tables/child/fields.csv").write_text(text, encoding="utf-8")
    with (small_edition / "tables.csv").open("a", encoding="utf-8") as file:
        file.write("3,摘要,D3,子,子表,child,live,2,\n")
    cycle = next(finding for finding in lint(small_edition) if finding.check == "fk_cycle")
    assert "patient、item" in cycle.text
    assert "child" not in cycle.text


def test_missing_lists_are_findings_not_crashes(small_edition: Path) -> None:
    (small_edition / "value_sets.csv").unlink()
    assert [f.check for f in lint(small_edition)] == ["file_damaged"]


def test_all_damage_is_reported_at_once(small_edition: Path) -> None:
    path = small_edition / ITEM
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("boolean,L,O", "boolean,N1,X").replace("7,updated_at", "8,updated_at"), encoding="utf-8"
    )
    (small_edition / SEX).write_text("code,name_zh,note\n1,男,\n1,女,\n", encoding="utf-8")
    checks = {finding.check for finding in lint(small_edition)}
    assert {"field_line", "seq_gap", "code_duplicate"} <= checks
