"""The checks and the sandbox platform read the standard's rules alike.

Goal: two programs written apart from each other, from the same words, give the same verdict on every row; so neither
reads a rule wrongly unless both do. Method: rows made up from examples and cases, broken in every way the catalog
knows, at least 10,000 for each group of tables, judged one by one on arrival; and an end state of all tables, judged
by the rules that look at other records, with the cases of those rules as small worlds of their own within it. What
the two of them say is compared row by row: which rule, and whether it refuses the row. A rule that no row broke in
the eyes of both would not have been compared at all, so there may be none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from math import ceil

import pytest
from case_worlds import case_worlds
from compare import Compared, compare_end_state, compare_rows, end_state, never_found, told
from drawn import CATALOG, Row
from judged import STANDARD

from medferry_sandbox.platform.rules.book import book_of

pytestmark = pytest.mark.slow

ROWS_OF_A_GROUP_MIN = 10_000
HELD_OF_A_TABLE = 300
SEED = 1
SHOWN_MAX = 3  # of one rule

GROUPS: Mapping[str, list[str]] = defaultdict(list)
for table in CATALOG.table_names:
    GROUPS[STANDARD.table(table).category_zh].append(table)


@cache
def rows_judged(group: str) -> Mapping[str, Compared]:
    each = ceil(ROWS_OF_A_GROUP_MIN / len(GROUPS[group]))
    return {table: compare_rows(table, each, SEED) for table in GROUPS[group]}


@cache
def end_state_judged() -> Mapping[str, Compared]:
    state: dict[str, list[Row]] = end_state(CATALOG.table_names, HELD_OF_A_TABLE, SEED)
    for world in case_worlds():
        for table, rows in world.items():
            state[table] += rows
    return compare_end_state(state)


@pytest.mark.parametrize("group", GROUPS)
def test_rows_get_the_same_verdict(group: str) -> None:
    compared = rows_judged(group)
    assert sum(one.rows for one in compared.values()) >= ROWS_OF_A_GROUP_MIN
    assert disagreements(compared) == ""


@pytest.mark.parametrize("group", GROUPS)
def test_the_end_state_gets_the_same_verdict(group: str) -> None:
    compared = {table: end_state_judged()[table] for table in GROUPS[group]}
    assert all(one.rows >= HELD_OF_A_TABLE for one in compared.values())
    assert disagreements(compared) == ""


@pytest.mark.parametrize("group", GROUPS)
def test_every_rule_was_broken_in_the_eyes_of_both(group: str) -> None:
    unseen = {
        f"{table} {rule}"
        for table in GROUPS[group]
        for rule in never_found(table, rows_judged(group)[table], end_state_judged()[table])
    }
    assert unseen == set()


def test_a_rule_that_only_one_of_them_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of("visit")
    monkeypatch.setattr(book, "rows", [one for one in book.rows if one.rule_id != "VIS-003"])
    monkeypatch.setattr(book, "laters", [one for one in book.laters if one.rule_id != "VIS-016"])
    rows = {"visit": compare_rows("visit", 500, SEED)}
    later = {"visit": compare_end_state(end_state(["visit", "medical_expense_rec"], 100, SEED))["visit"]}
    assert "only checks: visit VIS-003 {'admission_time': " in disagreements(rows)
    assert "only checks: visit VIS-016 " in disagreements(later)


def disagreements(compared: Mapping[str, Compared]) -> str:
    """How often which of the two was alone with a rule, and for the first times what it read."""
    lines = []
    for table, one in compared.items():
        times = Counter((who, what) for who, what, _ in one.apart)
        shown: Counter[tuple[str, str]] = Counter()
        for who, what, row in one.apart:
            shown[who, what] += 1
            if shown[who, what] <= SHOWN_MAX:
                lines.append(f"{told(table, who, what, row)} ({times[who, what]} in all)")
    return "\n".join(lines)
