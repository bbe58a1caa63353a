"""Arithmetic of cursors: where a read starts, and which place a page reached."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import polars as pl

from medferry.records import Cursor, Loop
from medferry.sources.source import ReadPlan

FUTURE_SLACK = timedelta(days=1)
"""A changed_at later than this from now is a mistake of the source; the cursor never goes there."""

IntegerTime = Literal["sequence", "epoch_s", "epoch_ms", "compact"]
COMPACT_DIGITS = (8, 12, 14, 17)
"""Lengths of whole numbers that may be times: 20260115, 202601150829, 20260115082941, 20260115082941500."""
_TIME_TEXT = re.compile(
    r"([0-9]{4}([-/.]?)[0-9]{2}\2[0-9]{2}(?:[ T]?[0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,]?[0-9]{1,9})?)?)?)"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_SIGNS = re.compile("[^0-9A-Za-z]")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time, as the source writes it
_LAST = datetime(9999, 12, 31)  # noqa: DTZ001 - wall time
_UTC_OFFSET = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class IntegerMeaning:
    """What a whole-number changed_at means; overlap and window are used for sequences only.

    compact  the digits of a time: 20260115082941
    """

    time: IntegerTime = "sequence"
    overlap: int = 0
    window: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Where reading begins: at `from_changed_at` (inclusive), or strictly after a place, or at the beginning."""

    from_changed_at: str | int | None = None
    after: Cursor | None = None


def start_of(
    plan: ReadPlan, after: Cursor | None, loop: Loop, now: datetime, meaning: IntegerMeaning
) -> Start:
    """`now` is wall time. A sweep that was cut short long ago goes on where it was cut, not at the window."""
    if after is None or after.changed_at is None:
        return Start()
    at = after.changed_at
    if loop == "sweep":
        return Start(from_changed_at=_window_start(at, plan.window, now, meaning))
    if isinstance(at, int) and meaning.time == "compact":
        return (
            Start(from_changed_at=_compact_before(at, plan.overlap)) if plan.overlap else Start(after=after)
        )
    if isinstance(at, int):
        by = _integer_span(plan.overlap, meaning.overlap, meaning.time)
        return Start(from_changed_at=at - by) if by else Start(after=after)
    if not plan.overlap or at.startswith("0000"):
        # Behind a zero date there is no time to go back by: all rows that have one would be read again at every poll.
        return Start(after=after)
    return Start(from_changed_at=shifted(at, plan.overlap))


def _window_start(
    at: str | int, window: timedelta, now: datetime, meaning: IntegerMeaning
) -> str | int | None:
    if isinstance(at, int):
        if meaning.time == "sequence":
            return at - meaning.window
        if meaning.time == "compact":
            seen = moment(at, "compact")
            if seen is None or seen <= now - window:
                return at
            return min(at, _digits_of(now - window, len(str(at))))
        unit = 1 if meaning.time == "epoch_s" else 1000
        then = math.floor((now - _UTC_OFFSET - window - _EPOCH).total_seconds() * unit)
        return min(at, then)
    seen = moment(at)
    if seen is None:
        return at
    return at if seen <= now - window else _written(at, now - window)


def _integer_span(overlap: timedelta, overlap_number: int, time: IntegerTime) -> int:
    if time == "sequence":
        return overlap_number
    return math.ceil(overlap.total_seconds() * (1 if time == "epoch_s" else 1000))


def moment(value: str | int, time: IntegerTime = "sequence") -> datetime | None:
    """The wall time a changed_at tells, in any usual spelling; None where it tells none (0000-00-00, a sequence)."""
    if isinstance(value, int):
        return _moment_of_number(value, time)
    found = _TIME_TEXT.fullmatch(value.strip())
    if found is None:
        return None
    digits = re.sub("[^0-9]", "", found[1])
    whole, fraction = digits[:14], digits[14:20]
    try:
        return datetime.strptime(whole.ljust(14, "0"), "%Y%m%d%H%M%S").replace(  # noqa: DTZ007 - wall time
            microsecond=int(fraction.ljust(6, "0") or 0)
        )
    except ValueError:
        return None


def _moment_of_number(value: int, time: IntegerTime) -> datetime | None:
    if time == "sequence":
        return None
    if time == "compact":
        return _moment_of_digits(str(value))
    try:
        return _EPOCH + _UTC_OFFSET + timedelta(seconds=value / (1 if time == "epoch_s" else 1000))
    except OverflowError:
        return _LAST


def _moment_of_digits(digits: str) -> datetime | None:
    """None for what is no time (0); the calendar's end for what is later than any day that there is (20991399999999)."""
    if len(digits) not in COMPACT_DIGITS or digits[:4] == "0000":
        return None
    try:
        whole = datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - wall time
    except ValueError:
        return _LAST
    return whole.replace(microsecond=int(digits[14:].ljust(6, "0")))


def _digits_of(at: datetime, length: int) -> int:
    return int(f"{at.year:04d}{at:%m%d%H%M%S%f}"[:length])


def _compact_before(at: int, back: timedelta) -> int:
    seen = moment(at, "compact")
    return at if seen is None or seen == _LAST else _digits_of(seen - back, len(str(at)))


def shifted(text: str, back: timedelta) -> str | None:
    """The same spelling, `back` earlier; unchanged where no time is told; None before the calendar's beginning."""
    seen = moment(text)
    if seen is None:
        return text
    try:
        return _written(text, seen - back)
    except OverflowError:
        return None


def _written(pattern: str, at: datetime) -> str:
    """`at` in the spelling of `pattern`: same separators, same number of digits, cut and never rounded up."""
    found = _TIME_TEXT.fullmatch(pattern.strip())
    assert found is not None, "moment() read it before"
    digits = iter(f"{at.year:04d}{at:%m%d%H%M%S%f}000")
    body = "".join(next(digits) if c.isdigit() else c for c in found[1])
    return body + pattern.strip()[len(found[1]) :]


def newer(a: str | int, b: str | int) -> bool:
    """`a` certainly lies behind `b` in the source's order."""
    if isinstance(a, int) and isinstance(b, int):
        return a > b
    at, bt = moment(a), moment(b)
    if at is not None and bt is not None and at != bt:
        return at > bt
    if bt is None and at is not None:
        return True  # a time is newer than none: else the cursor would stay at 0000-00-00 for ever
    return at is None and bt is None and str(a) > str(b)


def is_behind(a: Cursor, b: Cursor) -> bool:
    """`a` certainly has a later change time."""
    return a.changed_at is not None and b.changed_at is not None and newer(a.changed_at, b.changed_at)


def place_at(frame: pl.DataFrame, plan: ReadPlan, row: int) -> Cursor:
    """The place of one row, in the values the next page is compared with."""
    changed_at = None if plan.changed_at is None else _plain(frame[plan.changed_at][row])
    return Cursor(changed_at=changed_at, key=tuple(_required(_plain(frame[name][row])) for name in plan.key))


def _required(value: str | int | None) -> str | int:
    assert value is not None, "pages hold rows with a whole key only"
    return value


def _plain(value: object) -> str | int | None:
    if value is None or isinstance(value, (str, int)):
        return value
    assert isinstance(value, date), f"a place cannot be a {type(value).__name__}"
    return value.isoformat()


def rows_before(frame: pl.DataFrame, plan: ReadPlan, until: datetime, time: IntegerTime) -> int:
    """How many rows of a page lie before a moment; all where no time is told."""
    for row in range(frame.height - 1, -1, -1):
        told = moment(place_at(frame, plan, row).changed_at or 0, time)
        if told is None or told < until:
            return row + 1
    return 0


def reached(
    frame: pl.DataFrame,
    plan: ReadPlan,
    began: Cursor | None,
    now: datetime,
    *,
    overlapped: bool,
    time: IntegerTime,
) -> Cursor | None:
    """The cursor after a page: its last row that is not from the future, never older than the one the read began with.

    overlapped  the read began before `began`: rows with began's own changed_at are still on the way, so they do not
                move it; text keys cannot be compared here as the database compares them
    """
    if plan.changed_at is None:
        return None
    limit = now + FUTURE_SLACK
    for row in range(frame.height - 1, -1, -1):
        here = place_at(frame, plan, row)
        if here.changed_at is None:
            return began
        told = moment(here.changed_at, time)
        if here.changed_at in ("infinity", "-infinity") or (told is not None and told > limit):
            continue
        if began is None or began.changed_at is None or not overlapped:
            return here
        return here if newer(here.changed_at, began.changed_at) else began
    return began


def surely_apart(a: Cursor, b: Cursor) -> bool:
    """No database holds these two places for equal, whatever its collation makes of case, accents, width, signs and spaces.

    Only texts of plain letters and digits tell: collations disagree on all others (ß = s, 𠮷 = 𠮶, é = e, ａ = a)."""
    left: Sequence[str | int | None] = (a.changed_at, *a.key)
    right: Sequence[str | int | None] = (b.changed_at, *b.key)
    return any(_differ(x, y) for x, y in zip(left, right, strict=True))


def _differ(x: str | int | None, y: str | int | None) -> bool:
    if not isinstance(x, str) or not isinstance(y, str):
        return x != y
    return x.isascii() and y.isascii() and _SIGNS.sub("", x).casefold() != _SIGNS.sub("", y).casefold()
