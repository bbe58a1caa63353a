"""How many rules are expressed as data and how many are waived, table by table: nothing gets lost or appears unseen.

tests/golden/catalog_rules.csv is written anew by `python tests/unit/catalog/test_rules_counted.py`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from medferry.catalog.load import load_catalog

GOLDEN = Path(__file__).parents[2] / "golden" / "catalog_rules.csv"
HEADER = ("table", "rules", "expressed", "waived", "conditions")


def counted() -> dict[str, tuple[int, ...]]:
    catalog = load_catalog("jiangxi")
    found = {}
    for name in catalog.table_names:
        ids, book = {rule.rule_id for rule in catalog.rules(name)}, catalog.rule_book(name)
        found[name] = (
            len(ids), len(ids & book.expressed), len(ids & set(book.waived)), len(book.required_when),
        )  # fmt: skip
    return found


def test_the_counts_are_the_golden_ones() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = {row["table"]: tuple(int(row[name]) for name in HEADER[1:]) for row in csv.DictReader(file)}
    assert counted() == golden


def test_all_rules_of_the_standard_are_there() -> None:
    assert sum(numbers[0] for numbers in counted().values()) == 745


if __name__ == "__main__":
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows((name, *numbers) for name, numbers in counted().items())
