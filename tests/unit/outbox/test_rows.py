"""Goal: what a question of the ledger gives is what its type says, column by column.
Method: where the source reads a statement as a type, the statement is run and the names of its columns are compared."""

from __future__ import annotations

import inspect
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.outbox.sqlite import rows
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.statements import queries, statement
from medferry.testing.outbox_world import ORDER, START, Record, family, keyed

FOLDER = Path(rows.__file__).parent
_READ = re.compile(r"\.typed\(\s*(\w+),\s*\"(\w+)\"")
_VALUES = re.compile(r"\.values\(\s*\"(\w+)\"")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))
TYPED = sorted({(query, kind) for kind, query in _READ.findall(SOURCE)})
SINGLE = sorted(set(_VALUES.findall(SOURCE)))
KINDS = {name for name, kind in inspect.getmembers(rows, inspect.isclass) if kind.__module__ == rows.__name__}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Of a ledger with one day."""
    path = tmp_path / "ledger.sqlite"
    outbox = SqliteOutbox(path, FixedClock(START), ORDER, "test")
    outbox.put(family(keyed("parent", [Record("a")])))
    outbox.close()
    connection = sqlite3.connect(path)
    connection.execute(statement("make_answered"))
    connection.execute(statement("make_opened"))
    yield connection
    connection.close()


def columns(connection: sqlite3.Connection, query: str) -> list[str]:
    day = f"{START:%Y%m%d}" if "{day}" in queries()[query] else None
    text = re.sub(r"^--.*$", "", statement(query, day), flags=re.MULTILINE).replace("{many}", "?")
    names = re.findall(r":([a-z_]+)", text)
    values: object = dict.fromkeys(names, 1) if names else [1] * text.count("?")
    return [column[0] for column in connection.execute(text, values).description]  # type: ignore[arg-type]


@pytest.mark.parametrize(("query", "kind"), TYPED)
def test_a_row_is_what_its_type_says(connection: sqlite3.Connection, query: str, kind: str) -> None:
    assert columns(connection, query) == list(inspect.get_annotations(getattr(rows, kind)))


def test_a_head_is_what_its_type_says(connection: sqlite3.Connection) -> None:
    assert columns(connection, "heads_among") == list(inspect.get_annotations(rows.HeadFound))
    assert columns(connection, "head_of_key") == list(inspect.get_annotations(rows.KeyFound))


@pytest.mark.parametrize("query", SINGLE)
def test_a_statement_read_for_its_values_has_one_column(connection: sqlite3.Connection, query: str) -> None:
    if query.startswith("add_"):  # needs what is added; gives the number that it got
        assert re.search(r"RETURNING \w+$", queries()[query])
    else:
        assert len(columns(connection, query)) == 1


def test_every_type_is_used() -> None:
    assert {kind for _, kind in TYPED} | {"HeadFound", "KeyFound"} == KINDS
    assert len(SINGLE) > 5


def test_nothing_is_read_by_its_place() -> None:
    """`row[6]` says nothing, and is wrong as soon as a column comes in before it."""
    found = re.findall(r"\brow\[[0-9:]+\]|\)\[0\]\[[0-9]\]|found\[0\]\[[0-9:]+\]", SOURCE)
    assert found == []
