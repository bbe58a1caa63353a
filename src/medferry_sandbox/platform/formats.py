"""WS/T 363 formats understood from their words, one plain function per field.

A check takes a text that is not empty and returns "" or an error code: 3002 type or format, 3004 too long.
Where the words leave room, this platform decides:
- a fixed length that is fallen short of is a format error, one that is exceeded is a length error;
- A (letters) takes anything but digits of any script: names hold middle dots, Latin and rare characters;
- numbers are plain decimals without plus sign and leading zeros; too many digits in all are a length error,
  too many after the point a format error. A fixed N of an integer field is a most, not an exact width.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from medferry_sandbox.platform.standard import FieldWords

TextCheck = Callable[[str], str]

FINE = ""
BAD_FORMAT = "3002"
TOO_LONG = "3004"

_FORMAT = re.compile(r"(AN|A|N)(\.\.)?([0-9]+)(?:,([0-9]+))?")
_DIGITS = re.compile(r"[0-9]+")
_ANY_DIGIT = re.compile(r"\d")  # of every script: full-width digits are no letters either
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]")
_DATES_KEPT_MAX = 100_000
_known_dates: set[str] = set()


def text_check(field: FieldWords) -> TextCheck:
    """The check of one field's format; a format that cannot be understood is a broken standard."""
    fixed = {
        "D8": check_date,
        "T6": check_time,
        "DT15": check_datetime,
        "L": check_logical,
        "text": check_any,
    }
    if field.format in fixed:
        return fixed[field.format]
    parts = _FORMAT.fullmatch(field.format)
    assert parts, f"{field.name}: format {field.format} is not understood"
    kind, upto, size, scale = parts[1], bool(parts[2]), int(parts[3]), int(parts[4] or 0)
    if kind == "N" and field.type in ("integer", "decimal"):
        return number_check(size, scale)
    return _characters_check(kind, 1 if upto else size, size)


def check_any(_text: str) -> str:
    return FINE


def check_date(text: str) -> str:
    """YYYYMMDD, a day that the calendar knows."""
    if text in _known_dates:
        return FINE
    if not _DATE.fullmatch(text):
        return BAD_FORMAT
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return BAD_FORMAT
    if len(_known_dates) < _DATES_KEPT_MAX:
        _known_dates.add(text)
    return FINE


def check_time(text: str) -> str:
    """hhmmss, 000000 to 235959: neither 24 o'clock nor a leap second."""
    return FINE if _TIME.fullmatch(text) else BAD_FORMAT


def check_datetime(text: str) -> str:
    """YYYYMMDDThhmmss."""
    if len(text) != 15 or text[8] != "T" or not _TIME.fullmatch(text, 9):
        return BAD_FORMAT
    return check_date(text[:8])


def check_logical(text: str) -> str:
    return FINE if text in ("T", "F") else BAD_FORMAT


def number_check(total: int, scale: int) -> TextCheck:
    """A plain decimal of at most `total` digits, `scale` of them after the point."""

    def check(text: str) -> str:
        parts = _NUMBER.fullmatch(text)
        if not parts or (text.startswith("-0") and not text.strip("-0.")):
            return BAD_FORMAT
        decimals = parts[2] or ""
        if len(decimals) > scale:
            return BAD_FORMAT
        return TOO_LONG if len(parts[1]) + len(decimals) > total else FINE

    return check


def _characters_check(kind: str, length_min: int, length_max: int) -> TextCheck:
    def check_length(text: str) -> str:
        length = len(text)
        if length > length_max:
            return TOO_LONG
        return BAD_FORMAT if length < length_min else FINE

    def check_letters(text: str) -> str:
        return check_length(text) or (BAD_FORMAT if _ANY_DIGIT.search(text) else FINE)

    def check_digits(text: str) -> str:
        return check_length(text) if _DIGITS.fullmatch(text) else BAD_FORMAT

    return {"AN": check_length, "A": check_letters, "N": check_digits}[kind]
