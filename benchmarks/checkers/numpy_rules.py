"""Rules as numpy masks over the columns of a pandas frame: each column is read once, as text, number or moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial, reduce
from operator import and_, or_
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.checkers.logic import BETWEEN_ITEMS, MARK, Notation, Three, last_is, ranges, texts
from benchmarks.checkers.said import Said
from medferry.checks.rules import Rule

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]
Moments = np.ndarray[Any, np.dtype[np.datetime64]]
_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_DAY = np.timedelta64(1, "D")
_DIVISION_DIGITS = 6
_HOUR = np.timedelta64(1, "h")
_SAME_WRITING = str.maketrans({"（": "(", "）": ")", "［": "[", "］": "]", "，": ",", " ": ""})


class Columns:
    """A frame's columns, each read when it is first asked for."""

    def __init__(self, said: Said, frame: pd.DataFrame) -> None:
        self._said, self._frame = said, frame
        self.text = cache(self._text)
        self.filled = cache(self._filled)
        self.number = cache(self._number)
        self.moment = cache(self._moment)

    def is_day(self, name: str) -> bool:
        return self._said.fields[name].is_day

    def _text(self, name: str) -> pd.Series:
        return self._frame[name]

    def _filled(self, name: str) -> Mask:
        return self.text(name).notna().to_numpy()

    def _number(self, name: str) -> Numbers:
        return pd.to_numeric(self.text(name), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)

    def _moment(self, name: str) -> Moments:
        form = "%Y%m%d" if self.is_day(name) else "%Y%m%dT%H%M%S"
        return pd.to_datetime(self.text(name), format=form, errors="coerce").to_numpy(dtype="datetime64[s]")


def broken(rule: Rule, columns: Columns) -> Mask:
    """Rows where the rule applies for certain and is broken for certain."""
    judge = _Judge(columns)
    kind: Callable[..., Mask] = getattr(judge, f"broken_{rule.spec.check}")
    wrong = kind(**rule.spec.args)
    return judge.notation.condition(rule.spec.when).true & wrong if rule.spec.when else wrong


class _Judge:
    def __init__(self, columns: Columns) -> None:
        self.at = columns
        self.notation: Notation[Mask] = Notation(
            {
                "is": lambda name, of: self._known(name, self._is(name, texts(of))),
                "filled": self._filled,
                "starts_with": lambda name, of: self._known(
                    name,
                    columns.text(name).str.startswith(tuple(texts(of))).to_numpy(dtype=bool, na_value=False),
                ),
                "in_ranges": lambda name, of: self._known(name, self._in_ranges(name, of)),
                "matches": lambda name, of: self._known(
                    name,
                    columns.text(name)
                    .str.contains(_without_groups(str(of)))
                    .to_numpy(dtype=bool, na_value=False),
                ),
                "equals": partial(self._compared, lambda one, other: np.abs(one - other) < 1e-9),
                "at_least": partial(self._compared, np.greater_equal),
                "at_most": partial(self._compared, np.less_equal),
                "above": partial(self._compared, np.greater),
                "below": partial(self._compared, np.less),
                "last_item_is": lambda name, of: self._last_item_is(name, str(of)),
                "not_after": lambda name, of: self._not_after(name, str(of)),
                "younger_than": self._younger,
            },
            both=partial(reduce, and_),
            either=partial(reduce, or_),
        )

    # tests

    def _known(self, name: str, true: Mask) -> Three[Mask]:
        return Three(true, self.at.filled(name) & ~true)

    def _is(self, name: str, codes: Sequence[str]) -> Mask:
        return self.at.text(name).isin(codes).to_numpy()

    def _filled(self, name: str, argument: object) -> Three[Mask]:
        yes = self.at.filled(name)
        return Three(yes, ~yes) if argument is True else Three(~yes, yes)

    def _in_ranges(self, name: str, argument: object) -> Mask:
        text = self.at.text(name)
        masks = ((text >= low) & (text < high) for low, high in ranges(argument))
        return reduce(or_, masks).to_numpy(dtype=bool, na_value=False)

    def _compared(
        self, compare: Callable[[Numbers, Numbers | float], Mask], name: str, argument: object
    ) -> Three[Mask]:
        one = self.at.number(name)
        other = self.at.number(argument) if isinstance(argument, str) else float(str(argument))
        known = ~np.isnan(one) & ~np.isnan(other)
        true = compare(one, other) & known
        return Three(true, known & ~true)

    def _both_known(self, *moments: Moments) -> Mask:
        return ~reduce(or_, (np.isnat(one) for one in moments))

    def _not_after(self, name: str, other: str) -> Three[Mask]:
        one, two = self.at.moment(name), self.at.moment(other)
        known = self._both_known(one, two)
        if self.at.is_day(name) or self.at.is_day(other):
            one, two = one.astype("datetime64[D]"), two.astype("datetime64[D]")
        return Three(known & (one <= two), known & (one > two))

    def _last_item_is(self, name: str, other: str) -> Three[Mask]:
        chains, lasts = _plain_chains(self.at.text(name)), _plain_chains(self.at.text(other))
        known = ((chains.str.len() > 0) & (lasts.str.len() > 0)).to_numpy(dtype=bool, na_value=False)
        true = np.zeros(len(known), dtype=bool)
        true[known] = [last_is(chain, last) for chain, last in zip(chains[known], lasts[known], strict=True)]
        return Three(true, known & ~true)

    def _younger(self, name: str, argument: object) -> Three[Mask]:
        assert isinstance(argument, Mapping)
        on = str(argument["on"])
        known = self._both_known(self.at.moment(name), self.at.moment(on))
        in_days = "days" in argument
        age = self._days(name, on) if in_days else self._years(name, on)
        true = age < argument["days" if in_days else "years"]
        return Three(known & true, known & ~true)

    def _days(self, start: str, end: str) -> Numbers:
        spent = self.at.moment(end).astype("datetime64[D]") - self.at.moment(start).astype("datetime64[D]")
        return np.where(np.isnat(spent), np.nan, spent / _DAY)

    def _years(self, born: str, on: str) -> Numbers:
        first, last = (pd.to_numeric(self.at.text(name).str[:8], errors="coerce") for name in (born, on))
        return np.floor((last - first) / 10_000).to_numpy(dtype=np.float64, na_value=np.nan)

    # kinds of rules: where they are broken

    def broken_filled(self, field: str) -> Mask:
        return ~self.at.filled(field)

    def broken_empty(self, field: str, allowed: Sequence[str] = ()) -> Mask:
        return self.at.filled(field) & ~self._is(field, allowed) if allowed else self.at.filled(field)

    def broken_holds(self, condition: object) -> Mask:
        return self.notation.condition(condition).false

    def broken_same(self, field: str, other: str, tolerance: float | None = None) -> Mask:
        if tolerance is None:
            differs = (self.at.text(field) != self.at.text(other)).to_numpy(dtype=bool, na_value=False)
            return self.at.filled(field) & self.at.filled(other) & differs
        return np.abs(self.at.number(field) - self.at.number(other)) > tolerance + 1e-9

    def broken_not_before(self, later: str, earlier: str) -> Mask:
        one, two = self.at.moment(later), self.at.moment(earlier)
        start = two.astype("datetime64[D]") if self.at.is_day(later) else two
        return self._both_known(one, two) & (one < start)

    def broken_in_order(self, times: Sequence[str]) -> Mask:
        pairs = ((later, earlier) for n, later in enumerate(times) for earlier in times[:n])
        return reduce(or_, (self.broken_not_before(later, earlier) for later, earlier in pairs))

    def broken_lasts(
        self,
        field: str,
        start: str,
        end: str,
        unit: str,
        tolerance: float = 0.0,
        least: float = 0.0,
        at_most: bool = False,
    ) -> Mask:
        minutes = 60 if unit == "minutes" else 1
        span = self._days(start, end) if unit == "days" else self._hours(start, end) * minutes
        over = self.at.number(field) - (np.maximum(span, least) if least else span)
        return (over if at_most else np.abs(over)) > tolerance + 1e-9

    def _hours(self, start: str, end: str) -> Numbers:
        spent = self.at.moment(end) - self.at.moment(start)
        return np.where(np.isnat(spent), np.nan, spent / _HOUR)

    def broken_within(self, end: str, start: str, hours_max: float, hours_min: float = 0.0) -> Mask:
        hours = self._hours(start, end)
        return (hours > hours_max) | (hours < hours_min)

    def _sum(self, parts: Sequence[str]) -> tuple[Numbers, Mask]:
        """The sum, empty parts as 0, and where any part is known."""
        if not parts:
            return np.zeros(1), np.zeros(1, dtype=bool)
        stacked = np.stack([self.at.number(name) for name in parts])
        return np.nansum(stacked, axis=0), ~np.isnan(stacked).all(axis=0)

    def broken_sum_equals(
        self, total: str, parts: Sequence[str], minus: Sequence[str] = (), tolerance: float = 0.01
    ) -> Mask:
        (added, some), (taken, more) = self._sum(parts), self._sum(minus)
        return (some | more) & (np.abs(self.at.number(total) - (added - taken)) > tolerance + 1e-9)

    def broken_sum_at_most(
        self, limit: str, parts: Sequence[str], tolerance: float = 0.0, factor: float = 1.0, plus: float = 0.0
    ) -> Mask:
        added, some = self._sum(parts)
        return some & (added > self.at.number(limit) * factor + plus + tolerance + 1e-9)

    def broken_age_agrees(self, years: str, born: str, on: str, tolerance_years: int = 1) -> Mask:
        known = self._both_known(self.at.moment(born), self.at.moment(on))
        return known & (np.abs(self.at.number(years) - self._years(born, on)) > tolerance_years)

    def broken_all_different(self, fields: Sequence[str]) -> Mask:
        pairs = ((one, two) for n, one in enumerate(fields) for two in fields[n + 1 :])
        return reduce(
            or_,
            (
                (self.at.text(one) == self.at.text(two)).to_numpy(dtype=bool, na_value=False)
                & self.at.filled(one)
                for one, two in pairs
            ),
        )

    def broken_name_of_code(
        self, name: str, code: str, names: Callable[[], Mapping[str, str]], first: int | None = None
    ) -> Mask:
        codes = self.at.text(code)
        if first is not None:
            codes = codes.str[:first].str.pad(_DIVISION_DIGITS, side="right", fillchar="0")
        meant = codes.map(_plain_names(names))
        said = self.at.text(name).str.translate(_SAME_WRITING)
        known = self.at.filled(name) & meant.notna().to_numpy()
        return known & (said != meant).to_numpy(dtype=bool, na_value=False)

    def _cards(self, number: str, kind: str | None) -> tuple[Mask, Mask]:
        """Where a resident card is to be judged, and where its number has the right shape."""
        judged = self.at.filled(number) & (self._is(kind, ["01"]) if kind else True)
        shaped = self.at.text(number).str.fullmatch("[0-9]{17}[0-9X]").to_numpy(dtype=bool, na_value=False)
        return judged, shaped

    def broken_id_card(self, number: str, kind: str | None = None) -> Mask:
        judged, shaped = self._cards(number, kind)
        right = np.zeros(len(judged), dtype=bool)
        cards = self.at.text(number)[shaped].to_numpy(dtype="S18")
        signs = cards.view(np.uint8).reshape(len(cards), 18)
        sums = (signs[:, :17].astype(np.int64) - ord("0")) @ _WEIGHTS
        right[shaped] = _CHECK_CHARACTERS[sums % 11] == signs[:, 17]
        return judged & ~right

    def broken_agrees_with_id_card(
        self, number: str, birth: str | None = None, sex: str | None = None, kind: str | None = None
    ) -> Mask:
        judged, shaped = self._cards(number, kind)
        wrong = np.zeros(len(judged), dtype=bool)
        card = self.at.text(number)
        if birth:
            other = (card.str[6:14] != self.at.text(birth).str[:8]).to_numpy(dtype=bool, na_value=False)
            wrong |= self.at.filled(birth) & other
        if sex:
            male = card.str[16:17].isin(list("13579")).to_numpy()
            wrong |= self._is(sex, ["1", "2"]) & (male != self._is(sex, ["1"]))
        return judged & shaped & wrong


@cache
def _without_groups(pattern: str) -> str:
    """Pandas warns of groups that nobody reads."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _plain_chains(texts: pd.Series) -> pd.Series:
    narrow = texts.str.normalize("NFKC").str.replace(r"\s", "", regex=True)
    return narrow.str.replace(BETWEEN_ITEMS, MARK, regex=True).str.strip(MARK)


@cache
def _plain_names(names: Callable[[], Mapping[str, str]]) -> dict[str, str]:
    return {code: name.translate(_SAME_WRITING) for code, name in names().items()}
