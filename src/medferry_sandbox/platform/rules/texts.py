"""How rules read texts: None wherever a text is absent or is not what it should be, so that a rule stays silent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from medferry_sandbox.platform.identity import RESIDENT_CARD, is_resident_card

_DAY: Final = re.compile(r"[0-9]{8}")
_MOMENT: Final = re.compile(r"[0-9]{8}T[0-9]{6}")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_KEPT: Final = 100_000
_MIDNIGHT: Final = "T000000"


@lru_cache(_KEPT)
def moment(text: str | None) -> datetime | None:
    """A day (its midnight) or a day with a time of day."""
    if not text or not (_DAY.fullmatch(text) or _MOMENT.fullmatch(text)):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def day(text: str | None) -> date | None:
    """The day of a day or a moment."""
    at = moment(text)
    return at.date() if at else None


def number(text: str | None) -> Decimal | None:
    """A plain decimal number."""
    if not text or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def is_before(one: str | None, other: str | None, *, slack_s: int = 0) -> bool:
    """Whether one is certainly before the other; where one of them is a day, days are compared. The first moment of a day
    is often all that a system keeps of the day: it is before nothing of that day.
    """
    a, b = moment(one), moment(other)
    if a is None or b is None or one is None or other is None:
        return False
    if len(one) == 8 or len(other) == 8:
        return a.date() < b.date()
    if one.endswith(_MIDNIGHT) and a.date() == b.date():
        return False
    return a < b - timedelta(seconds=slack_s)


def are_in_order(record: Mapping[str, str], *names: str) -> str | None:
    """The first field that is before an earlier-named one; None where all that are filled are in order."""
    last: str | None = None
    for name in names:
        text = record.get(name)
        if moment(text) is None:
            continue
        if last is not None and is_before(text, last):
            return name
        last = text
    return None


def years_between(born: str | None, on: str | None) -> int | None:
    """Whole years of age on a day."""
    birth, then = day(born), day(on)
    if birth is None or then is None:
        return None
    return then.year - birth.year - ((then.month, then.day) < (birth.month, birth.day))


def days_between(start: str | None, end: str | None) -> int | None:
    """Calendar days from start to end."""
    first, last = day(start), day(end)
    return (last - first).days if first is not None and last is not None else None


def code_in(code: str | None, *ranges: str) -> bool:
    """Whether a code begins within one of the ranges, both ends included: `code_in("O80.0", "O00-O99", "Z37")`."""
    if not code:
        return False
    for one in ranges:
        low, _, high = one.partition("-")
        high = high or low
        if low <= code[: len(low)] and code[: len(high)] <= high:
            return True
    return False


def differ(one: str | None, other: str | None) -> bool:
    """Whether both are there and are not the same text."""
    return bool(one) and bool(other) and one != other


def off(total: str | None, other: Decimal | None, *, tolerance: str = "0.01") -> bool:
    """Whether a number is certainly further from another than the tolerance."""
    value = number(total)
    return value is not None and other is not None and abs(value - other) > Decimal(tolerance)


def hours_between(start: str | None, end: str | None) -> float | None:
    """Hours from start to end, negative when the end comes first."""
    first, last = moment(start), moment(end)
    return (last - first).total_seconds() / 3600 if first is not None and last is not None else None


def birth_on_card(number: str | None, kind: str | None = RESIDENT_CARD) -> str | None:
    """The day of birth that a resident identity card's number tells; kind 01 is such a card."""
    return number[6:14] if number and kind == RESIDENT_CARD and is_resident_card(number) else None


def sex_on_card(number: str | None, kind: str | None = RESIDENT_CARD) -> str | None:
    """The sex that a resident identity card's number tells: 1 male, 2 female."""
    if not number or kind != RESIDENT_CARD or not is_resident_card(number):
        return None
    return "1" if int(number[16]) % 2 else "2"


_PHONE: Final = re.compile(r"\+?[0-9()（）-]{5,20}")
_MOBILE: Final = re.compile(r"1[0-9]{10}")
_SAME_DIGIT: Final = re.compile(r"\+?([0-9])\1{3,}")


def is_phone(text: str) -> bool:
    """Digits, brackets, hyphens, a + in front; not one digit all along."""
    return bool(_PHONE.fullmatch(text)) and not _SAME_DIGIT.fullmatch(text)


def is_mobile(text: str) -> bool:
    """Eleven digits that begin with 1, not all of them the same."""
    return bool(_MOBILE.fullmatch(text)) and not _SAME_DIGIT.fullmatch(text)


def is_above(one: str | None, other: str | None) -> bool:
    """Whether one number is certainly greater than the other."""
    a, b = number(one), number(other)
    return a is not None and b is not None and a > b


def product(*texts: str | None) -> Decimal | None:
    """The numbers multiplied; None where one of them is absent."""
    result = Decimal(1)
    for text in texts:
        value = number(text)
        if value is None:
            return None
        result *= value
    return result


def added(*texts: str | None) -> Decimal | None:
    """The numbers that are there added up; None where there is none."""
    values = [value for value in map(number, texts) if value is not None]
    return sum(values, Decimal(0)) if values else None


def differing(record: Mapping[str, str], other: Mapping[str, str], *names: str) -> Iterator[str]:
    """The fields that both have, and that are not the same text in both."""
    return (name for name in names if differ(record.get(name), other.get(name)))


def absent(record: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """The fields that have no text."""
    return tuple(name for name in names if not record.get(name))


def is_other(text: str | None, *wanted: str) -> bool:
    """Whether there is a text and it is none of these."""
    return bool(text) and text not in wanted


def is_age_off(years: str | None, born: str | None, on: str | None, *, tolerance_years: int = 1) -> bool:
    """Whether an age in years is certainly not that of a birth on a day."""
    told, true = number(years), years_between(born, on)
    return told is not None and true is not None and abs(told - true) > tolerance_years


def texts_of(records: Iterable[Mapping[str, str]], name: str) -> list[str]:
    """What the records say in a field, in their order, those left out that say nothing."""
    return [text for record in records if (text := record.get(name))]


def repeated(records: Sequence[Mapping[str, str]], *names: str) -> Iterator[int]:
    """Places of records that are not voided and say the same in these fields as another one; where one of the fields
    is empty, nothing is repeated.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for place, record in enumerate(records):
        texts = tuple(record.get(name, "") for name in names)
        if all(texts) and record.get("record_status") == "1":
            places.setdefault(texts, []).append(place)
    for same in places.values():
        if len(same) > 1:
            yield from same


def minutes_between(start: str | None, end: str | None) -> Decimal | None:
    """Minutes from start to end, negative when the end comes first."""
    first, last = moment(start), moment(end)
    return Decimal((last - first) // timedelta(seconds=1)) / 60 if first and last else None


def are_apart(one: str | None, other: str | None, *, seconds: int) -> bool:
    """Whether two moments certainly differ by more than so many seconds."""
    a, b = moment(one), moment(other)
    return a is not None and b is not None and abs(a - b) > timedelta(seconds=seconds)


def is_not_within_hours(start: str | None, end: str | None, most: int, least: int = 0) -> bool:
    """Whether the end is certainly less than `least` or more than `most` hours after the start."""
    hours = hours_between(start, end)
    return hours is not None and not least <= hours <= most


def is_at_most(one: str | None, other: str | None) -> bool:
    """Whether one number is certainly not greater than the other."""
    a, b = number(one), number(other)
    return a is not None and b is not None and a <= b


def is_outside_span(at: str | None, start: str | None, end: str | None) -> bool:
    """Whether a moment is certainly before the start or after the end of a span; either of them may be absent."""
    return is_before(at, start) or is_before(end, at)


def total(records: Iterable[Mapping[str, str]], name: str) -> Decimal:
    """What the records' numbers in a field add up to; where there are none, 0."""
    return added(*texts_of(records, name)) or Decimal(0)


def is_no_later(one: str | None, other: str | None) -> bool:
    """Whether one is certainly not after the other; where one of them is a day, days are compared."""
    return moment(one) is not None and moment(other) is not None and not is_before(other, one)


_NEVER: Final = datetime(9999, 12, 31)  # noqa: DTZ001 - wall time, as records have it


def overlap(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """Whether the later of two spans, each a start and an end, begins before the other ends; without an end it goes on."""
    spans = [(start, moment(end) or _NEVER) for text, end in (one, other) if (start := moment(text))]
    if len(spans) < 2:
        return False
    first, second = sorted(spans)
    return second[0] < first[1]


_TENFOLD: Final = 10


def is_tenfold(total: str | None, made: Decimal | None) -> bool:
    """Whether a number is ten times what it is made of, or more, whatever the signs; nothing is made of 0."""
    value = number(total)
    return value is not None and bool(made) and made is not None and abs(value) >= abs(made) * _TENFOLD


_NONE_SAID: Final = re.compile(r"无|否认|未|不详|没有|阴性|^[-—/]+$")


def says_none(text: str) -> bool:
    """Whether words about an illness or allergy say, or may be read to say, that there is none or none is known."""
    return _NONE_SAID.search(text) is not None
