"""WS formats (WS/T 363: 数据元值的表示格式) from text."""

from __future__ import annotations

import re
from functools import lru_cache

from medferry.catalog.model import Format, FormatKind

KNOWN_ZH = "AN..50、AN18、A..20、N1、N..3、N..10,2、D8、T6、DT15、L、text"

_SIZED = re.compile(r"(AN|A|N)(\.\.)?([1-9][0-9]*)(?:,([0-9]+))?")
_FIXED = {
    "D8": Format("D8", FormatKind.DATE, 8, 8),
    "T6": Format("T6", FormatKind.TIME, 6, 6),
    "DT15": Format("DT15", FormatKind.DATETIME, 15, 15),
    "L": Format("L", FormatKind.LOGICAL, 1, 1),
    "text": Format("text", FormatKind.TEXT, 0, None),
}


@lru_cache(maxsize=512)
def parse_format(text: str) -> Format:
    """A format taken apart; raises ValueError (Chinese text) for a notation that is not known."""
    if text in _FIXED:
        return _FIXED[text]
    found = _SIZED.fullmatch(text)
    if not found:
        raise ValueError(f"格式 {text!r} 无法识别，认得的写法有 {KNOWN_ZH}")
    kind, up_to, length_text, scale_text = found.groups()
    length, scale = int(length_text), int(scale_text or 0)
    if scale_text is not None and (kind != "N" or not 0 < scale < length):
        raise ValueError(f"格式 {text!r} 的小数位不成立：只有 N 可带小数位，且须小于总位数")
    return Format(text, FormatKind(kind), 0 if up_to else length, length, scale)


def fits(code: str, into: Format) -> bool:
    """Length within the format and, for numeric formats, digits only."""
    longest = into.length_max
    if len(code) < into.length_min or (longest is not None and len(code) > longest):
        return False
    return into.kind is not FormatKind.NUMBER or re.fullmatch("[0-9]+", code) is not None
