"""Tests lie where one looks for them, and go through the doors that users go through."""

from __future__ import annotations

import ast
import importlib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE, TESTS = ROOT / "src", ROOT / "tests"

# Parts without a folder of unit tests, and where their tests are instead.
ELSEWHERE = {
    "log_center": "tests/unit/outbox/test_run_state.py",
    "testing": "tests/exercise",
    "workbooks": "tests/unit/score",
}

# Reaches into what is private, per file: how many there are at most. No file may join, no number may grow.
PRIVATE_MAX = {
    "exercise/outbox/watched_ledger.py": 1,  # counts the statements of the writing connection
    "sandbox/test_auditor.py": 2,
    "unit/outbox/test_ledger_reader.py": 1,
    "unit/outbox/test_newest_rows.py": 1,
    "unit/outbox/test_reviews.py": 3,
    "unit/outbox/test_sqlite_kills.py": 1,
    "unit/outbox/test_sqlite_store.py": 8,  # the file's own settings, beside what the outbox lets see
    "unit/review/test_review_over_the_ledger.py": 1,
    "unit/sources/test_sql_query.py": 6,  # that the fast path was taken, and the other one
    "unit/way_out/test_delivery.py": 2,
}

# What authors of members may rely on, whole: the rest of medferry.testing serves these suites.
FOR_AUTHORS = {
    "exercise_destination": ["EXERCISES", "DestinationCase", "exercise_destination"],
    "exercise_outbox": ["ORDER", "OUTBOX_EXERCISES", "Exercise", "MakeOutbox"],
    "exercise_source": ["EXERCISES", "Bench", "World"],
    "hostile_platform": ["HOSTILE_ANSWERS", "HostileAnswer", "HostilePlatform"],
}


def parts(folder: Path) -> set[str]:
    """Folders that hold code."""
    return {p.name for p in folder.iterdir() if p.is_dir() and any(p.rglob("*.py"))}


def test_unit_tests_mirror_the_source() -> None:
    source, tested = parts(SOURCE / "medferry"), parts(TESTS / "unit")
    assert tested <= source, "a folder of tests without its part"
    missing = source - tested
    assert missing <= set(ELSEWHERE), "a part without tests: tests/unit/<part>/"
    assert all((ROOT / ELSEWHERE[part]).exists() for part in missing)
    assert parts(TESTS / "sandbox") <= parts(SOURCE / "medferry_sandbox")


def privates(tree: ast.Module) -> int:
    """Reads of another's private name, imports of one, and values set on what is frozen."""
    found = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            hidden = node.attr.startswith("_") and not node.attr.startswith("__")
            found += (hidden and not own) or node.attr == "__setattr__"
        elif isinstance(node, ast.ImportFrom):
            found += sum(one.name.startswith("_") and not one.name.startswith("__") for one in node.names)
    return found


def test_a_reach_into_what_is_private_is_seen() -> None:
    assert privates(ast.parse("from a import _b, c\nc._d = self._e\nobject.__setattr__(c, 'f', 1)")) == 3
    assert privates(ast.parse("from __future__ import annotations\nself._a.b\nc.__class__")) == 0


def test_tests_go_through_public_doors() -> None:
    found: Counter[str] = Counter()
    for path in TESTS.rglob("*.py"):
        found[path.relative_to(TESTS).as_posix()] = privates(ast.parse(path.read_text(encoding="utf-8")))
    grown = {name: count for name, count in found.items() if count > PRIVATE_MAX.get(name, 0)}
    assert not grown, "make a public way"
    assert not [name for name in PRIVATE_MAX if name not in found], "gone: strike it"


@pytest.mark.parametrize("name", FOR_AUTHORS)
def test_authors_of_members_rely_on_a_short_list(name: str) -> None:
    module = importlib.import_module(f"medferry.testing.{name}")
    assert module.__all__ == FOR_AUTHORS[name]
    assert all(hasattr(module, one) for one in module.__all__)


def test_the_list_for_authors_names_every_suite() -> None:
    import medferry.testing

    assert medferry.testing.__all__ == sorted(FOR_AUTHORS)
    suites = {path.stem for path in (SOURCE / "medferry" / "testing").glob("exercise_*.py")}
    assert suites <= set(FOR_AUTHORS)
