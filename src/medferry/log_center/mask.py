"""What may be shown of a value: its shape."""

from __future__ import annotations

import re

_SHAPE_MAX = 24
_DIGIT = re.compile(r"[0-9０-９]")
_LATIN = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")
_MARK = re.compile(r"[-_.:/+ ()（）T]")


def shape(value: str) -> str:
    """The value's shape: digits as 9, Latin letters as A, punctuation as it is, any other character as 字.

    Enough to see a wrong length, a wrong pattern or full-width digits (９); nothing of the value is left.
    """
    shown = "".join(_shape_of(character) for character in value[:_SHAPE_MAX])
    return shown if len(value) <= _SHAPE_MAX else f"{shown}…（共 {len(value)} 字）"


def _shape_of(character: str) -> str:
    if _DIGIT.fullmatch(character):
        return "9" if character.isascii() else "９"
    if _LATIN.fullmatch(character):
        return "A" if character.isascii() else "Ａ"
    return character if _MARK.fullmatch(character) else "字"
