"""A mapping as the engine sees it: typed, free of files and places. `medferry.config` reads it from YAML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from medferry.errors import MedferryError, Next

Argument = str | int | tuple[str, ...] | Mapping[str, str]
"""An argument of a verb after reading; which of these a parameter takes, its verb's signature says."""


class MappingError(MedferryError):
    """The source's columns or a look-up table's are not those that the mapping names."""

    code = "mapping"
    next = Next.STOP


@dataclass(frozen=True, slots=True)
class Campus:
    """One campus. `prefix` goes before every PK, FK and REF value; "" where org_codes differ."""

    id: str
    name_zh: str
    branch_code: str
    org_code: str
    org_name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class CodeTable:
    """codes/<name>.csv: local code -> standard code; a local code without a standard one stays as it is."""

    name: str
    standard_of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on one source column's text.

    is_      matches when the value is one of these
    is_not   matches when the value is none of these; a missing value matches
    filled   True: matches when there is a value; False: when there is none
    """

    column: str
    is_: tuple[str, ...] = ()
    is_not: tuple[str, ...] = ()
    filled: bool | None = None


@dataclass(frozen=True, slots=True)
class VerbCall:
    """One step of a chain with its arguments, already typed."""

    name: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value of a named look-up table: where its column = source column for every pair of `on`, take `take`."""

    table: str
    on: Mapping[str, str]
    take: str


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How one standard field is filled: exactly one of columns, constant, lookup; or only a default.

    columns  one source column, or several that the first verb makes one (join, first_of)
    codes    name of a code table, applied after the verbs
    default  a standard "not stated" code for what is still missing
    when     where it does not match, the field is null
    """

    name: str
    columns: tuple[str, ...] = ()
    constant: str | None = None
    lookup: Lookup | None = None
    verbs: tuple[VerbCall, ...] = ()
    codes: str | None = None
    default: str | None = None
    when: Guard | None = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One block below `tables:`; where `when` does not match, the source row gives no row of this table."""

    table: str
    fields: tuple[FieldMapping, ...]
    when: Guard | None = None


NEAREST_AMONG_MAX = 2_000
"""Names; among more of them (diagnosis codes) the search would take seconds, and the answer would be chance."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, letter case ignored; None when none is near."""
    by_lower: dict[str, str] = {}
    for one in known:
        by_lower.setdefault(one.lower(), one)
    if len(by_lower) > NEAREST_AMONG_MAX:
        return None
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
