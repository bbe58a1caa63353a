"""What a record may say: conditions of rules, put together from fields instead of written as functions.

    says("visit_type", "1", "2") & ~has("discharge_time") & before("visit_time", their("registration_time"))

A condition looks where its rule looks: at the record, at the parents or at what is beside it. It holds only where it
is sure: never where a text is absent or cannot be read; `~` turns that round too, so `~says(…)` also holds without a
text, and `says_other` does not. It compares fields by name; a number stands for itself, and `their`, `pointed`,
`told`, `days`, `sum_of`, … find a text or a number elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from medferry_sandbox.platform.rules import texts
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.diagnoses import is_of_other_sex
from medferry_sandbox.platform.rules.lists import is_misnamed, is_unlisted

Found = str | Decimal | int | float | None
Seek = Callable[..., Found]
Place = str | int | Decimal | Seek
"""A field of the record, a number, or what finds a text or a number elsewhere."""


class When:
    """A condition; also a decorator of functions that say whether it holds, so that they can be put together."""

    __slots__ = ("holds",)

    def __init__(self, holds: Callable[..., bool]) -> None:
        self.holds: Final = holds

    def __call__(self, record: Record, *beside: Any) -> bool:
        return self.holds(record, *beside)

    def __and__(self, other: When) -> When:
        one, two = self.holds, other.holds
        return When(lambda *seen: one(*seen) and two(*seen))

    def __or__(self, other: When) -> When:
        one, two = self.holds, other.holds
        return When(lambda *seen: one(*seen) or two(*seen))

    def __invert__(self) -> When:
        one = self.holds
        return When(lambda *seen: not one(*seen))


# Where texts and numbers stand


def text_at(place: Place) -> Callable[..., str | None]:
    """The text of a place."""
    if isinstance(place, str):
        return lambda record, *_beside: record.get(place)
    if callable(place):
        return lambda *seen: None if (found := place(*seen)) is None else str(found)
    return lambda *_seen: str(place)


def number_at(place: Place) -> Callable[..., Decimal | None]:
    """The number of a place; None where there is none to be read."""
    if isinstance(place, str):
        return lambda record, *_beside: texts.number(record.get(place))
    if callable(place):
        return lambda *seen: _as_number(place(*seen))
    fixed = Decimal(place)
    return lambda *_seen: fixed


def _as_number(found: Found) -> Decimal | None:
    return texts.number(found) if found is None or isinstance(found, str) else Decimal(found)


def their(name: str, parent: int = 0) -> Seek:
    """What a parent's field says; the parents in the order in which the rule names its pointers."""
    return lambda _record, *parents: parents[parent].get(name)


def pointed(pointer: str, name: str) -> Seek:
    """What a field says of the record that a pointing field names."""

    def seek(_record: Record, beside: Beside) -> str | None:
        held = beside.pointed(pointer)
        return held.get(name) if held is not None else None

    return seek


def fixed(text: str) -> Seek:
    """Always this text."""
    return lambda *_seen: text


def card_birth(number: Place, kind: Place) -> Seek:
    """The day of birth that the number of a resident identity card tells."""
    return _of_both(texts.birth_on_card, number, kind)


def card_sex(number: Place, kind: Place) -> Seek:
    """The sex that the number of a resident identity card tells."""
    return _of_both(texts.sex_on_card, number, kind)


def told(table: str, name: str, *same: str, **equal: Place) -> Seek:
    """What a field says first in records of the table with the same texts; `equal`: their field = the record's place."""
    on = _texts(same, equal)
    return lambda record, beside: beside.told(table, name, **on(record))


def counted(table: str, *same: str, **equal: Place) -> Seek:
    """How many records the table holds with the same texts; None where it was not looked at."""
    on = _texts(same, equal)
    return lambda record, beside: len(beside.rows(table, **on(record))) if beside.knows(table) else None


def total_of(table: str, name: str, *same: str, **equal: Place) -> Seek:
    """What a field of such records adds up to, of none 0; None where the table was not looked at or a text is absent."""
    on = _texts(same, equal)

    def seek(record: Record, beside: Beside) -> Decimal | None:
        wanted = on(record)
        if not beside.knows(table) or not all(wanted.values()):
            return None
        return texts.total(beside.rows(table, **wanted), name)

    return seek


def cut(place: Place, characters: int) -> Seek:
    """The first characters of a text."""
    read = text_at(place)
    return lambda *seen: (read(*seen) or "")[:characters]


def length(place: Place) -> Seek:
    """How many characters a text has."""
    read = text_at(place)
    return lambda *seen: len(text) if (text := read(*seen)) else None


def day_of(place: Place) -> Seek:
    """The day of a day or a moment."""
    read = text_at(place)
    return lambda *seen: f"{at:%Y%m%d}" if (at := texts.day(read(*seen))) else None


def plus(place: Place, more: int | Decimal) -> Seek:
    """A number and so much more; None where there is none."""
    read = number_at(place)
    return lambda *seen: None if (number := read(*seen)) is None else number + more


def raised(place: Place, least: int) -> Seek:
    """A number, but no less than that; None where there is none."""
    read = number_at(place)
    return lambda *seen: None if (number := read(*seen)) is None else max(number, Decimal(least))


def sum_of(*places: Place) -> Seek:
    """The numbers that are there added up."""
    reads = [text_at(place) for place in places]
    return lambda *seen: texts.added(*(read(*seen) for read in reads))


def product_of(*places: Place) -> Seek:
    """The numbers multiplied, if all are there."""
    reads = [text_at(place) for place in places]
    return lambda *seen: texts.product(*(read(*seen) for read in reads))


def years(born: Place, on: Place) -> Seek:
    """Whole years of age on a day."""
    return _of_both(texts.years_between, born, on)


def days(start: Place, end: Place) -> Seek:
    """Calendar days from start to end."""
    return _of_both(texts.days_between, start, end)


def hours(start: Place, end: Place) -> Seek:
    """Hours from start to end."""
    return _of_both(texts.hours_between, start, end)


def minutes(start: Place, end: Place) -> Seek:
    """Minutes from start to end."""
    return _of_both(texts.minutes_between, start, end)


def _of_both(read: Callable[[str | None, str | None], Found], one: Place, other: Place) -> Seek:
    first, second = text_at(one), text_at(other)
    return lambda *seen: read(first(*seen), second(*seen))


# What they say


def always() -> When:
    """Holds of every record."""
    return When(lambda *_seen: True)


def has(*names: str) -> When:
    """All these fields have a text."""
    return When(lambda record, *_beside: all(name in record for name in names))


def has_any(*names: str) -> When:
    """One of these fields has a text."""
    return When(lambda record, *_beside: any(name in record for name in names))


def says(place: Place, *wanted: str) -> When:
    """It says one of these."""
    read = text_at(place)
    return When(lambda *seen: read(*seen) in wanted)


def says_other(place: Place, *wanted: str) -> When:
    """It says something, and none of these."""
    read = text_at(place)
    return When(lambda *seen: texts.is_other(read(*seen), *wanted))


def starts(place: Place, *beginnings: str) -> When:
    """Its text begins with one of these."""
    read = text_at(place)
    return When(lambda *seen: (read(*seen) or "").startswith(beginnings))


def contains(place: Place, *words: str) -> When:
    """One of these words stands somewhere in its text."""
    read = text_at(place)

    def holds(*seen: Any) -> bool:
        text = read(*seen) or ""
        return any(word in text for word in words)

    return When(holds)


def reads(test: Callable[[str], bool], place: Place) -> When:
    """There is a text, and it passes."""
    read = text_at(place)
    return When(lambda *seen: (text := read(*seen)) is not None and test(text))


def alike(one: Place, other: Place) -> When:
    """Both say something, and the same."""
    return _of_two_texts(lambda a, b: bool(a) and a == b, one, other)


def differs(one: Place, other: Place) -> When:
    """Both say something, and not the same."""
    return _of_two_texts(texts.differ, one, other)


def before(one: Place, other: Place) -> When:
    """The one is before the other; where one of them is a day, days are compared."""
    return _of_two_texts(texts.is_before, one, other)


def out_of_order(*names: str) -> When:
    """One of these times is before an earlier-named one."""
    return When(lambda record, *_beside: texts.are_in_order(record, *names) is not None)


def apart(one: Place, other: Place, *, seconds: int) -> When:
    """Two moments differ by more than so many seconds."""
    return _of_two_texts(lambda a, b: texts.are_apart(a, b, seconds=seconds), one, other)


def _of_two_texts(test: Callable[[str | None, str | None], bool], one: Place, other: Place) -> When:
    first, second = text_at(one), text_at(other)
    return When(lambda *seen: test(first(*seen), second(*seen)))


def above(one: Place, other: Place) -> When:
    """The one number is greater than the other."""
    return _of_two_numbers(lambda a, b: a > b, one, other)


def not_over(one: Place, other: Place) -> When:
    """The one number is no greater than the other."""
    return _of_two_numbers(lambda a, b: a <= b, one, other)


def equals(one: Place, other: Place) -> When:
    """The numbers are the same."""
    return _of_two_numbers(lambda a, b: a == b, one, other)


def off_by(tolerance: str, one: Place, other: Place) -> When:
    """The numbers are further from each other than that."""
    far = Decimal(tolerance)
    return _of_two_numbers(lambda a, b: abs(a - b) > far, one, other)


def _of_two_numbers(test: Callable[[Decimal, Decimal], bool], one: Place, other: Place) -> When:
    first, second = number_at(one), number_at(other)

    def holds(*seen: Any) -> bool:
        a, b = first(*seen), second(*seen)
        return a is not None and b is not None and test(a, b)

    return When(holds)


def coded(place: Place, *ranges: str) -> When:
    """The code begins within one of the ranges, as `code_in` reads them."""
    read = text_at(place)
    return When(lambda *seen: texts.code_in(read(*seen), *ranges))


def matches(place: Place, form: re.Pattern[str]) -> When:
    """All of the text is of this form."""
    read = text_at(place)
    return When(lambda *seen: (text := read(*seen)) is not None and form.fullmatch(text) is not None)


def misnamed(name: Place, code: Place, of_list: str) -> When:
    """The list has the code under another name."""
    return _of_two_texts(lambda a, b: is_misnamed(a, b, of_list), name, code)


def unlisted(place: Place, *lists: str) -> When:
    """The code is in none of the lists."""
    read = text_at(place)
    return When(lambda *seen: is_unlisted(read(*seen), *lists))


def of_other_sex(diagnosis: Place, sex: Place) -> When:
    """The diagnosis is one that people of this sex cannot have."""
    return _of_two_texts(is_of_other_sex, diagnosis, sex)


# What is beside a record


def nowhere(pointer: str) -> When:
    """The record that the field names is known not to be held."""
    return When(lambda _record, beside: beside.points_nowhere(pointer))


def repeats(*names: str) -> When:
    """Another record of the table says the same in these fields."""
    return When(lambda _record, beside: len(beside.alike(*names)) > 1)


def several(name: str, *same: str) -> When:
    """Records of the table with the same texts say different things in a field."""

    def holds(_record: Record, beside: Beside) -> bool:
        return len(set(texts.texts_of(beside.alike(*same), name))) > 1

    return When(holds)


def unlike(table: str, name: str, *same: str) -> When:
    """Records of that table with the record's texts say different things in a field."""
    on = _texts(same, {})
    return When(lambda record, beside: len(set(texts.texts_of(beside.rows(table, **on(record)), name))) > 1)


def silent(pointer: str, name: str) -> When:
    """The record that a pointing field names is held, and its field has no text."""

    def holds(_record: Record, beside: Beside) -> bool:
        named = beside.pointed(pointer)
        return named is not None and name not in named

    return When(holds)


def lacks(table: str, *same: str, **equal: Place) -> When:
    """The table is known to hold no record with the same texts; `equal`: its field = the record's place."""
    on = _texts(same, equal)
    return When(lambda record, beside: beside.lacks(table, **on(record)))


def held(table: str, *same: str, **equal: Place) -> When:
    """The table holds such a record."""
    on = _texts(same, equal)
    return When(lambda record, beside: bool(beside.rows(table, **on(record))))


def _texts(same: Iterable[str], equal: Mapping[str, Place]) -> Callable[[Record], dict[str, str | None]]:
    reads = {name: text_at(place) for name, place in {**{one: one for one in same}, **equal}.items()}
    return lambda record: {name: read(record) for name, read in reads.items()}
