"""What rules demand: one line each, made from the fields that it is about, instead of a function.

    rules.row("VIS-006").not_after("registration_time", "visit_time")
    rules.row("ADV-010").needs("antibiotic_level_code", when=says("antibiotic_flag", "T"))

Each names first the field that is wrong where the demand is not met. `when` says where it is made at all. What no
demand says is a function, and the rule its decorator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, TypeVar

from medferry_sandbox.platform.findings import MISSING, Finding
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.conditions import (
    Place,
    When,
    above,
    alike,
    always,
    apart,
    before,
    coded,
    contains,
    differs,
    has,
    has_any,
    matches,
    misnamed,
    not_over,
    nowhere,
    off_by,
    pointed,
    reads,
    repeats,
    says_other,
    starts,
    text_at,
)
from medferry_sandbox.platform.rules.texts import are_in_order, differing, is_age_off, repeated

Judge = TypeVar("Judge", bound=Callable[..., Iterable[Any]])
_ALWAYS: Final = always()
_CENT: Final = "0.01"


class Rule(Generic[Judge]):
    """A rule that is being written: `keep` takes what judges it."""

    __slots__ = ("_keep",)

    def __init__(self, keep: Callable[[Callable[..., Iterable[Any]]], None]) -> None:
        self._keep = keep

    def __call__(self, judge: Judge) -> Judge:
        """Takes a function: a decorator."""
        self._keep(judge)
        return judge

    def wrong(self, name: str, where: When) -> None:
        """The field is wrong where this holds."""
        holds, said = where.holds, (name,)
        self._keep(lambda *seen: said if holds(*seen) else ())

    def _unless(self, name: str, broken: When, when: When) -> None:
        self.wrong(name, broken if when is _ALWAYS else when & broken)

    # Fields that are there, or not

    def needs(self, *names: str, when: When = _ALWAYS) -> None:
        """The fields must be filled; a waiver lifts it."""
        holds, wanting = when.holds, [(name, Finding(MISSING, name, "C", "")) for name in names]

        def judge(record: Record, *beside: Any) -> Iterable[str | Finding]:
            return [one for name, one in wanting if not record.get(name)] if holds(record, *beside) else ()

        self._keep(judge)

    def empty(self, *names: str, when: When = _ALWAYS) -> None:
        """The fields must not be filled."""
        holds = when.holds

        def judge(record: Record, *beside: Any) -> Iterable[str | Finding]:
            return [name for name in names if name in record] if holds(record, *beside) else ()

        self._keep(judge)

    def together(self, *names: str) -> None:
        """All of the fields are filled, or none."""
        self.needs(*names, when=has_any(*names))

    # What a field says

    def one_of(self, name: str, *wanted: str, when: When = _ALWAYS) -> None:
        """Where it is filled, it says one of these."""
        self._unless(name, says_other(name, *wanted), when)

    def begins(self, name: str, *beginnings: str, when: When = _ALWAYS) -> None:
        """Where it is filled, it begins with one of these."""
        self._unless(name, has(name) & ~starts(name, *beginnings), when)

    def looks(self, name: str, form: re.Pattern[str], *, when: When = _ALWAYS) -> None:
        """Where it is filled, it is of this form."""
        self._unless(name, says_other(name) & ~matches(name, form), when)

    def mentions(self, name: str, *words: str, when: When = _ALWAYS) -> None:
        """Where it is filled, one of these words stands in it."""
        self._unless(name, has(name) & ~contains(name, *words), when)

    def named(self, name: str, code: Place, of_list: str, *, when: When = _ALWAYS) -> None:
        """It is the name that the list has for the code."""
        self._unless(name, misnamed(name, code, of_list), when)

    def same_as(self, name: str, other: Place, *, when: When = _ALWAYS) -> None:
        """Where both are filled, both say the same."""
        self._unless(name, differs(name, other), when)

    def other_than(self, name: str, other: Place, *, when: When = _ALWAYS) -> None:
        """Where both are filled, they do not say the same."""
        self._unless(name, alike(name, other), when)

    def coded_in(self, name: str, *ranges: str, when: When = _ALWAYS) -> None:
        """Where it is filled, its code begins within one of the ranges."""
        self._unless(name, says_other(name) & ~coded(name, *ranges), when)

    def passes(self, name: str, test: Callable[[str], bool], *, when: When = _ALWAYS) -> None:
        """Where it is filled, it passes."""
        self._unless(name, says_other(name) & ~reads(test, name), when)

    # Numbers

    def not_above(self, name: str, most: Place, *, when: When = _ALWAYS) -> None:
        self._unless(name, above(name, most), when)

    def not_below(self, name: str, least: Place, *, when: When = _ALWAYS) -> None:
        self._unless(name, above(least, name), when)

    def more_than(self, name: str, less: Place, *, when: When = _ALWAYS) -> None:
        self._unless(name, not_over(name, less), when)

    def within(self, name: str, least: Place, most: Place, *, when: When = _ALWAYS) -> None:
        """No less and no more than these."""
        self._unless(name, above(least, name) | above(name, most), when)

    def comes_to(self, name: str, other: Place, *, tolerance: str = _CENT, when: When = _ALWAYS) -> None:
        """It is that number, but for the tolerance."""
        self._unless(name, off_by(tolerance, name, other), when)

    def aged(
        self, name: str, born: Place, on: Place, *, tolerance_years: int = 1, when: When = _ALWAYS
    ) -> None:
        """It is the age in years on that day of one who was born then."""
        age, birth, day = text_at(name), text_at(born), text_at(on)
        off = When(
            lambda *seen: is_age_off(age(*seen), birth(*seen), day(*seen), tolerance_years=tolerance_years)
        )
        self._unless(name, off, when)

    # Times

    def not_before(self, name: str, earlier: Place, *, when: When = _ALWAYS) -> None:
        self._unless(name, before(name, earlier), when)

    def not_after(self, name: str, later: Place, *, when: When = _ALWAYS) -> None:
        self._unless(name, before(later, name), when)

    def during(self, name: str, start: Place, end: Place, *, when: When = _ALWAYS) -> None:
        """Between these two, either of which may be absent."""
        self._unless(name, before(name, start) | before(end, name), when)

    def close_to(self, name: str, other: Place, *, seconds: int = 60, when: When = _ALWAYS) -> None:
        """The two moments differ by no more than so many seconds."""
        self._unless(name, apart(name, other, seconds=seconds), when)

    def in_order(self, *names: str, when: When = _ALWAYS) -> None:
        """One after another; the first that is not is wrong."""

        def judge(record: Record, *beside: Any) -> Iterable[str | Finding]:
            name = are_in_order(record, *names) if when(record, *beside) else None
            return () if name is None else (name,)

        self._keep(judge)

    # Other records

    def agrees(self, *names: str, at: str = "", when: When = _ALWAYS) -> None:
        """It says the same as its parent; or as the record that the field `at` names."""

        def judge(record: Record, *beside: Any) -> Iterable[str | Finding]:
            if not when(record, *beside):
                return ()
            other: Record = (beside[0].pointed(at) or {}) if at else beside[0]
            return differing(record, other, *names)

        self._keep(judge)

    def exists(self, *pointers: str, when: When = _ALWAYS) -> None:
        """The records that the fields name are held."""

        def judge(record: Record, beside: Beside) -> Iterable[str | Finding]:
            return [one for one in pointers if beside.points_nowhere(one)] if when(record, beside) else ()

        self._keep(judge)

    def exists_as(self, pointer: str, name: str, *wanted: str, when: When = _ALWAYS) -> None:
        """The record that the field names is held, and says one of these in that field."""
        self._unless(pointer, nowhere(pointer) | says_other(pointed(pointer, name), *wanted), when)

    def once(self, *names: str, when: When = _ALWAYS) -> None:
        """No other record of the table says the same in these fields; the first of them is wrong."""
        self._unless(names[0], repeats(*names), when)

    def once_in_a_message(self, *names: str) -> None:
        """`once`, of the records of one message."""
        self._keep(lambda records: ((place, names[0]) for place in repeated(records, *names)))
