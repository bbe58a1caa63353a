"""Goal: books in every layout that such books come in are read, and what is not understood is told at its cell.
Method: each file of tests/golden/books is a book as data with what must come of it; it is written as a real file and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from handmade import make_book

from medferry.books.answers import Answers
from medferry.books.book_import import Imported, import_book
from medferry.books.sheets import read_book
from medferry.catalog.load import load_catalog
from medferry.catalog.model import NOT_SENT

BOOKS = Path(__file__).parents[2] / "golden" / "books"
JIANGXI = load_catalog()


def imported(case: dict[str, Any], folder: Path) -> Imported:
    return import_book(read_book(make_book(case, folder)), JIANGXI, Answers())


@pytest.mark.parametrize("path", sorted(BOOKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_book(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    found, expected = imported(case, tmp_path), case["expect"]
    told = "\n".join(f"{r.severity} {r.place} {r.text}" for r in found.in_order())
    tables = {table.name: table for table in found.tables}
    for name, wanted in expected["tables"].items():
        assert name in tables, told
        fields = {one.name: one for one in tables[name].fields if one.wire_name != NOT_SENT}
        assert len(fields) == wanted["count"], f"{sorted(fields)}\n{told}"
        for field, shape in wanted["fields"].items():
            one = fields[field]
            assert [one.type, one.format, one.required, one.key, one.value_set] == shape, field
            assert one.confidence == "A"
        assert set(wanted.get("gone", ())) <= set(tables[name].gone)
        if "source" in wanted:
            assert wanted["source"] in [one.source for one in fields.values()]
    for set_id, names in expected.get("codes", {}).items():
        assert found.sets[set_id].names == names
    for place, text in expected.get("descriptions", {}).items():
        table, field = place.split(".")
        assert next(one for one in tables[table].fields if one.name == field).description_zh == text
    for severity, place, text in expected.get("remarks", ()):
        assert any((r.severity, r.place) == (severity, place) and text in r.text for r in found.remarks), (
            f"{severity} {place} {text}\n--\n{told}"
        )
    for kind, table, name, suggestion in expected.get("questions", ()):
        assert any(
            (q.kind, q.table, q.book_name) == (kind, table, name) and suggestion in " ".join(q.suggestions)
            for q in found.questions
        ), found.questions
    if "errors" in expected:
        assert found.errors == expected["errors"], told


def test_every_error_says_how_to_go_on(tmp_path: Path) -> None:
    case = yaml.safe_load((BOOKS / "damaged.yaml").read_text(encoding="utf-8"))
    found = imported(case, tmp_path)
    assert found.errors >= 11
    assert all(one.fix for one in found.remarks if one.severity == "error")
