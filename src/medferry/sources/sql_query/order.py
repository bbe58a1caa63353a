"""Whether the order of `changed_at` is time's, over all rows: without that a cursor passes rows by and nobody says so.

A date or date-time column orders itself. Text does when all its values are written alike, with leading zeros, from the year
down; whole numbers do as a sequence, or as times like 20260115082941 of one length. Anything else is read whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
from sqlalchemy import ColumnElement, String, cast, func, select

from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import TEMPORAL, Column
from medferry.sources.sql_query.driver import Driver
from medferry.sources.sql_query.position import COMPACT_DIGITS, IntegerMeaning, moment

ORDER_FIX = (
    "请在查询中把它转换成日期时间类型或一律补零的写法（如 2026-01-15 08:29:41），或换一列作 changed_at"
)
_LENGTH_MAX = 64
_SHOWN_MAX = 3
_FAMILY = re.compile(
    r"0{4}(?P<date>[-/.]?)00(?P=date)00"
    r"(?:(?P<between>[ T]?)00(?P<clock>:?)00(?:(?P=clock)00(?:(?P<point>[.,]?)0{1,9})?)?)?(?P<zone>Z|[+-]00(?::?00)?)?"
)
_SEQUENCE = re.compile(r"[0-9A-Fa-fx]+")
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Order:
    """How changed_at orders rows.

    meaning  what whole numbers mean, as found
    shapes   the spellings that all rows had; None where the type alone orders
    fault    why the order is not time's (Chinese); "" where it is proved
    """

    meaning: IntegerMeaning
    shapes: frozenset[str] | None = None
    fault: str = ""

    def holds_for(self, values: pl.Series) -> bool:
        """No value of a page is written otherwise than those that the order was proved for."""
        if self.shapes is None:
            return True
        found = values.drop_nulls().cast(pl.String).str.replace_all("[0-9]", "0").str.strip_chars().unique()
        return self.shapes.issuperset(found.to_list())


def order_of(driver: Driver, plan: ReadPlan, columns: Sequence[Column], meaning: IntegerMeaning) -> Order:
    """Asks the database over all rows of the query; cheap where the type orders by itself."""
    if plan.changed_at is None:
        return Order(meaning)
    column = next(one for one in columns if one.name == plan.changed_at)
    if isinstance(column.dtype, TEMPORAL) or column.orders_itself:
        return Order(meaning)
    q = paging.wrapped(plan.query, [one.name for one in columns])
    at = q.c[plan.changed_at]
    if not column.dtype.is_integer():
        counts = _shapes(driver, at)
        return Order(meaning, frozenset(counts), _fault_of_texts(counts))
    ((low, high),) = driver.rows(select(func.min(at), func.max(at)))
    if not (_is_whole(low) and _is_whole(high)):
        return Order(meaning, frozenset(), "整数与文本混在一起，先后不是时间的先后")
    if high is None or meaning.time != "sequence" or len(str(int(high))) not in COMPACT_DIGITS:
        return Order(meaning)
    return _order_of_compact(_shapes(driver, at), int(high), meaning)


def _is_whole(value: object) -> bool:
    return value is None or isinstance(value, int) or re.fullmatch(r"-?[0-9]+", str(value)) is not None


def _shapes(driver: Driver, at: ColumnElement[object]) -> dict[str, int]:
    """Spelling (every digit a 0) -> rows."""
    shape: ColumnElement[str] = cast(at, String(_LENGTH_MAX))
    for digit in "123456789":
        shape = func.replace(shape, digit, "0")
    inner = select(shape.label("shape")).where(at.is_not(None)).subquery("s")
    counted = select(inner.c.shape, func.count()).group_by(inner.c.shape)
    found: dict[str, int] = {}
    for text, rows in driver.rows(counted):
        name = str(text).strip()
        found[name] = found.get(name, 0) + int(rows)
    return found


def _fault_of_texts(counts: dict[str, int]) -> str:
    families = [_FAMILY.fullmatch(shape) for shape in counts]
    if all(families):
        parts = [found.groupdict() for found in families if found]
        for name in ("date", "between", "clock", "point", "zone"):
            if len({part[name] for part in parts if part[name] is not None}) > 1:
                return f"写法不一（{_shown(counts)}），按文本排的先后不是时间的先后"
        zones = {part["zone"] for part in parts}
        return f"时区写法不一（{_shown(counts)}）" if len(zones) > 1 else ""
    if len({len(shape) for shape in counts}) == 1 and all(_SEQUENCE.fullmatch(shape) for shape in counts):
        return ""
    return f"写法（{_shown(counts)}）不能按文本排出时间的先后"


def _shown(counts: dict[str, int]) -> str:
    """The spellings without any value: digits are zeros, letters and words are left out."""
    most = sorted(counts, key=lambda shape: -counts[shape])[:_SHOWN_MAX]
    return "、".join(f"{re.sub(r'[^-0/:.,TZ+ ]', '?', shape)} {counts[shape]} 行" for shape in most)


def _order_of_compact(counts: dict[str, int], high: int, meaning: IntegerMeaning) -> Order:
    """Whole numbers as long as 20260115082941: times, when the years of their first digits say so."""
    compact = replace(meaning, time="compact")
    digits = len(str(high))
    told = moment(high, "compact")
    if told is None or (digits == min(COMPACT_DIGITS) and told.year not in _YEARS):
        return Order(meaning)
    # 0 and other short numbers stand for "no time": they come first, as 0000-00-00 does.
    lengths = {len(shape): rows for shape, rows in counts.items() if len(shape) in COMPACT_DIGITS}
    if len(lengths) > 1:
        return Order(meaning, frozenset(counts), f"整数的位数不一（{_shown(counts)}），大小不是时间的先后")
    return Order(compact, frozenset(counts))


def no_key_notice(plan: ReadPlan, rows: int, rows_max: int) -> str:
    """What is said of rows without a whole key. rows: found, at most one more than are read."""
    left = f"，只取前 {rows_max} 行，其余未读" if rows > rows_max else ""
    return (
        f"有 {min(rows, rows_max)} 行的 key（{'、'.join(plan.key)}）为空{left}：没有 key 的行分不出是谁，"
        "在源系统补上，或在查询里换能唯一确定一行的列"
    )
