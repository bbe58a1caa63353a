"""What fields.csv alone lets us check, as few expressions as there are formats.

Columns of one format are laid on one another and judged by one expression: a table of 238 fields needs some
sixty instead of a thousand, and expressions are what a single row's time goes into. Each group has a `quick`
verdict that may doubt a good value but never passes a wrong one; only doubted values meet the exact checks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl

from medferry.catalog.formats import fits
from medferry.catalog.model import Catalog, Field, Format, FormatKind, Table
from medferry.catalog.scales import scale_of
from medferry.catalog.valid_codes import ValidCodes, together
from medferry.checks.characters import DEBRIS, characters
from medferry.checks.destroyed import DESTROYED, SCIENTIFIC, TextKind, destroyed, kind_of_text
from medferry.checks.findings import Mark
from medferry.checks.format import is_number, matches_format, number_that_fits, pattern_of
from medferry.checks.holding import reason_of_codes, severity_for
from medferry.checks.length import length
from medferry.checks.letters import letters
from medferry.checks.placeholder import answers_asked_for, placeholder, words_by_weight
from medferry.checks.range import fits_digits
from medferry.checks.registry import checks_by_name
from medferry.checks.scale import on_scale
from medferry.records import Severity

_DASH = "-"

Judge = Callable[[pl.Expr], pl.Expr]
"""Value to Boolean: true fine, false wrong, null not mine to judge."""


@dataclass(frozen=True, slots=True)
class Exact:
    """One check with its parameters bound."""

    mark: Mark
    judge: Judge


@dataclass(frozen=True, slots=True)
class Group:
    """Columns judged together.

    glance    cheaper than `quick` and more doubtful: pays in a long column only
    costly    `quick` reads the text: where values come again and again, each is judged once
    quick     false where a look is needed; true only where all of `exact` say fine
    waivable  the checks ask for something to be filled, so a waiver lifts them
    """

    fields: tuple[str, ...]
    quick: Judge
    exact: tuple[Exact, ...]
    waivable: bool = False
    glance: Judge | None = None
    costly: bool = False


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """Columns of one value set: their distinct values meet the list, far cheaper than rows. What a field's own
    words tell to write where there is nothing is as good as a code.

    The list alone decides. It says more than the format beside it, and where the two disagree in the
    standard's own data (a list of CR, PR, SD under N1) no row could ever be sound. A code outside it holds
    only where the list is closed.
    """

    fields: tuple[str, ...]
    codes: ValidCodes
    form: Format
    many: str = ""
    severity: Severity = Severity.ERROR

    def strange(self, values: Iterable[str | None]) -> set[str]:
        """Of these values those that the list does not know. What only looks like a code must keep to the format as well.

        Where a field holds several, each is asked about; all of them together keep to the format."""
        strange = self.codes.strange(values, lambda code: fits(code, self.form))
        return {one for one in strange if not self._are_known(one)} if self.many else strange

    def _are_known(self, value: str) -> bool:
        parts = re.split(f"[{self.many}]", value)
        return fits(value, self.form) and not self.codes.strange(map(str.strip, parts), lambda _: True)


@dataclass(frozen=True, slots=True)
class FieldChecks:
    """All that is derived from a table's fields, but for requiredness.

    open_fields  fields whose value set has no list: nobody can judge them
    """

    groups: tuple[Group, ...]
    code_groups: tuple[CodeGroup, ...]
    open_fields: tuple[str, ...]


def derive_field_checks(
    table: Table, catalog: Catalog, required: Sequence[str], needed: Collection[str]
) -> FieldChecks:
    """Groups the table's fields by what their values must be like. `needed`: those whose absence holds a row."""
    groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
    samples: dict[tuple[object, ...], Field] = {}
    code_groups: dict[tuple[tuple[str, ...], frozenset[str], Format, str], list[str]] = defaultdict(list)
    open_fields = []
    for field in table.fields:
        if field.value_set is not None:
            if not any(catalog.value_set(one).is_open for one in field.value_sets):
                answers = frozenset(answers_asked_for(field))
                code_groups[field.value_sets, answers, field.format, field.many].append(field.name)
                if reason_of_codes(field, catalog) is None:
                    groups["text", kind_of_text(field)].append(field.name)
                    samples["text", kind_of_text(field)] = field
                continue
            open_fields.append(field.name)
        for key in _groups_of(field, required=field.name in required, needed=field.name in needed):
            groups[key].append(field.name)
            samples[key] = field
        if scale := scale_of(field, catalog):
            key = ("scale", *scale)
            groups[key].append(field.name)
            samples[key] = field
    return FieldChecks(
        groups=tuple(_group(key, tuple(names), samples[key]) for key, names in groups.items()),
        code_groups=tuple(
            CodeGroup(
                tuple(names),
                together([ValidCodes(answers), *(catalog.value_set(one).valid for one in set_ids)]),
                form,
                many,
                severity_for(reason_of_codes(table.by_name[names[0]], catalog)),
            )
            for (set_ids, answers, form, many), names in code_groups.items()
        ),
        open_fields=tuple(open_fields),
    )


def _groups_of(field: Field, *, required: bool, needed: bool) -> list[tuple[object, ...]]:
    form = field.format
    keys: list[tuple[object, ...]] = []
    pattern = pattern_of(field)
    dash = _may_be_dash(field)
    if pattern is not None and is_number(field):
        keys.append(("number", pattern, form.length_max, dash))
    elif pattern is not None and form.kind is FormatKind.NUMBER:
        keys.append(("digits", pattern, form.length_min, form.length_max, dash))
    elif pattern is not None:
        keys.append(("shape", pattern, dash))
    else:
        keys.append(("text", kind_of_text(field)))
        if form.length_max is not None:
            keys.append(("length", form.length_min, form.length_max))
        if form.kind is FormatKind.ALPHA:
            keys.append(("letters",))
        if required:
            silent, answers = words_by_weight(field)
            keys.append(("placeholder", silent, Severity.ERROR if needed else Severity.WARNING))
            if answers:
                keys.append(("placeholder", answers, Severity.WARNING))
    return keys


def _group(key: tuple[object, ...], names: tuple[str, ...], sample: Field) -> Group:
    match key[0]:
        case "text":  # read once for both checks
            destruction = DESTROYED[cast(TextKind, key[1])]
            doubted = f"{DEBRIS}|{destruction}"

            def whole(value: pl.Expr) -> pl.Expr:
                return destroyed(value, destruction)

            exact = (_exact("characters", characters), _exact("destroyed", whole))
            return Group(names, lambda value: ~value.str.contains(doubted), exact, costly=True)
        case "letters":
            return Group(names, letters, (_exact("letters", letters, Severity.WARNING),))
        case "placeholder":
            _, words, severity = cast(tuple[str, tuple[str, ...], Severity], key)

            def refused(value: pl.Expr) -> pl.Expr:
                return placeholder(value, words)

            return Group(names, refused, (_exact("placeholder", refused, severity),), waivable=True)
        case "scale":
            _, least, most = cast(tuple[str, float | None, float | None], key)

            def measured(value: pl.Expr) -> pl.Expr:
                return on_scale(value, least, most)

            return Group(names, measured, (_exact("scale", measured),))
    quick, written = _quick(sample), _format_checks(sample)
    if pattern_of(sample) is not None and _may_be_dash(sample):
        quick, written = _or_dash(quick), tuple(Exact(one.mark, _or_dash(one.judge)) for one in written)
    return Group(names, quick, written, glance=_glance(sample), costly=_is_read(sample))


def _may_be_dash(field: Field) -> bool:
    """The field's own words tell to write a dash where there is nothing, whatever its format."""
    return _DASH in answers_asked_for(field)


def _or_dash(judge: Judge) -> Judge:
    return lambda value: (value == _DASH) | judge(value)


def _format_checks(field: Field) -> tuple[Exact, ...]:
    """The exact checks of the field's format: writing, then length or digits."""
    form = field.format
    pattern = pattern_of(field)
    found = []
    if pattern is not None:
        found.append(_exact("format", lambda value: matches_format(value, pattern)))
        if form.kind is FormatKind.NUMBER or is_number(field):
            found.append(_exact("destroyed", lambda value: destroyed(value, SCIENTIFIC)))
    if form.length_max is None:
        return tuple(found)
    least, most = form.length_min, form.length_max
    if pattern is not None and is_number(field):
        found.append(_exact("range", lambda value: fits_digits(value, most, pattern)))
    elif pattern is not None and form.kind is FormatKind.NUMBER:
        found.append(
            _exact(
                "length",
                lambda value: pl.when(matches_format(value, pattern)).then(length(value, least, most)),
            )
        )
    elif pattern is None:
        found.append(_exact("length", lambda value: length(value, least, most)))
    return tuple(found)


def _quick(field: Field) -> Judge:
    """Cheaper than the exact checks, never milder."""
    form = field.format
    pattern = pattern_of(field)
    least, most = form.length_min, form.length_max
    if pattern is None and most is not None:
        return lambda value: length(value, least, most)
    assert pattern is not None, f"{form.text} has nothing to check"
    if form.kind is FormatKind.NUMBER and most is not None:
        fitting = number_that_fits(field) if is_number(field) else f"^[0-9]{{{max(1, least)},{most}}}$"
        return lambda value: value.str.contains(fitting)
    if form.kind is FormatKind.LOGICAL:
        return lambda value: (value == "T") | (value == "F")
    return lambda value: value.str.contains(pattern)


def _is_read(field: Field) -> bool:
    """Whether `quick` reads the text from end to end."""
    return pattern_of(field) is not None and field.format.kind is not FormatKind.LOGICAL


def _glance(field: Field) -> Judge | None:
    """Text of few bytes has few characters; only what has more is counted."""
    most = field.format.length_max
    if pattern_of(field) is not None or field.format.length_min > 0 or most is None:
        return None
    return lambda value: value.str.len_bytes() <= most


def _exact(name: str, judge: Judge, severity: Severity = Severity.ERROR) -> Exact:
    return Exact(Mark(name, checks_by_name()[name].code, severity), judge)
