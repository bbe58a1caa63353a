"""What is to be checked in a table, in no library's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medferry.catalog.model import Catalog, FormatKind, Table
from medferry.catalog.valid_codes import ValidCodes
from medferry.checks import compile_checks
from medferry.checks.format import is_number, number_that_fits, pattern_of
from medferry.checks.placeholder import words_refused
from medferry.checks.rules import Rule

CLEAN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}\u{feff}\u{fffd}\u{1f000}-\u{1faff}]*$"
"""Text without debris, as Rust's regular expressions write it; of Python's, see `plain_regex`."""


@dataclass(frozen=True, slots=True)
class FieldSaid:
    """What is demanded of one field.

    pattern    of its values; None: any text without debris
    chars_max  None: any number
    words      that say nothing, refused
    codes      the only ones allowed; then nothing else is demanded
    """

    name: str
    required: bool
    is_day: bool
    pattern: str | None = None
    chars_min: int = 0
    chars_max: int | None = None
    words: Sequence[str] = ()
    codes: ValidCodes | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Fields and the rules that read nothing but the row."""

    table: Table
    fields: Mapping[str, FieldSaid]
    rules: Sequence[Rule]


def said_of(table: Table, catalog: Catalog) -> Said:
    checks = compile_checks(table, catalog, {})
    codes = {name: group.codes for group in checks.fields.code_groups for name in group.fields}
    fields = {}
    for field in table.fields:
        required, form = field.name in checks.required, field.format
        pattern = number_that_fits(field) if is_number(field) else pattern_of(field)
        if form.kind is FormatKind.NUMBER and not is_number(field):
            pattern = f"^[0-9]{{{max(1, form.length_min)},{form.length_max}}}$"
        if field.name in codes:
            said = FieldSaid(field.name, required, is_day=False, codes=codes[field.name])
        elif pattern is not None:
            said = FieldSaid(field.name, required, form.kind is FormatKind.DATE, pattern)
        else:
            words = words_refused(field) if required else ()
            said = FieldSaid(
                field.name,
                required,
                is_day=False,
                chars_min=form.length_min,
                chars_max=form.length_max,
                words=words,
            )
        fields[field.name] = said
    return Said(table, fields, [rule for rule in checks.rules if rule.scope == "row"])


def plain_regex(pattern: str) -> str:
    """The same for Python and for RE2, which write characters beyond ASCII as they are."""
    for code in ("80", "9f", "feff", "fffd", "1f000", "1faff"):
        pattern = pattern.replace(f"\\u{{{code}}}", chr(int(code, 16)))
    return pattern
