"""Every recipe of the hospital, told at once when it is wrong."""

from __future__ import annotations

import pytest

from medferry_sandbox.hospital.faults import joined_fields
from medferry_sandbox.hospital.recipe import LAYOUTS, Recipe, RecipeError
from medferry_sandbox.hospital.world import all_recipes

STANDARD_NAMES_SHARE_MAX = 0.15


@pytest.mark.parametrize("table", sorted(all_recipes()))
def test_a_recipe_has_no_complaints(table: str) -> None:
    assert all_recipes()[table].complaints() == []


def test_every_layout_is_of_a_recipe() -> None:
    assert {path.stem for path in LAYOUTS.iterdir()} == all_recipes().keys()


def test_joined_fields_exist() -> None:
    assert joined_fields()


def test_source_columns_seldom_bear_the_standards_names() -> None:
    columns: dict[tuple[str, str, str], bool] = {}
    for recipe in all_recipes().values():
        for layout in recipe.layouts:
            for cell in layout.cells.values():
                for target in cell.targets:
                    own = target.column.lower() in recipe.standard.fields
                    columns[layout.system, target.table, target.column] = own
    named = [place for place, own in columns.items() if own]
    assert len(named) <= STANDARD_NAMES_SHARE_MAX * len(columns), (
        f"{len(named)} of {len(columns)}: {named[:20]}"
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("nonsense,.x,.y", "no such field"),
        ("patient_id,.x", "1 cells, expected 2"),
        ("patient_id,.x:frob,.y", "unknown encoder"),
        ("patient_id,.x:code(frob),.y", "no code_list"),
        ("patient_id,x,.y", "cannot read"),
    ],
)
def test_a_mistake_is_named(line: str, complaint: str) -> None:
    recipe = Recipe("patient", layout=f"field,his_donghu@a,his_qingshanhu@B\n{line}")
    with pytest.raises(RecipeError, match=complaint):
        _ = recipe.layouts


def test_a_missing_required_field_is_a_complaint() -> None:
    recipe = Recipe("patient_card", layout="field,his_donghu@a\ncard_id,.k\ncard_no,b.n")
    complaints = recipe.complaints()
    assert any("required field card_status_code has no cell" in line for line in complaints)
    assert any("table b has no key" in line for line in complaints)
