"""`codings:` of medferry.yaml: which editions of a list are valid, for all campuses or one, and what cannot be meant.

Codes of the fixtures: A01.000x002 stands in the national clinical edition's list alone, A04.701 in the insurance's alone.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from medferry.catalog.value_set import LoadedValueSet
from medferry.codes_desk.held import edition_asked, editions_asked
from medferry.config import Complaint, complaints_of, load_project
from medferry.config.model import Project
from medferry.ferry.compiled import CompiledProject, recipe_of
from medferry.way_in.trial import try_rows

ENVIRON = {"SECRET": "s3cret"}
CLINICAL, INSURANCE = "A01.000x002", "A04.701"


def with_codings(project: Path, *lines: str) -> Path:
    path = project / "medferry.yaml"
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text("\n".join([text, *(["codings:", *lines] if lines else []), ""]), encoding="utf-8")
    return project


def loaded(project: Path, *lines: str) -> Project:
    return load_project(with_codings(project, *lines), ENVIRON)


def complaints(project: Path, *lines: str) -> list[Complaint]:
    return complaints_of(with_codings(project, *lines), ENVIRON)


def icd(project: Project, campus: str) -> LoadedValueSet:
    found = project.catalog_of(campus).value_set("ICD-10")
    assert isinstance(found, LoadedValueSet)
    return found


def test_without_codings_each_edition_is_valid(project: Path) -> None:
    value_set = icd(loaded(project), "donghu")
    assert CLINICAL in value_set.valid
    assert INSURANCE in value_set.valid


def test_a_project_codes_by_one_edition_of_which_the_list_is_not_whole(project: Path) -> None:
    made = loaded(project, "  ICD-10: ICD-10-clinical", "  ICD-9-CM-3: [ICD-9-CM-3, ICD-9-CM-3-clinical]")
    for campus in ("donghu", "qingshan"):
        value_set = icd(made, campus)
        assert CLINICAL in value_set.valid
        assert INSURANCE in value_set.valid, "told by its shape: the list at hand lacks codes"
        assert not value_set.is_closed, "the list at hand is not complete: it never holds"
        assert value_set.asked_id == "ICD-10-clinical"
    assert made.catalog_of("donghu") is made.catalog_of("qingshan"), "their checks are made once"


def test_a_campus_codes_by_its_own_and_a_complete_list_closes(project: Path) -> None:
    made = loaded(project, "  ICD-10: {qingshan: ICD-10}")
    own = icd(made, "qingshan")
    assert INSURANCE in own.valid
    assert CLINICAL not in own.valid
    assert own.is_closed
    assert CLINICAL in icd(made, "donghu").valid
    assert made.catalog_of("donghu") is made.catalog


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  ICD-11: ICD-10", "ICD-11"),
        ("  ICD-10: ICD-10-clinica", "是不是 ICD-10-clinical"),
        ("  ICD-10: {west: ICD-10}", "west"),
        ("  ICD-10: []", "空列表"),
        ("  ICD-10: [ICD-10, ICD-10-clinical]", "多余"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_line(project: Path, line: str, said: str) -> None:
    found = [one for one in complaints(project, line) if one.place.file == "medferry.yaml"]
    assert [one for one in found if said in str(one)], found
    assert {one.place.line for one in found} == {14}


def test_a_list_without_codes_cannot_be_coded_by(project: Path) -> None:
    catalog = loaded(project).catalog
    empty = next(
        set_id
        for set_id in catalog.value_set_ids  # type: ignore[attr-defined]
        if not catalog.value_set(set_id).entries and not catalog.value_set(set_id).shape  # type: ignore[attr-defined]
    )
    found = complaints(project, f'  ICD-10: "{empty}"')
    assert [one for one in found if "没有收录代码" in str(one)]


def test_rows_of_a_campus_are_judged_by_its_editions(project: Path) -> None:
    """CV02.01.204 has each card type but 08: that one becomes a finding, and the recipe of the route another."""
    plain = loaded(project)
    route = plain.routes[0]
    rows = pl.DataFrame(
        {name: ["1"] for name in ("KH", "010", "QZ", "FKRQ", "CJSJ", "GXSJ", "TMH")}
        | {"SHZT": ["no"], "LX": ["08"]}
    )
    barcodes = {"visits_by_barcode": pl.DataFrame({"barcode": ["1"], "patient_id": ["P1"]})}
    field = plain.catalog.table("patient_card").by_name["card_type_code"]
    assert field.value_set is not None

    def findings(made: Project) -> list[str]:
        trial = try_rows(made, made.routes[0], rows, barcodes)
        found = trial.tables["patient_card"].findings
        return [str(one) for one in found.filter(pl.col("field") == "card_type_code")["check"]]

    assert findings(plain) == []
    other = loaded(project, f"  {field.value_set}: {{donghu: CV02.01.204}}")
    assert findings(other) == ["value_set"]
    assert recipe_of(plain, route) != recipe_of(other, other.routes[0])
    checks = CompiledProject(other).route(other.routes[0]).checks["patient_card"]
    assert checks is not CompiledProject(plain).route(route).checks["patient_card"]


def test_the_desk_looks_in_the_edition_that_the_campus_codes_by(project: Path) -> None:
    made = loaded(project)
    own = made.catalog.table("patient_card").by_name["card_type_code"].value_set
    assert editions_asked(made, "card_type") == (own,)
    other = loaded(project, f"  {own}: {{donghu: [CV02.01.204, {own}]}}")
    assert editions_asked(other, "card_type") == ("CV02.01.204",)
    assert edition_asked(other, "donghu", "patient_card", "card_type_code") == "CV02.01.204"
    assert edition_asked(other, "qingshan", "patient_card", "card_type_code") == own
