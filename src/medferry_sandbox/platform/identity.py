"""Which fields hold resident identity card numbers, and the check of GB 11643."""

from __future__ import annotations

import re
from collections.abc import Callable

from medferry_sandbox.platform.formats import FINE, check_date
from medferry_sandbox.platform.standard import TableWords

RESIDENT_CARD = "01"
_KINDS_OF_PAPERS = "CV02.01.101"
_ALWAYS_RESIDENT = "居民身份证号"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def is_resident_card(number: str) -> bool:
    """Eighteen characters, a day of birth that exists, the check character right; X is upper case
    (PAT-002).
    """
    if not _SHAPE.fullmatch(number) or check_date(number[6:14]) != FINE:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECK_CHARACTERS[total % 11] == number[17]


def card_fields(table: TableWords) -> list[tuple[str, Callable[[dict[str, str]], bool]]]:
    """Fields to be judged, each with the question whether a record's number is a resident card's.

    A field is one when its name says so (居民身份证号), or when it is the `…_no` beside a `…_type_code`
    whose list is the kinds of identity papers; then only where that code is 01. Other number fields (a
    mother's) cannot be told.
    """
    found: list[tuple[str, Callable[[dict[str, str]], bool]]] = []
    for field in table.fields:
        if not field.name.endswith("_no"):
            continue
        kind_field = table.by_name.get(field.name.removesuffix("_no") + "_type_code")
        if kind_field is not None and kind_field.code_system == _KINDS_OF_PAPERS:
            found.append((field.name, _says_resident(kind_field.name)))
        elif _ALWAYS_RESIDENT in field.name_zh:
            found.append((field.name, _looks_resident(field.name)))
    return found


def _looks_resident(number_field: str) -> Callable[[dict[str, str]], bool]:
    """Papers of unknown kind may be a passport: only what is written like a resident card is judged."""
    return lambda record: _SHAPE.fullmatch(record.get(number_field, "")) is not None


def _says_resident(kind_field: str) -> Callable[[dict[str, str]], bool]:
    return lambda record: record.get(kind_field) == RESIDENT_CARD
