"""What a field's own words say of its values: several in one field, codes with their names."""

from __future__ import annotations

import re

MANY = "，,、;；"
"""What parts several values, whichever the words name: hospitals write all of them."""

_MANY_SAID = re.compile(
    "多[值个项部位]{1,2}[^，;；]{0,4}用?(逗号|分号|顿号|分隔符)|用(逗号|分号|顿号)(分隔|隔开)"
)
_START = "(?:^|[ 、，,;；:：])"
_CODE_AND_NAME = re.compile(
    f"{_START}([0-9]{{1,3}}) ?(?![0-9个位岁分月天次年小时条类])([\u4e00-\u9fff][^0-9 、，,;；。:：]*)"
)
_GRADES = re.compile("[A-Z]* ?([0-9])[-–]([0-9]) ?级")
_NAMED_MIN = 2  # one number before a word is no list


def parted_by(description_zh: str) -> str:
    """Signs that part the values of a field, as its words say; empty where it holds one."""
    return MANY if _MANY_SAID.search(description_zh) else ""


def codes_said(description_zh: str) -> dict[str, str]:
    """Code -> name where the words list them: 1 合格 2 不合格; a range of grades has no names."""
    grades = _GRADES.fullmatch(description_zh.strip())
    if grades:
        return {str(code): "" for code in range(int(grades[1]), int(grades[2]) + 1)}
    found = dict(_CODE_AND_NAME.findall(description_zh))
    return found if len(found) >= _NAMED_MIN else {}
