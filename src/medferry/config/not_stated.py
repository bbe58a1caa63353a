"""When a constant stands for a value, and when it stands in the place of a missing one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medferry.catalog.model import Catalog, Field, KeyKind
from medferry.config.complaint import Complaints, Place
from medferry.mapping.model import nearest

_NOT_STATED = re.compile(r"(?:未说明|未知|不详|未提及)(?:的.{1,8})?")
_PLACEHOLDERS = frozenset(
    {"-", "--", "—", "——", "－", "/", "\\", "无", "空", "未知", "不详", "未说明", "未提及",
     "null", "NULL", "N/A", "NA", "0000", "9999", "19000101", "1900-01-01", "99991231",
     "9999-12-31", "00000000", "0000-00-00"}
)  # fmt: skip


def is_not_stated(field: Field, catalog: Catalog, code: str) -> bool:
    """The code is one by which the field's own value set says "not stated": 未说明、未知、不详、未提及."""
    return code in not_stated_codes(field, catalog)


def not_stated_codes(field: Field, catalog: Catalog) -> Mapping[str, str]:
    """Code -> name of all "not stated" codes of the field's value set."""
    if field.value_set is None:
        return {}
    names = catalog.value_set(field.value_set).names
    return {code: name for code, name in names.items() if _NOT_STATED.fullmatch(name)}


def check_constant(
    field: Field, catalog: Catalog, value: str, *, because: str | None, place: Place, complaints: Complaints
) -> None:
    """Complains of a constant that hides a missing value, or whose reason is missing."""
    label = f"{field.name}（{field.name_zh}）"
    if is_not_stated(field, catalog, value):
        return
    if field.key is not None and field.key.kind is not KeyKind.DIRECTORY:
        complaints.error(place, f"{label}是主键或外键，不能用常量", fix="映射真正的标识列")
    elif field.type in ("date", "datetime"):
        complaints.error(
            place,
            f"{label}是日期时间，常量只会冒充缺失值",
            fix="映射真正的列；没有来源时留空或写入 waivers.yaml",
        )
    elif value in _PLACEHOLDERS:
        complaints.error(
            place,
            f"{label}的常量冒充缺失值",
            expected=_expected(field, catalog),
            fix="没有来源时留空，必填项写入 waivers.yaml",
        )
    elif not because:
        complaints.error(
            place,
            f"{label}的常量没有写理由",
            fix="写 {constant: 值, because: 为什么对每一行都成立}；缺失值不要用常量顶替",
        )
    elif field.value_set is not None:
        value_set = catalog.value_set(field.value_set)
        if not value_set.is_open and value not in value_set.valid:
            near = nearest(value, value_set.codes) or ""
            complaints.error(
                place, f"{label}的常量 {value} 不在值域 {value_set.id} {value_set.title_zh} 中", near=near
            )


def check_default(field: Field, catalog: Catalog, code: str, place: Place, complaints: Complaints) -> None:
    """`default` is for "not stated" codes only."""
    if is_not_stated(field, catalog, code):
        return
    complaints.error(
        place,
        f"{field.name}（{field.name_zh}）的 default 不是“未说明”类标准代码",
        expected=_expected(field, catalog),
        fix="删去 default，让缺失值由校验发现",
    )


def _expected(field: Field, catalog: Catalog) -> str:
    codes = not_stated_codes(field, catalog)
    return "、".join(f"{code} {name}" for code, name in codes.items()) or "该字段的值域没有“未说明”类代码"
