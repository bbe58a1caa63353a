"""What books write for types, formats, requiredness and keys, brought into the catalog's notation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from medferry.books.words import words
from medferry.catalog.formats import parse_format
from medferry.catalog.model import Field, FormatKind

TYPES_ZH = "字符型、数值型、整数、日期、日期时间、布尔、代码、VARCHAR2(50)、NUMBER(10,2)、AN..50、N..10,2、D8、DT15、L"
REQUIRED_ZH = "必填/应填/可选、是/否、Y/N、M/C/O、R/C/O、1/0、√、1..1/0..1"

_SIZED = re.compile(r"([^(（]*?)\s*\(\s*([0-9]+)\s*(?:char|byte|字符|位|字节)?\s*(?:,\s*(-?[0-9]+)\s*)?\)")
_BARE_SIZED = re.compile(
    r"(字符型?|字符串型?|数值型?|数字型?|(?:n?varchar2?|n?char|number|numeric|decimal)(?=\s))\s*([0-9]+)(?:,([0-9]+))?"
)
_WS = re.compile(r"(an|a|n)(\.\.)?([0-9]+)(?:(\.\.)([0-9]+))?(?:,([0-9]+))?")
_LENGTH = re.compile(r"\(?([0-9]+)\s*(?:[,.]\s*([0-9]+))?\s*(?:\(?(?:位|个?字符|字节|bytes?|chars?)\)?)?\)?")
_POINTER = re.compile(r"(?i)(fk|ref)\s*:\s*([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
_FIXED_FORMATS = {
    "d8": "D8", "d10": "D8", "d": "D8", "dt15": "DT15", "dt14": "DT15", "dt19": "DT15", "dt": "DT15", "t6": "T6",
    "t8": "T6", "l": "L", "t/f": "L", "text": "text", "json": "text",
}  # fmt: skip
_TIMES = ("D8", "DT15", "T6", "L")
_OWN_TYPES = {
    "string": {FormatKind.ALNUM, FormatKind.ALPHA, FormatKind.NUMBER},
    "code": {FormatKind.ALNUM, FormatKind.ALPHA, FormatKind.NUMBER},
    "text": {FormatKind.ALNUM},
    "integer": {FormatKind.NUMBER},
}
"""The catalog's own types that a format leaves open, and the formats they go with."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A field's type and WS format, and how they were understood when that is worth saying."""

    type: str
    format: str
    note: str = ""


_TAIL = re.compile(
    r"\s+(?:not\s+null|null|primary\s+key|unique|default\b.*|comment\b.*|auto_increment|unsigned)\s*$"
)
"""What a line of SQL says after the type."""


class NotUnderstood(ValueError):
    """A notation nobody here knows; the text (Chinese) says what and what is known. about_length: it is the length's
    cell that says too little."""

    def __init__(self, text: str, *, about_length: bool = False) -> None:
        self.about_length = about_length
        super().__init__(text)


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def says(text: str) -> bool:
    """More than a dash in an empty cell."""
    return text not in ("", "-", "—", "/", "无", "--", "——")


def shape_of(
    type_text: str,
    format_text: str,
    length_text: str,
    scale_text: str,
    *,
    is_coded: bool,
    before: Field | None,
) -> Shape:
    """Type and format of a field from its cells; raises NotUnderstood.

    is_coded  the field has a value set
    before    the same field of the edition below: settles what a book leaves open, e.g. whether DATE has a time
    """
    type_text, picture = _bare_type(type_text)
    word = _word_of(type_text)
    format_text = format_text if says(format_text) else picture
    if says(format_text):
        found = _format(half_width(format_text).lower().replace(" ", ""))
        if not found:
            raise NotUnderstood(f"表示格式“{format_text}”无法识别，认得的写法有 {TYPES_ZH}")
        return Shape(_type(found, word, is_coded=is_coded, before=before), found)
    if not says(type_text) and not says(length_text):
        raise NotUnderstood("数据类型与表示格式都是空的")
    found, note = _from_type(type_text, word, length_text, scale_text, before)
    return Shape(_type(found, word, is_coded=is_coded, before=before), found, note)


def _bare_type(text: str) -> tuple[str, str]:
    """VARCHAR2(22) NOT NULL -> VARCHAR2(22); date(yyyymmdd) -> date and its picture, where that is known."""
    if re.fullmatch(r"(?i)n?varchar2?\s*\(max\)", half_width(text)):
        return "text", ""
    text = re.sub("\\([\u3400-\u9fff]+\\)$", "", half_width(text)).strip()
    while (shorter := _TAIL.sub("", half_width(text).lower())) != half_width(text).lower():
        text = half_width(text)[: len(shorter)]
    found = re.fullmatch(r"([^(]*)\(([^()]+)\)", half_width(text))
    pictured = found is not None and found[2].lower().replace(" ", "") in words().pictures
    return (found[1], found[2]) if found and pictured else (text, "")


def _word_of(type_text: str) -> str:
    text = half_width(type_text).lower()
    sized = _SIZED.fullmatch(text) or _BARE_SIZED.fullmatch(text)
    return re.sub(r"[\s_]", "", sized[1] if sized else text)


def _format(text: str) -> str:
    """A WS notation from one written more or less so; "" when it is none."""
    fixed = words().pictures.get(text) or _FIXED_FORMATS.get(text)
    if fixed:
        return fixed
    found = _WS.fullmatch(text.replace("...", "..").replace("…", ".."))
    if not found:
        return ""
    kind, dots, first, between, second, scale = found.groups()
    length = second if between else first
    up_to = ".." if dots or between or int(scale or 0) else ""
    decimals = f",{int(scale)}" if int(scale or 0) else ""
    written = f"{kind.upper()}{up_to}{int(length)}{decimals}"
    try:
        return parse_format(written).text
    except ValueError:
        return ""


def _from_type(
    type_text: str, word: str, length_text: str, scale_text: str, before: Field | None
) -> tuple[str, str]:
    """A format from a type's name and a length, and a note."""
    written = _format(half_width(type_text).lower().replace(" ", ""))
    is_word = any(word in listed for listed in words().types.values())
    if written and (written not in _TIMES or not is_word):
        return written, ""
    length, scale = _size(type_text, length_text, scale_text)
    if word in words().integers:
        digits = length or words().integers[word]
        return f"N..{digits}", "" if length else f"整数未写长度，按 {digits} 位"
    readers: dict[str, Callable[[], tuple[str, str]]] = {
        "date": lambda: _dated(type_text, length, before),
        "datetime": lambda: ("DT15", ""),
        "time": lambda: _timed(before),
        "logical": lambda: ("L", ""),
        "long": lambda: (f"AN..{length}" if length else "text", ""),
        "decimal": lambda: (f"N..{length},{scale}" if scale else f"N..{length}", ""),
        "fixed": lambda: (f"AN{length}", ""),
        "text": lambda: (f"AN..{length}", ""),
        "code": lambda: (f"AN..{length}", ""),
    }
    kind = next((kind for kind in readers if word in words().types[kind]), None)
    if kind is None:
        raise NotUnderstood(
            f"数据类型“{type_text}”无法识别，认得的写法有 {TYPES_ZH}" if word else "只有长度，没有数据类型"
        )
    if kind in ("decimal", "fixed", "text", "code") and not length:
        raise NotUnderstood(f"数据类型“{type_text}”没有写长度", about_length=True)
    if scale >= length > 0:
        raise NotUnderstood(f"小数位 {scale} 不小于总位数 {length}", about_length=True)
    return readers[kind]()


def _dated(type_text: str, length: int, before: Field | None) -> tuple[str, str]:
    if length in (14, 15, 19):
        return "DT15", ""
    if length not in (8, 10) and before and before.format.kind is FormatKind.DATETIME:
        # Oracle's DATE holds a time: the word alone does not say that the time is gone.
        return "DT15", f"“{type_text}”可指日期或日期时间，沿用 DT15"
    return "D8", ""


def _timed(before: Field | None) -> tuple[str, str]:
    if before and before.format.kind is FormatKind.DATETIME:
        return "DT15", "“时间”沿用日期时间 DT15"
    return "T6", ""


def _size(type_text: str, length_text: str, scale_text: str) -> tuple[int, int]:
    """Length and digits after the point; 0 where nothing is written."""
    text = half_width(type_text).lower()
    inside = _SIZED.fullmatch(text) or _BARE_SIZED.fullmatch(text)
    if inside:
        return int(inside[2]), max(int(inside[3] or 0), 0)
    length, scale = half_width(length_text), half_width(scale_text)
    if not says(length):
        return 0, 0
    found = _LENGTH.fullmatch(length.replace("≤", "").replace("..", ""))
    if not found:
        raise NotUnderstood(f"长度“{length_text}”不是数", about_length=True)
    if says(scale) and not re.fullmatch("[0-9]+", scale):
        raise NotUnderstood(f"小数位“{scale_text}”不是数", about_length=True)
    if not int(found[1]):
        raise NotUnderstood(f"长度“{length_text}”不是大于 0 的数", about_length=True)
    return int(found[1]), int(found[2] or (scale if says(scale) else 0))


def _type(format_text: str, word: str, *, is_coded: bool, before: Field | None) -> str:
    parsed = parse_format(format_text)
    by_format = {
        FormatKind.DATE: "date", FormatKind.DATETIME: "datetime", FormatKind.TIME: "string",
        FormatKind.LOGICAL: "boolean", FormatKind.TEXT: "text",
    }  # fmt: skip
    if parsed.kind in by_format:
        return by_format[parsed.kind]
    if parsed.scale:
        return "decimal"
    if parsed.kind in _OWN_TYPES.get(word, ()):
        return word
    if is_coded or word in words().types["code"]:
        return "code"
    if before and parsed.kind in _OWN_TYPES.get(before.type, ()):
        return before.type
    return "integer" if parsed.kind is FormatKind.NUMBER else "string"


def required_of(text: str) -> str:
    """R, C or O; "" for an empty cell; raises NotUnderstood."""
    word = re.sub(r"[\s_]|[。.]+$", "", half_width(text).lower())
    if not says(word):
        return ""
    bare = re.sub(r"\([^)]*\)$", "", word) or word
    for letter, listed in words().required.items():
        if word in listed or bare in listed:
            return letter
    raise NotUnderstood(f"必填性“{text}”无法识别，认得的写法有 {REQUIRED_ZH}")


def required_of_nullable(text: str) -> str:
    """The same from a column that says whether a field may be empty."""
    word = re.sub(r"[\s_]", "", half_width(text).lower())
    if word in ("非空", "notnull", "不可空", "不允许"):
        return "R"
    if word in ("可空", "null", "允许"):
        return "O"
    said = required_of(text)
    return {"R": "O", "O": "R"}.get(said, said)


def key_of(text: str) -> str:
    """PK, FK:table.column, REF:table.column, FK (target not said), or ""; raises NotUnderstood."""
    word = half_width(text)
    pointer = _POINTER.fullmatch(word)
    if pointer:
        return f"{pointer[1].upper()}:{pointer[2].lower()}.{pointer[3].lower()}"
    low = word.lower().replace(" ", "")
    for key, listed in words().keys.items():
        if low in listed:
            return "" if key == "none" else key
    if low:
        raise NotUnderstood(f"键“{text}”无法识别，应为 PK、FK:表.字段、REF:表.字段、主键 或空")
    return ""
