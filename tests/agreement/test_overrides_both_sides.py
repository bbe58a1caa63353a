"""What a project raises or lowers in `checks:` is read alike by the checks and by the sandbox platform.

Goal: under any override both sides refuse the same rows for the same thing. Method: in every table everything that only
warns is raised, and everything that holds and may be lowered is lowered; both read it from one file, and made-up rows,
broken in every way, are judged by both.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from compare import compare_rows, told
from drawn import CATALOG
from judged import STANDARD

from medferry.checks import compile_checks
from medferry.checks.overrides import Override, Wish
from medferry.checks.policy import judged_by
from medferry_sandbox.platform.project_checks import ProjectChecks, read_project_checks

pytestmark = pytest.mark.slow

ROWS, SEED = 150, 7
WISHES: tuple[Wish, ...] = ("hold", "warn")


def everything(table: str, wish: Wish) -> list[Override]:
    """All that can be raised, or lowered, in a table."""
    judged = list(judged_by(compile_checks(CATALOG.table(table), CATALOG, {})))
    changes = [one for one in judged if one.holds == (wish == "warn") and not one.fixed]
    rules = {one.rule_id for one in changes if one.rule_id}
    wanted = [one for one in judged if not one.fixed and (one in changes or one.rule_id in rules)]
    return [Override(wish, one.table, one.field, one.check, "一试", one.rule_id) for one in wanted]


def written(folder: Path, overrides: list[Override]) -> ProjectChecks:
    """The platform's reading of them, from a file."""
    lines = ["checks:", f"  {overrides[0].wish}:"]
    for one in overrides:
        what = f"check: {one.check}, table: {one.table}, field: {one.field}"
        lines.append(f"    - {{{f'rule: {one.rule_id}' if one.rule_id else what}, reason: 一试}}")
    path = folder / "medferry.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_project_checks(path, STANDARD)


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("table", CATALOG.table_names)
def test_both_sides_refuse_alike(table: str, wish: Wish, tmp_path: Path) -> None:
    overrides = everything(table, wish)
    compared = compare_rows(table, ROWS, SEED, overrides, written(tmp_path, overrides))
    assert compared.rows == ROWS
    assert "\n".join(told(table, *one) for one in compared.apart[:3]) == ""


def test_it_changes_what_is_refused(tmp_path: Path) -> None:
    """So the test above compares something: raised and lowered, one table's rows fare differently."""
    counts: dict[Wish, int] = {}
    for wish in WISHES:
        overrides = everything("visit", wish)
        both = compare_rows("visit", ROWS, SEED, overrides, written(tmp_path, overrides)).both
        counts[wish] = sum(n for place, n in both.items() if place.endswith(" error"))
    plain = sum(n for place, n in compare_rows("visit", ROWS, SEED).both.items() if place.endswith(" error"))
    assert counts["warn"] < plain < counts["hold"]
