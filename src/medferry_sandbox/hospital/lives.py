"""What is odd and true all the same: kinds of rows as life writes them, each at a known rate. `seed/lives.csv` has them.

    kind     its name; what it concerns carries it (`lives` of patients, visits, orders), and so do the rows that show it
    of       what may be so, for people
    rate     of these; 1: whenever it comes about by itself
    tables   whose rows show it
    said     what is said of it

A row of these kinds is sound: its truth says that it travels. What is wrong on purpose is planted elsewhere (`faults.py`),
and never into such a row.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

LIVES_SHARE = 1.0
"""Of every rate; 0 makes a hospital in which nothing is odd but what comes about by itself."""
_FILE = Path(__file__).parent / "seed" / "lives.csv"


@dataclass(frozen=True, slots=True)
class Kind:
    """A line of seed/lives.csv."""

    kind: str
    of: str
    rate: float
    tables: frozenset[str]
    said: str


@cache
def kinds() -> Mapping[str, Kind]:
    """kind -> its line, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["kind"]: Kind(
                row["kind"], row["of"], float(row["rate"]), frozenset(row["tables"].split()), row["said"]
            )
            for row in csv.DictReader(file)
        }


class Lives:
    """Decides from the seed, one thing at a time, and counts what it was asked and what it gave."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.chances: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()

    def happens(self, kind: str, *who: str | int) -> bool:
        """Whether it is so with this one; ask once for each. Raises KeyError for a kind that the file does not have."""
        known = kinds()[kind]
        text = "/".join(str(part) for part in (self._seed, "life", kind, *who))
        drawn = int.from_bytes(blake2b(text.encode(), digest_size=6).digest()) / 2**48
        so = drawn < known.rate * (LIVES_SHARE if known.rate < 1 else 1)
        self.chances[kind] += 1
        self.happened[kind] += so
        return so


def shown(table: str, lives: Iterable[str]) -> tuple[str, ...]:
    """Of these kinds those that a row of the table shows, each once, in the order of the file."""
    told = set(lives)
    return tuple(one.kind for one in kinds().values() if one.kind in told and table in one.tables)
