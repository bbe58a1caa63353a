"""How a source writes a standard value: one small function each, `value, *arguments -> what the column holds`.

A cell names its encoder behind a colon: `brxx.xb:code(xb)`. An encoder refuses a value it cannot write without loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

Stored = str | int | bytes | None


class CannotEncode(ValueError):
    """A value that this source could not hold without loss: a mistake in a recipe."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """`kind` is the column's type: text, int or blob."""

    name: str
    kind: str
    write: Callable[..., Stored]


ENCODERS: dict[str, Encoder] = {}


def encoder(kind: str) -> Callable[[Callable[..., Stored]], Callable[..., Stored]]:
    """Registers a function under its name, trailing underscore dropped."""

    def register(function: Callable[..., Stored]) -> Callable[..., Stored]:
        name = function.__name__.rstrip("_")
        ENCODERS[name] = Encoder(name, kind, function)
        return function

    return register


def _need(condition: bool, value: str, what: str) -> None:
    if not condition:
        raise CannotEncode(f"{what}: a text of {len(value)} characters does not fit")


@encoder("text")
def text(value: str) -> str:
    """As it is; the default."""
    return value


@encoder("int")
def int_(value: str) -> int:
    """A whole number without leading zeros."""
    _need(value == str(int(value)), value, "int")
    return int(value)


@encoder("blob")
def gbk(value: str) -> bytes:
    """GBK bytes; what GBK lacks goes as four GB18030 bytes, as old clients do."""
    return value.encode("gb18030")


@encoder("text")
def char(value: str, width: str) -> str:
    """Padded with blanks on the right, as CHAR(n) columns come."""
    return value.ljust(int(width))


@encoder("text")
def dt(value: str) -> str:
    """20260115T081000 -> 2026-01-15 08:10:00"""
    _need(len(value) == 15, value, "dt")
    return f"{value[:4]}-{value[4:6]}-{value[6:8]} {value[9:11]}:{value[11:13]}:{value[13:]}"


@encoder("text")
def dt14(value: str) -> str:
    """20260115T081000 -> 20260115081000"""
    _need(len(value) == 15, value, "dt14")
    return value[:8] + value[9:]


@encoder("text")
def dt12(value: str) -> str:
    """20260115T081000 -> 202601150810; whole minutes only."""
    _need(len(value) == 15 and value.endswith("00"), value, "dt12 (whole minutes)")
    return value[:8] + value[9:13]


@encoder("text")
def dtslash(value: str) -> str:
    """20260115T081000 -> 2026/01/15 08:10:00"""
    return str(dt(value)).replace("-", "/")


@encoder("text")
def date(value: str) -> str:
    """20260115 or a DT15 -> 2026-01-15 (its day)"""
    _need(len(value) in (8, 15), value, "date")
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}"


@encoder("text")
def dslash(value: str) -> str:
    """20260115 -> 2026/01/15"""
    return str(date(value)).replace("-", "/")


@encoder("text")
def dcn(value: str) -> str:
    """20260115 -> 2026年01月15日"""
    return f"{value[:4]}年{value[4:6]}月{value[6:8]}日"


@encoder("text")
def hms(value: str) -> str:
    """T6 or the time of a DT15 -> 08:10:00"""
    clock = value[-6:]
    return f"{clock[:2]}:{clock[2:4]}:{clock[4:]}"


@encoder("text")
def hm(value: str) -> str:
    """T6 or the time of a DT15 -> 08:10; whole minutes only."""
    _need(value.endswith("00"), value, "hm (whole minutes)")
    return str(hms(value))[:5]


def _flag(value: str, yes: str, no: str) -> str:
    if value not in ("T", "F"):
        raise CannotEncode("a flag is T or F")
    return yes if value == "T" else no


@encoder("int")
def bit(value: str) -> int:
    """T -> 1, F -> 0"""
    return int(_flag(value, "1", "0"))


@encoder("text")
def yn(value: str) -> str:
    """T -> Y, F -> N"""
    return _flag(value, "Y", "N")


@encoder("text")
def cnflag(value: str) -> str:
    """T -> 是, F -> 否"""
    return _flag(value, "是", "否")


@encoder("int")
def scaled(value: str, factor: str) -> int:
    """A decimal as a whole number of its parts: 12.50 with 100 -> 1250"""
    parts = Decimal(value) * int(factor)
    if parts != int(parts):
        raise CannotEncode(f"scaled({factor}) would lose digits")
    return int(parts)


@encoder("int")
def cents(value: str) -> int:
    """12.50 -> 1250"""
    return int(scaled(value, "100") or 0)


@encoder("text")
def bare(value: str) -> str:
    """A decimal without its trailing zeros: 12.50 -> 12.5, 3.00 -> 3"""
    return format(Decimal(value).normalize(), "f")


@encoder("text")
def affix(value: str, before: str, after: str = "") -> str:
    """Text before and behind: affix(,cm): 170 -> 170cm; affix(NO.): 12 -> NO.12"""
    return before + value + after


@encoder("text")
def zfill(value: str, width: str) -> str:
    """Zeros in front, up to the width."""
    return value.zfill(int(width))


@encoder("text")
def cut(value: str, start: str, stop: str = "") -> str:
    """A slice of the value, when a source splits it over columns: cut(0,6)"""
    return value[int(start) : int(stop) if stop else None]


@encoder("text")
def semicolons(value: str) -> str:
    """Commas of a list as semicolons."""
    return value.replace(",", ";")
