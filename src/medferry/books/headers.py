"""Which column of a book says what: names that books use for their columns, and rows that are headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from medferry.books.sheets import Row
from medferry.books.words import ON_CHANGE, words

NAME_LENGTH_MAX = 24  # characters of a column's name; longer texts are data


class Role(StrEnum):
    """What a column of a book says; the value is how the report calls it."""

    SEQ = "序号"
    TABLE = "表名"
    TABLE_ZH = "中文表名"
    DATASET_CODE = "数据集编码"
    DATASET_ZH = "数据集名称"
    CATEGORY = "类别"
    GROUP = "时限组"
    TIER = "层级"
    NAME = "字段名"
    NAME_ZH = "中文名"
    WIRE = "平台字段名"
    ELEMENT = "数据元标识符"
    TYPE = "数据类型"
    FORMAT = "表示格式"
    LENGTH = "长度"
    SCALE = "小数位"
    REQUIRED = "必填"
    NULLABLE = "可空"
    KEY = "键"
    VALUES = "值域"
    DESCRIPTION = "说明"
    SOURCE = "来源"
    CONFIDENCE = "可信度"
    SET_ID = "值域编号"
    SET_TITLE = "值域名称"
    SET_STANDARD = "值域标准"
    SET_ENTRIES = "代码数"
    SET_COMPLETE = "是否齐全"
    CODE = "代码"
    CODE_NAME = "代码名称"
    CODE_NOTE = "代码备注"
    INSURANCE_CODE = "医保代码"
    INSURANCE_NAME = "医保名称"
    IGNORED = "不采用"


FIELD_ROLES = frozenset(
    {Role.SEQ, Role.TABLE, Role.TABLE_ZH, Role.DATASET_CODE, Role.DATASET_ZH, Role.CATEGORY, Role.NAME, Role.NAME_ZH,
     Role.WIRE, Role.ELEMENT, Role.TYPE, Role.FORMAT, Role.LENGTH, Role.SCALE, Role.REQUIRED, Role.NULLABLE, Role.KEY,
     Role.VALUES, Role.DESCRIPTION, Role.SOURCE, Role.CONFIDENCE, Role.IGNORED}
)  # fmt: skip
_SET_ROLES = frozenset(
    {Role.SEQ, Role.SET_ID, Role.SET_TITLE, Role.CODE, Role.CODE_NAME, Role.CODE_NOTE, Role.INSURANCE_CODE,
     Role.INSURANCE_NAME, Role.IGNORED}
)  # fmt: skip
_INDEX_ROLES = frozenset(
    {Role.SEQ, Role.SET_ID, Role.SET_TITLE, Role.SET_STANDARD, Role.SET_ENTRIES, Role.SET_COMPLETE, Role.SOURCE,
     Role.IGNORED}
)  # fmt: skip
_LIST_ROLES = frozenset(
    {Role.SEQ, Role.TABLE, Role.TABLE_ZH, Role.DATASET_CODE, Role.DATASET_ZH, Role.CATEGORY, Role.GROUP, Role.TIER,
     Role.DESCRIPTION, Role.IGNORED}
)  # fmt: skip
_EVERY_ROLE = frozenset(Role)
_SHAPE = frozenset(
    {Role.TYPE, Role.FORMAT, Role.LENGTH, Role.REQUIRED, Role.NULLABLE, Role.VALUES, Role.ELEMENT}
)
_MANY = frozenset({Role.DESCRIPTION, Role.IGNORED, Role.CODE_NOTE})
"""Roles that several columns of a table may have."""


class Kind(StrEnum):
    FIELDS = "字段表"
    TABLES = "表清单"
    CODES = "代码表"
    SETS = "值域清单"


@dataclass(frozen=True, slots=True)
class Header:
    """A header found.

    rows     positions in the sheet's rows of its first and last line
    columns  role -> columns, left to right
    unknown  column -> text, for columns whose name says nothing to us
    """

    kind: Kind
    first: int
    last: int
    columns: Mapping[Role, tuple[int, ...]]
    unknown: Mapping[int, str]

    def at(self, role: Role) -> int | None:
        found = self.columns.get(role)
        return found[0] if found else None

    def has(self, *roles: Role) -> bool:
        return any(role in self.columns for role in roles)


def without(header: Header, role: Role) -> Header:
    """The header as if the column were not there."""
    return replace(header, columns={one: places for one, places in header.columns.items() if one is not role})


def plain(text: str) -> str:
    """A column's name without blanks, stars, colons; half-width, lower case."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s*:：_、。.\-]|\(注[^)]*\)", "", text)


@cache
def _by_alias() -> Mapping[str, tuple[Role, ...]]:
    """Plain name of a column -> roles it may have, in the order of `Role`."""
    found: dict[str, tuple[Role, ...]] = {}
    for role in Role:
        for alias in dict.fromkeys(map(plain, words().headers[role.name.lower()])):
            found[alias] = (*found.get(alias, ()), role)
    return found


_IN_BRACKETS = re.compile(r"\([^)]*\)")
_NO_CHINESE = re.compile("[^\u3400-\u9fff]+")
_NO_LETTER = re.compile("[^a-z]+")


@lru_cache(maxsize=16_384)
def roles_of(text: str, allowed: frozenset[Role]) -> tuple[Role, ...]:
    """Roles that a column of this name may have, most likely first."""
    return tuple(role for role in _roles(plain(text)) if role in allowed)


def _roles(key: str) -> tuple[Role, ...]:
    """Of a plain name; else of it without what stands in brackets (数据类型(必填)), else of its Chinese or its English
    half (序号No, 字段名/Field)."""
    known = _by_alias()
    if found := known.get(key):
        return found
    if "(" in key and (found := known.get(_IN_BRACKETS.sub("", key))):
        return found
    if key.isascii():
        return known.get(_NO_LETTER.sub("", key), ())
    chinese = _NO_CHINESE.sub("", key)
    if found := known.get(chinese):
        return found
    return () if chinese == key else known.get(_NO_LETTER.sub("", key), ())


ON_CHANGE += [_by_alias.cache_clear, roles_of.cache_clear]


def find_headers(rows: Sequence[Row], told: int | None = None) -> list[Header]:
    """Every header of a sheet, from the top. told: number of the row that is one, as a person says, and the only one"""
    found: list[Header] = []
    for place, row in enumerate(rows):
        if told is not None and row.number == told:
            columns, unknown = _assigned([(c, t, "") for c, t in row.own], FIELD_ROLES)
            return [Header(Kind.FIELDS, place, place, columns, unknown)]
    position = 0
    while position < len(rows):
        header = header_at(rows, position)
        if header:
            found.append(header)
            position = header.last
        position += 1
    return found


def header_at(rows: Sequence[Row], position: int) -> Header | None:
    """The header whose first line is at `position`; two lines when cells are merged down or across."""
    row = rows[position]
    if sum(bool(roles_of(text, _EVERY_ROLE)) for _, text in row.own if len(text) <= NAME_LENGTH_MAX) < 2:
        return None
    below = rows[position + 1] if position + 1 < len(rows) else None
    if below is not None and (below.down or (row.across and below.own)):
        # 数据类型 over 类型 and 长度: the lower line speaks, the upper where it says nothing.
        lower = [below.text(c) or row.text(c) for c in range(max(len(row.texts), len(below.texts)))]
        both = [(c, lower[c], row.text(c)) for c in range(len(lower)) if lower[c]]
        two = _judged(both, position, position + 1)
        one = _judged([(c, t, "") for c, t in row.own], position, position)
        below_known = sum(bool(_by_alias().get(plain(t))) for c, t in below.own if c not in below.down)
        below_own = sum(c not in below.down for c, _ in below.own)
        speaks = below_own > 0 and below_known * 2 >= below_own
        if two and speaks and (one is None or len(two.columns) >= len(one.columns)):
            return two
    return _judged([(c, t, "") for c, t in row.own], position, position)


def _judged(cells: Sequence[tuple[int, str, str]], first: int, last: int) -> Header | None:
    """The reading of a row that explains most of its cells, or None when it is no header."""
    readings = []
    for kind, allowed in (
        (Kind.FIELDS, FIELD_ROLES), (Kind.TABLES, _LIST_ROLES), (Kind.CODES, _SET_ROLES), (Kind.SETS, _INDEX_ROLES),
    ):  # fmt: skip
        columns, unknown = _assigned(cells, allowed)
        if _is_whole(kind, columns) and len(columns) > len(unknown):
            readings.append(Header(kind, first, last, columns, unknown))
    # 代码 and 名称 may head a table of fields; where both readings explain as much, it is a list of codes.
    return max(
        readings,
        key=lambda one: (sum(map(len, one.columns.values())), one.kind is Kind.CODES),
        default=None,
    )


def _assigned(
    cells: Sequence[tuple[int, str, str]], allowed: frozenset[Role]
) -> tuple[dict[Role, tuple[int, ...]], dict[int, str]]:
    """Role -> columns, and what is left over. A name that can mean one thing only has the first choice."""
    candidates = {
        column: roles_of(text, allowed) or (roles_of(upper, allowed) if upper else ())
        for column, text, upper in cells
    }
    chosen: dict[int, Role] = {}
    for column, _, _ in sorted(cells, key=lambda cell: len(candidates[cell[0]])):
        taken = set(chosen.values())
        role = next((r for r in candidates[column] if r not in taken or r in _MANY), None)
        if role is not None:
            chosen[column] = role
    columns: dict[Role, tuple[int, ...]] = {}
    for column in sorted(chosen):
        columns[chosen[column]] = (*columns.get(chosen[column], ()), column)
    return columns, {column: text for column, text, _ in cells if column not in chosen}


def _is_whole(kind: Kind, columns: Mapping[Role, tuple[int, ...]]) -> bool:
    roles = columns.keys()
    if kind is Kind.FIELDS:
        # Without a name column it may still be a damaged field table: three shape columns give it away.
        return bool(roles & {Role.NAME, Role.NAME_ZH} and roles & _SHAPE) or len(roles & _SHAPE) >= 3
    if kind is Kind.TABLES:
        return bool(roles & {Role.TABLE, Role.TABLE_ZH}) and len(roles) >= 2
    if kind is Kind.CODES:
        return Role.CODE in roles and Role.CODE_NAME in roles
    return bool(roles & {Role.SET_ID, Role.SET_TITLE}) and len(roles - {Role.SEQ, Role.IGNORED}) >= 2
