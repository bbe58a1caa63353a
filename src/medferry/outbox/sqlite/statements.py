"""The ledger's SQL, read from the .sql files: one name each, `{day}` filled with a partition's day."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

STATEMENTS_MAX = 4_096  # kept ready; those of the days in use are a few hundred
_NAME = re.compile(r"^-- name: ([a-z_]+)\s*$", re.MULTILINE)
_DAY = re.compile(r"[0-9]{8}")
_VALUES = re.compile(r"VALUES (\([^()]*\))")


def script(name: str, day: str | None = None) -> str:
    """A whole file, for making tables."""
    text = resources.files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return text if day is None else text.replace("{day}", _checked(day))


@cache
def queries() -> dict[str, str]:
    """Name -> statement, of all files in queries/."""
    folder = resources.files(__package__).joinpath("queries")
    texts = [one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".sql")]
    parts = [_NAME.split(text) for text in texts]
    names = [name for part in parts for name in part[1::2]]
    bodies = [body for part in parts for body in part[2::2]]
    assert len(set(names)) == len(names), "a query's name occurs twice"
    return {name: body.strip().rstrip(";") for name, body in zip(names, bodies, strict=True)}


@lru_cache(maxsize=STATEMENTS_MAX)
def statement(name: str, day: str | None = None) -> str:
    """One statement; with a day where it works on a partition."""
    text = queries()[name]
    assert ("{day}" in text) == (day is not None), f"query {name} and its partition"
    return text if day is None else text.replace("{day}", _checked(day))


@lru_cache(maxsize=STATEMENTS_MAX)
def statement_for(rows: int, name: str, day: str | None = None) -> str:
    """An INSERT … VALUES that takes so many rows at once, their values one behind the other."""
    text = statement(name, day)
    head, one, tail = _VALUES.split(text)
    return f"{head}VALUES {', '.join([one] * rows)}{tail}"


@cache
def values_of(name: str) -> int:
    """How many values one row of an INSERT … VALUES takes; 0: another kind of statement."""
    found = _VALUES.search(queries()[name])
    return found[1].count("?") if found else 0


def _checked(day: str) -> str:
    assert _DAY.fullmatch(day), "a partition is named by a day of eight digits"
    return day
