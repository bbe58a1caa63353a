"""Texts that were spoiled on their way, and numbers that nothing can measure: the platform's own signs of both."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.texts import is_above
from medferry_sandbox.platform.standard import FieldWords

_OF_SPREADSHEETS: Final = re.compile(r"[0-9]+(\.[0-9]+)?[eE]\+[0-9]{1,3}")
_IDENTIFIES: Final = re.compile("(号|号码|编号|电话|编码|代码|标识|ID|手机)$")
_LEFT_BEHIND: Final = ("锟斤拷", "烫烫烫", "屯屯屯")
_GBK_OF_UTF8: Final = re.compile("[锛銆鈥][^A-Za-z0-9]")
_LATIN_OF_UTF8: Final = re.compile("([ÃÂâåæçèéä][\u0080-\u00ff\u0152-\u0178\u2010-\u2122]{1,2}){2}")

_LATIN_OF_GBK: Final = re.compile("[¡-þ]{4}")
"""Two Chinese characters, byte by byte: no language of the west writes four such letters in a row."""


def is_spoiled(text: str, field: FieldWords) -> bool:
    """Whether what was written can no longer be read: a number that a spreadsheet rounded, characters that a conversion
    replaced or mistook. A question mark in prose is a doubt; in a name it is a lost character.
    """
    marks = text.count("?") + text.count("？")
    if marks > 1 and marks == len("".join(text.split())):
        return True
    if field.key or _IDENTIFIES.search(field.name_zh):
        if _OF_SPREADSHEETS.fullmatch(text):
            return True
    elif field.name_zh.endswith("姓名") and marks and len(text) > 1:
        return True
    return _is_mojibake(text)


def _is_mojibake(text: str) -> bool:
    if text.isascii():
        return False
    if any(left in text for left in _LEFT_BEHIND):
        return True
    return any(sign.search(text) for sign in (_GBK_OF_UTF8, _LATIN_OF_UTF8, _LATIN_OF_GBK))


def is_off_scale(text: str, least: str, most: str) -> bool:
    """Whether a number is below the least or above the most that it can be; empty ends are none."""
    return is_above(least or text, text) or is_above(text, most or text)
