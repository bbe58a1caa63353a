"""A constant fills every row, whatever its field's format does to it."""

from __future__ import annotations

import polars as pl
import pytest

from medferry.catalog.load import load_catalog
from medferry.mapping import Campus, apply_mapping, compile_mapping
from medferry.mapping.model import FieldMapping, TableMapping

CAMPUS = Campus("main", "本部", "", "ORG1", "人民医院")


@pytest.mark.parametrize(
    ("table", "field", "constant", "standard"),
    [
        ("advice", "self_provided_flag", "否", "F"),
        ("advice_cost", "discount_amount", "0", "0.00"),
        ("advice", "plan_start_time", "2026-01-05 08:00:00", "20260105T080000"),
        ("patient", "birth_date", "1990-02-03", "19900203"),
    ],
)
def test_a_constant_is_in_every_row_behind_every_format(
    table: str, field: str, constant: str, standard: str
) -> None:
    catalog = load_catalog()
    key = FieldMapping(catalog.table(table).key_field, columns=("KEY",))
    mapping = TableMapping(table, (key, FieldMapping(field, constant=constant)))
    compiled = compile_mapping("his.any", (mapping,), catalog, CAMPUS, {})
    (batch,) = apply_mapping(pl.DataFrame({"KEY": ["a", "b", "c"]}), compiled, {})
    assert batch.frame[field].to_list() == [standard] * 3
