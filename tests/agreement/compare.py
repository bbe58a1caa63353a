"""For authors of rules: where the two judges of a table disagree.

    .venv/bin/python tests/agreement/compare.py TABLE [TABLE …] [--rows N] [--seed N] [--show N] [--rule ID]

Prints per rule how often both, only the checks, only the platform find something, and for the first disagreements the
fields that the rule reads. The rows are made up; nothing of a patient is shown.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from drawn import CATALOG, Drawer, Row, joining_texts, pointer_texts, rules_of
from judged import (
    Said,
    as_held,
    later_said_by_checks,
    later_said_by_platform,
    said_by_checks,
    said_by_platform,
    unreadable,
)

from medferry.checks.moments import fields_read
from medferry.checks.overrides import Override
from medferry_sandbox.platform.project_checks import ProjectChecks


@dataclass
class Compared:
    """`both`, `checks`, `platform`: per rule (or field), how many rows were called wrong by whom; `apart`: examples."""

    rows: int = 0
    both: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    platform: Counter[str] = field(default_factory=Counter)
    apart: list[tuple[str, str, Row]] = field(default_factory=list)

    def differ(self, who: str, place: str, what: str, row: Row) -> None:
        """One of the two alone found something."""
        {"checks": self.checks, "platform": self.platform}[who][place] += 1
        self.apart.append((who, what, row))

    @property
    def agrees(self) -> bool:
        return not self.checks and not self.platform


def compare_rows(
    table: str,
    count: int,
    seed: int,
    overrides: Sequence[Override] = (),
    agreed: ProjectChecks | None = None,
) -> Compared:
    """Rules that are judged on arrival, and the fields by themselves, row by row; as a project has it."""
    drawer = Drawer(seed)
    few = max(8, count // 20)
    parents = _around(table, drawer, few)
    pointers = {name: [*texts, "nobody"] for name, texts in pointer_texts(table, few).items()}
    rows = drawer.rows(table, count, pointers, parents)
    ours = said_by_checks(table, rows, parents, overrides)
    theirs = said_by_platform(table, rows, parents, agreed)
    compared = Compared(rows=count)
    for row, one, other in zip(rows, ours, theirs, strict=True):
        open_rules = set(unreadable(table, row, one | other))
        for what, refuses in one | other:
            if what in open_rules or (what in row and not refuses and Said(what, True) in one & other):
                continue
            place = f"{what} {'error' if refuses else 'warning'}"
            if (what, refuses) in one and (what, refuses) in other:
                compared.both[place] += 1
            else:
                compared.differ("checks" if (what, refuses) in one else "platform", place, what, row)
    return compared


def _around(table: str, drawer: Drawer, count: int) -> dict[str, list[Row]]:
    """Rows of the tables that a table's rules read through parents."""
    targets = {
        CATALOG.table(table).by_name[p].key.table for rule in rules_of(table) for p, _ in rule.pointers
    }
    return {
        name: as_held(name, drawer.rows(name, count, pointer_texts(name, count)))
        for name in sorted(targets)
        if name
    }


def end_state_around(table: str, count: int, seed: int) -> dict[str, list[Row]]:
    """An end state of a table and of all that its rules look at."""
    looked = {look.table for rule in rules_of(table) for look in rule.spec.looks.values()}
    looked |= {
        CATALOG.table(table).by_name[p].key.table for rule in rules_of(table) for p, _ in rule.pointers
    }
    return end_state({table, *looked}, count, seed)


def end_state(tables: Iterable[str], count: int, seed: int) -> dict[str, list[Row]]:
    """`count` rows of each table that point to each other, and some of them a second time, which rules forbid."""
    drawer, few = Drawer(seed), max(4, count // 6)
    state: dict[str, list[Row]] = {}
    for table in sorted(tables):
        rows = drawer.rows(table, count, {**joining_texts(table), **pointer_texts(table, few)})
        held = as_held(table, rows)
        state[table] = [*held, *(dict(row) for row in held[::50])]
    return state


def compare_end_state(state: Mapping[str, Sequence[Row]]) -> dict[str, Compared]:
    """Rules that look at other records, table by table."""
    compared = {table: Compared(rows=len(rows)) for table, rows in state.items()}
    held = {
        table: {(row["org_code"], row[CATALOG.table(table).key_field]): row for row in rows}
        for table, rows in state.items()
    }
    ours, theirs = later_said_by_checks(state), later_said_by_platform(state)
    both = ours & theirs
    for place in ours | theirs:
        table, org_code, key, rule = place
        if place in both:
            compared[table].both[rule] += 1
        else:
            compared[table].differ(
                "checks" if place in ours else "platform", rule, rule, held[table][org_code, key]
            )
    return compared


def show(table: str, compared: Compared, limit: int, only: str) -> None:
    print(f"{table}: {compared.rows} rows, {'agree' if compared.agrees else 'DISAGREE'}")
    for place in sorted({*compared.both, *compared.checks, *compared.platform}):
        if only and not place.startswith(only):
            continue
        mark = "  " if not compared.checks[place] and not compared.platform[place] else "!!"
        print(
            f"  {mark} {place:40} both {compared.both[place]:5}  only checks {compared.checks[place]:5}"
            f"  only platform {compared.platform[place]:5}"
        )
    shown: Counter[str] = Counter()
    for who, what, row in compared.apart:
        if shown[what] >= limit or (only and what != only):
            continue
        shown[what] += 1
        print(f"    {told(table.partition(' ')[0], who, what, row)}")


def told(table: str, who: str, what: str, row: Row) -> str:
    """A disagreement in a line: who found it, the rule (or field), and the fields that it reads."""
    read = {
        name
        for rule in rules_of(table)
        if rule.spec.rule_id == what
        for name in (*fields_read([rule.verdict]), *(c for look in rule.spec.looks.values() for c in look.on))
    } or {what}
    texts = {name: row.get(name) for name in sorted(read) if name in CATALOG.table(table).by_name}
    return f"only {who}: {table} {what} {texts}"


def never_found(table: str, *compared: Compared) -> set[str]:
    """Rules of the table that both judges never found broken."""
    found = {place.split()[0] for one in compared for place in one.both}
    return {rule.spec.rule_id for rule in rules_of(table) if rule.spec.rule_id} - found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=2)
    parser.add_argument("--rule", default="")
    given = parser.parse_args()
    for table in given.tables:
        rows = compare_rows(table, given.rows, given.seed)
        show(table, rows, given.show, given.rule)
        later = compare_end_state(end_state_around(table, min(given.rows, 600), given.seed))[table]
        show(f"{table} (end state)", later, given.show, given.rule)
        if unseen := never_found(table, rows, later):
            print(f"  never found by both: {' '.join(sorted(unseen))}")


if __name__ == "__main__":
    main()
