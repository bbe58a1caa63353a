"""The contracts of the ledger stay narrow: every method has one place and a caller."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from medferry.outbox import outbox
from medferry.outbox.outbox import Outbox
from medferry.outbox.reader import LedgerReader

SOURCE = Path(outbox.__file__).resolve().parents[1]
NOT_CALLED = {
    "void": "withdrawing a version has no command yet",
    "latest": "tests and people who look into a run's journal",
}


def own_methods(contract: type) -> set[str]:
    return {name for name, value in vars(contract).items() if callable(value) and not name.startswith("_")}


def parts(whole: type) -> list[type]:
    return [one for one in whole.__mro__ if one.__module__.startswith("medferry.outbox")]


def callers_text() -> str:
    files = [
        path
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] not in {"outbox", "testing"}
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("whole", [Outbox, LedgerReader])
def test_a_method_stands_in_one_contract(whole: type) -> None:
    found = [name for part in parts(whole) for name in own_methods(part)]
    assert sorted(found) == sorted(set(found))
    assert len(found) > 15


@pytest.mark.parametrize("whole", [Outbox, LedgerReader])
def test_a_contract_is_narrow(whole: type) -> None:
    """A caller's contract has at most as many methods as the way out needs; only the whole has more."""
    for part in parts(whole):
        if part is not whole:
            size = len({name for one in parts(part) for name in own_methods(one)})
            assert size <= 10, f"{part.__name__} has {size} methods"


@pytest.mark.parametrize("whole", [Outbox, LedgerReader])
def test_a_method_has_a_caller(whole: type) -> None:
    text = callers_text()
    names = {name for part in parts(whole) for name in own_methods(part)}
    idle = {name for name in names if not re.search(rf"\.{name}\b", text)}
    assert idle == names & NOT_CALLED.keys()


def test_who_calls_asks_for_a_part() -> None:
    """Only what opens and closes the whole ledger names it."""
    naming = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0]
        in {"way_in", "way_out", "review", "codes_desk", "score", "log_center"}
        and re.search(r"\b(Outbox|LedgerReader)\b", path.read_text(encoding="utf-8"))
    }
    assert naming == set()
