"""format: the text is written as its WS/T 363 format says."""

from __future__ import annotations

import polars as pl

from medferry.catalog.model import Field, FormatKind
from medferry.checks.registry import field_check

_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"  # 0001 to 9999: there is no year 0
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DATE = (
    f"(?:{_YEAR}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    f"|02(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP_YEAR}0229)"
)
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
_INTEGER = "-?(?:0|[1-9][0-9]*)"

DATETIME_PATTERN = f"^{_DATE}T{_TIME}$"
DATE_OR_DATETIME_PATTERN = f"^{_DATE}(?:T{_TIME})?$"
DIGITS_PATTERN = "^[0-9]+$"


_SHAPES = {
    FormatKind.DATE: f"^{_DATE}$",
    FormatKind.TIME: f"^{_TIME}$",
    FormatKind.DATETIME: DATETIME_PATTERN,
    FormatKind.LOGICAL: "^[TF]$",
}


def pattern_of(field: Field) -> str | None:
    """The regular expression that values of the field follow; None where any characters are fine."""
    if field.format.kind is not FormatKind.NUMBER:
        return _SHAPES.get(field.format.kind)
    if not is_number(field):
        return DIGITS_PATTERN
    point = f"(?:\\.[0-9]{{1,{field.format.scale}}})?" if field.format.scale else ""
    return f"^{_INTEGER}{point}$"


def number_that_fits(field: Field) -> str:
    """The regular expression of numbers of the field that keep to its digits: `pattern_of` and `range` in one."""
    most, scale = field.format.length_max, field.format.scale
    assert most is not None
    whole = (f"(?:0|[1-9][0-9]{{0,{most - behind - 1}}})" for behind in range(scale + 1))
    parts = (one + (f"\\.[0-9]{{{behind}}}" if behind else "") for behind, one in enumerate(whole))
    return f"^-?(?:{'|'.join(parts)})$"


def is_number(field: Field) -> bool:
    """N of a decimal or integer is a number, of a string or code it is digits."""
    return field.format.kind is FormatKind.NUMBER and field.type in {"decimal", "integer"}


@field_check("format", code="3002")
def matches_format(value: pl.Expr, pattern: str) -> pl.Expr:
    """写法符合 WS/T 363 表示格式，日期和时间真实存在。

    D8 为 YYYYMMDD，DT15 为 YYYYMMDDThhmmss，T6 为 hhmmss（000000 至 235959），L 为 T 或 F；
    日期按公历真实存在（含闰年），年份 0001 至 9999，年份是否合理由规则判断；
    N（文本、代码）只含半角数字；N（数值）可带负号，无前导零、无正号、无千分位、无指数，小数位不超过格式所定。
    长度另查（length），数值总位数另查（range）。AN 与 text 可为任意字符。

    value    text column
    pattern  see `pattern_of`
    returns  Boolean per row, null where nothing is there
    source   WS/T 363
    """
    return value.str.contains(pattern)
