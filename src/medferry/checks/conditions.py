"""The small language of conditions in rules.yaml: `{column: test, …}` becomes an expression of three outcomes.

A column is a field of the row, `pointer.field` of the record that a pointer of the row names, or a name given under
`with`. Several columns, and several tests of one column, must all hold. `{any: […]}`, `{all: […]}`, `{not: …}` combine.

    sex_code: "1"                     the code; a list: one of them; true and false: T and F
    id_no: {filled: true}             filled or not; unknown only of a record that is not at hand
    x: {is: …} {is_not: …}            as above, and its opposite
    x: {starts_with: […]} {not_starts_with: […]} {contains: […]} {lacks: […]}
    x: {in_ranges: [N70-N98, O00]}    codes by their first characters; {not_in_ranges: …}
    x: {matches: regex} {not_matches: regex} {like: name of PATTERNS}
    x: {chars_at_least: 2} {chars_at_most: 20}
    x: {equals: 0} {at_least: …} {at_most: …} {above: …} {below: …}       a number, or the name of a column
    x: {same_as: column} {differs_from: column}                           as texts
    x: {last_item_is: column}         of a chain of names (内科→外科), however its items are set apart
    x: {before: column} {not_after: …} {after: …} {not_before: …} {same_day_as: …}   moments and days
    born: {younger_than: {years: 14, on: column}} {older_than: …} {not_…}   full years or days, from birth to the moment; a
                                                                      number, or the name of a column
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_

import polars as pl

from medferry.checks.ages import age_days, age_years
from medferry.checks.chains import last_item_is
from medferry.checks.moments import is_day, moment, number, same_day_at_midnight
from medferry.checks.slack import SLACK

THERE = "?"
"""`pointer.?`: T where the record that the pointer names is there, F where it is not, null where nobody looked."""

_SAME_DIGIT = "|".join(f"{digit}{{4,}}" for digit in "0123456789")
PATTERNS: Mapping[str, str] = {
    "phone": r"^\+?[0-9()（）-]{5,20}$",
    "mobile": "^1[0-9]{10}$",
    "postcode": "^[0-9]{6}$",
    "email": r"^[^@ ]+@[^@ .]+(\.[^@ .]+)+$",
    "one_digit": f"^[+]?(?:{_SAME_DIGIT})$",
    "id_card": "^[0-9]{17}[0-9X]$",
}
"""Names for `like` and `unlike`."""

_MANY = 4


def condition(spec: Mapping[str, object]) -> pl.Expr:
    """The expression of a condition; raises ValueError, in Chinese, for one that is not of the language."""
    if not isinstance(spec, Mapping) or not spec:
        raise ValueError("条件应为 {字段: 测试}")
    return _all(part for name, test in spec.items() for part in _parts(str(name), test))


def judges_nulls(spec: Mapping[str, object]) -> bool:
    """Whether the condition can be false although its first column is empty."""
    test = next(iter(spec.values()))
    only = len(spec) == 1 and not {"any", "all", "not"} & set(spec)
    return not only or (isinstance(test, Mapping) and "filled" in test)


def _parts(name: str, test: object) -> Iterable[pl.Expr]:
    if name in ("any", "all"):
        if not isinstance(test, list):
            raise ValueError(f"{name} 后为条件的列表")
        yield (_any if name == "any" else _all)(condition(one) for one in test)
    elif name == "not":
        if not isinstance(test, Mapping):
            raise ValueError("not 后为条件")
        yield ~condition(test)
    elif isinstance(test, Mapping):
        for word, argument in test.items():
            if word not in _TESTS:
                raise ValueError(f"没有名为 {word} 的测试，可用：{'、'.join(_TESTS)}")
            yield _TESTS[word](name, argument)
    else:
        yield _is(name, test)


def _all(parts: Iterable[pl.Expr]) -> pl.Expr:
    """Of many parts one expression: a single row's time goes into expressions."""
    several = list(parts)
    return reduce(and_, several) if len(several) < _MANY else pl.all_horizontal(several)


def _any(parts: Iterable[pl.Expr]) -> pl.Expr:
    several = list(parts)
    return reduce(or_, several) if len(several) < _MANY else pl.any_horizontal(several)


def _texts(argument: object) -> list[str]:
    values = argument if isinstance(argument, list) else [argument]
    texts = [("T" if value else "F") if isinstance(value, bool) else value for value in values]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("代码写成带引号的文本，标志写 true 或 false；数值用 equals、at_least 等")
    return texts  # type: ignore[return-value]


def _is(name: str, argument: object) -> pl.Expr:
    texts = _texts(argument)
    return pl.col(name) == texts[0] if len(texts) == 1 else pl.col(name).is_in(texts)


def _filled(name: str, argument: object) -> pl.Expr:
    filled = pl.col(name).is_not_null() if argument is True else pl.col(name).is_null()
    pointer, _, column = name.partition(".")
    # Of a record that is not at hand nobody knows what it has.
    return pl.when(pl.col(f"{pointer}.{THERE}") == "T").then(filled) if column else filled


def _starts_with(name: str, argument: object) -> pl.Expr:
    return _any(pl.col(name).str.starts_with(text) for text in _texts(argument))


def _in_ranges(name: str, argument: object) -> pl.Expr:
    """By the first characters: up to Z37 is before Z38, however the code goes on."""
    parts = []
    for text in _texts(argument):
        low, _, high = text.partition("-")
        high = high or low
        if len(low) != len(high) or low > high:
            raise ValueError(f"范围 {text} 应为 低-高，两端等长")
        behind = high[:-1] + chr(ord(high[-1]) + 1)
        parts.append((pl.col(name) >= low) & (pl.col(name) < behind))
    return _any(parts)


def _matches(name: str, argument: object) -> pl.Expr:
    return pl.col(name).str.contains(_texts(argument)[0])


def _like(name: str, argument: object) -> pl.Expr:
    wanted = _texts(argument)
    if unknown := set(wanted) - set(PATTERNS):
        raise ValueError(f"没有名为 {unknown.pop()} 的样式，可用：{'、'.join(PATTERNS)}")
    return _any(pl.col(name).str.contains(PATTERNS[one]) for one in wanted)


def _contains(name: str, argument: object) -> pl.Expr:
    return _any(pl.col(name).str.contains(text, literal=True) for text in _texts(argument))


def _opposite(of: Callable[[str, object], pl.Expr]) -> Callable[[str, object], pl.Expr]:
    return lambda name, argument: ~of(name, argument)


def _chars(compare: Callable[[pl.Expr, int], pl.Expr]) -> Callable[[str, object], pl.Expr]:
    def test(name: str, argument: object) -> pl.Expr:
        if not isinstance(argument, int):
            raise ValueError("字数为整数")
        return compare(pl.col(name).str.len_chars(), argument)

    return test


def _numbers(compare: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[[str, object], pl.Expr]:
    def test(name: str, argument: object) -> pl.Expr:
        if isinstance(argument, str):
            return compare(number(name), number(argument))
        if isinstance(argument, bool) or not isinstance(argument, (int, float)):
            raise ValueError("比较的对象为数值或字段名")
        return compare(number(name), pl.lit(float(argument)))

    return test


def _columns(compare: Callable[[str, str], pl.Expr]) -> Callable[[str, object], pl.Expr]:
    def test(name: str, argument: object) -> pl.Expr:
        if not isinstance(argument, str):
            raise ValueError("比较的对象为字段名")
        return compare(name, argument)

    return test


def _order(later: str, earlier: str, *, strictly: bool) -> pl.Expr:
    """`later` against `earlier`; by days where one of them knows no time of day, or the later is kept at midnight."""
    by_day = is_day(later) | is_day(earlier)
    late, early = moment(later), moment(earlier)
    told = ~by_day & same_day_at_midnight(later, earlier)
    if strictly:
        return told | pl.when(by_day).then(late.dt.date() > early.dt.date()).otherwise(late > early)
    return told | pl.when(by_day).then(late.dt.date() >= early.dt.date()).otherwise(late >= early)


def _ages(compare: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[[str, object], pl.Expr]:
    def test(name: str, argument: object) -> pl.Expr:
        if not isinstance(argument, Mapping) or set(argument) not in ({"years", "on"}, {"days", "on"}):
            raise ValueError("年龄写作 {years: 岁, on: 时间字段} 或 {days: 天, on: 时间字段}")
        limit, on = argument["years" if "years" in argument else "days"], str(argument["on"])
        age = age_years(name, on) if "years" in argument else age_days(name, on)
        return compare(age, number(limit) if isinstance(limit, str) else pl.lit(int(limit)))

    return test


_younger = _ages(lambda age, limit: age < limit)
_older = _ages(lambda age, limit: age > limit)


_TESTS: Mapping[str, Callable[[str, object], pl.Expr]] = {
    "is": _is,
    "is_not": _opposite(_is),
    "filled": _filled,
    "starts_with": _starts_with,
    "not_starts_with": _opposite(_starts_with),
    "in_ranges": _in_ranges,
    "not_in_ranges": _opposite(_in_ranges),
    "matches": _matches,
    "not_matches": _opposite(_matches),
    "like": _like,
    "unlike": _opposite(_like),
    "contains": _contains,
    "lacks": _opposite(_contains),
    "chars_at_least": _chars(lambda chars, limit: chars >= limit),
    "chars_at_most": _chars(lambda chars, limit: chars <= limit),
    "equals": _numbers(lambda one, other: (one - other).abs() < SLACK),
    "at_least": _numbers(lambda one, other: one >= other),
    "at_most": _numbers(lambda one, other: one <= other),
    "above": _numbers(lambda one, other: one > other),
    "below": _numbers(lambda one, other: one < other),
    "same_as": _columns(lambda one, other: pl.col(one) == pl.col(other)),
    "differs_from": _columns(lambda one, other: pl.col(one) != pl.col(other)),
    "last_item_is": _columns(last_item_is),
    "not_before": _columns(lambda one, other: _order(one, other, strictly=False)),
    "not_after": _columns(lambda one, other: _order(other, one, strictly=False)),
    "after": _columns(lambda one, other: _order(one, other, strictly=True)),
    "before": _columns(lambda one, other: _order(other, one, strictly=True)),
    "same_day_as": _columns(lambda one, other: moment(one).dt.date() == moment(other).dt.date()),
    "younger_than": _younger,
    "not_younger_than": _opposite(_younger),
    "older_than": _older,
    "not_older_than": _opposite(_older),
}


def columns_of(spec: Mapping[str, object]) -> Sequence[str]:
    """Columns that the condition tests, in order of writing."""
    found: list[str] = []
    for name, test in spec.items():
        if name in ("any", "all") and isinstance(test, list):
            for one in test:
                found += columns_of(one)
        elif name == "not" and isinstance(test, Mapping):
            found += columns_of(test)
        else:
            found.append(str(name))
    return found
