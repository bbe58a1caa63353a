"""A sheet cut into tables: each a header, the titles above it and the lines below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from medferry.books.headers import Header, Kind, Role, find_headers, plain, roles_of
from medferry.books.name_match import written_name
from medferry.books.sheets import Remark, Row, Severity, Sheet, column_letter
from medferry.books.words import ON_CHANGE, words

_SAY_HEADER = (
    "若是字段表，用 --header 行号 说表头在第几行，用 --column 字段名=书中的栏名 说各栏的意思"
    "（字段名、中文名、数据类型、长度、必填、主键、值域、说明）"
)
TITLE_ROWS_MAX = 8
TITLE_LENGTH_MAX = 80  # characters; longer texts are prose
_CHINESE = re.compile("[\u3400-\u9fff]")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ELEMENT = re.compile(r"(DE|HDS[A-Z])?[0-9]{2}\.[0-9]{2}\..*", re.IGNORECASE)
_PROSE = re.compile(r"[注说备※*]|[0-9]+[.、．)）]?\s*[^A-Za-z（(]{20,}|.*[。；]$")
"""Notes below a table: they head nothing."""
_NO_TITLE = re.compile(
    r"(?i)(格式|主键|外键|索引|版本|日期|作者|编制|备注|说明|用途|功能|描述|请求|接口|地址|url|路径|方法|来源|频率|单位|编码|更新|传输"
    r"|数据量|content-?type|primary ?key|pk)[^：:]{0,6}"
)
"""Labels above a table that say something of it, but not its name."""
ZH_NAME_LENGTH_MAX = 24  # characters; a longer text describes
_HINTS = ("表", "集", "域", "table", "Table", "TABLE")
_TABLE_WORDS = frozenset({Role.TABLE, Role.TABLE_ZH, Role.DATASET_CODE, Role.DATASET_ZH})
_IDENTITY = {
    Kind.FIELDS: (Role.NAME, Role.NAME_ZH),
    Kind.TABLES: (Role.TABLE, Role.TABLE_ZH),
    Kind.CODES: (Role.CODE,),
    Kind.SETS: (Role.SET_ID, Role.SET_TITLE),
}


@dataclass(slots=True)
class Line:
    """One line of a table: what it says by role, and where it stands.

    section  the line that stands alone above it within its table (二、其他证件), "" for none
    """

    sheet: str
    row: int
    cells: dict[Role, str]
    letters: dict[Role, str]
    section: str = ""

    def __getitem__(self, role: Role) -> str:
        return self.cells.get(role, "")

    def remark(self, severity: Severity, role: Role | None, text: str, fix: str = "") -> Remark:
        """A remark at this line's cell of a role."""
        return Remark(severity, self.sheet, self.row, self.letters.get(role, "") if role else "", text, fix)


@dataclass(slots=True)
class Block:
    """titles: texts above the header, the nearest first, then those outside the sheet, then the sheet's name.
    sections: row -> what stands alone there, among the lines. keys: fields that a line above the header calls the key.
    """

    sheet: str
    header: Header
    header_row: int
    titles: list[str]
    lines: list[Line] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()


def blocks_of(sheet: Sheet, remarks: list[Remark], header_row: int | None = None) -> list[Block]:
    """Every table of a sheet; what belongs to none is remarked. header_row: its number, where a person says it"""
    rows = sheet.rows
    headers = find_headers(rows, header_row)
    if not headers:
        filled = [row for row in rows if not row.is_blank]
        widest = max((len(row.own) for row in filled), default=0)
        severity: Severity = "warning" if widest >= 3 else "note"
        text = "空的" if not filled else f"没有找到表头，{len(filled)} 行没有读"
        fix = _SAY_HEADER if widest >= 3 else ""
        remarks.append(Remark(severity, sheet.name, 0, "", text, fix))
        return []
    blocks: list[Block] = []
    start = 0
    for number, header in enumerate(headers):
        above = rows[start : header.first]
        title_rows = _title_rows(above, blocks[-1].header if blocks else None)
        if blocks:
            _add_lines(blocks[-1], above[: len(above) - len(title_rows)], sheet.name, remarks)
        titles = [text for row in reversed(title_rows) for text in _told([t for _, t in row.own])]
        is_repeated = bool(blocks) and not titles and _same(blocks[-1].header, header)
        if is_repeated:
            remarks.append(Remark("note", sheet.name, rows[header.first].number, "", "重复的表头，接上表"))
            blocks[-1].header = header
        else:
            outside = [text for one in reversed(sheet.titles) for text in _told([one])]
            outside += [] if sheet.titles else [sheet.name]
            one = Block(sheet.name, header, rows[header.first].number, [*titles, *outside])
            one.keys = _keys(title_rows)
            blocks.append(one)
            _tell_unknown(one, remarks)
        start = header.last + 1
        if number == len(headers) - 1:
            _add_lines(blocks[-1], rows[start:], sheet.name, remarks)
    texts = {row.number: row for row in rows}
    for block in blocks:
        _ticked(block)
    return [_by_content(_described(_with_keys(block), texts), remarks) for block in blocks]


def _told(texts: Sequence[str]) -> list[str]:
    """Of a line above a table what may name it: 表名：t_ward gives t_ward, 主键 id and 格式：application/json nothing."""
    cells = [half for text in texts for half in re.split("[:：]", text, maxsplit=1) if half.strip()]
    labelled = bool(cells) and (
        _NO_TITLE.fullmatch(cells[0].strip()) or roles_of(cells[0], _TABLE_WORDS | {Role.NAME_ZH})
    )
    if len(cells) < 2 or not labelled:
        return list(texts)
    found = []
    for label, text in zip(cells[::2], cells[1::2], strict=False):
        if roles_of(label, _TABLE_WORDS | {Role.NAME_ZH}):
            found.append(text.strip())
        elif not _NO_TITLE.fullmatch(label.strip()):
            found += [label, text]
    return found


def _keys(rows: Sequence[Row]) -> frozenset[str]:
    """主键 | id above a header."""
    cells = [[h for _, t in row.own for h in re.split("[:：]", t, maxsplit=1)] for row in rows]
    texts = [one[1] for one in cells if len(one) == 2 and Role.KEY in roles_of(one[0], frozenset({Role.KEY}))]
    return frozenset(name.strip() for text in texts for name in re.split("[,，、;；+]", text))


def _same(one: Header, other: Header) -> bool:
    return one.kind is other.kind and one.columns == other.columns


def _title_rows(rows: Sequence[Row], under: Header | None) -> list[Row]:
    """The last rows of a stretch that are titles, from the top."""
    found: list[Row] = []
    for row in reversed(rows):
        if len(found) >= TITLE_ROWS_MAX or (under is not None and _belongs_to(row, under)):
            break
        found.append(row)
    return found[::-1]


def _belongs_to(row: Row, header: Header) -> bool:
    """A line of the table above rather than a title: also a damaged one, so that it is told and not lost."""
    return _is_data(row, header) or (len(row.own) >= 3 and not _says_table(row))


def _says_table(row: Row) -> bool:
    """A line like 表名：patient."""
    hints = _hints_of_tables()
    return any(
        roles_of(text.replace("：", ":").partition(":")[0], _TABLE_WORDS)
        for text in row.texts
        if len(text) <= TITLE_LENGTH_MAX and (not hints or any(hint in text for hint in hints))
    )


@cache
def _hints_of_tables() -> tuple[str, ...]:
    """Signs of which each word for a table's name holds one: most lines hold none, and need not be read closely."""
    names = [word for role in _TABLE_WORDS for word in words().headers[role.name.lower()]]
    return _HINTS if all(any(hint in name for hint in _HINTS) for name in names) else ()


ON_CHANGE.append(_hints_of_tables.cache_clear)


def _is_data(row: Row, header: Header) -> bool:
    """Has a name and something said of it."""
    own = dict(row.own)
    if _says_table(row):
        return False
    names = [c for role in _IDENTITY[header.kind] if (c := header.at(role)) is not None and row.text(c)]
    others = {c for columns in header.columns.values() for c in columns} - set(names)
    return bool(names) and any(column in own for column in others)


def _add_lines(block: Block, rows: Sequence[Row], sheet: str, remarks: list[Remark]) -> None:
    header = block.header
    identity = [c for role in _IDENTITY[header.kind] if (c := header.at(role)) is not None]
    letters = {role: column_letter(columns[0]) for role, columns in header.columns.items()}
    for row in rows:
        if row.is_blank:
            continue
        if not identity:
            continue  # the header has been complained of
        named = [column for column in identity if row.text(column)]
        if block.lines and named and all(column in row.down for column in named):
            _continue_line(block.lines[-1], row, header)
            continue
        if len(row.own) == 1:  # also where it is merged over the columns of names
            text = row.own[0][1]
            if len(text) <= TITLE_LENGTH_MAX and not _PROSE.match(text):
                block.sections[row.number] = text
            else:
                remarks.append(Remark("note", sheet, row.number, "", f"按注释略过：{text[:30]}"))
            continue
        if not named:
            _tell_unread(row, sheet, remarks)
            continue
        if not _is_data(row, header):
            text = f"按小节标题或注释略过：{row.own[0][1][:30]}" if row.own else "空的"
            remarks.append(Remark("note", sheet, row.number, "", text))
            continue
        struck = [column for column in identity if column in row.struck]
        if struck:
            remarks.append(
                Remark("note", sheet, row.number, column_letter(struck[0]), "画了删除线，按已删除处理")
            )
            continue
        cells = {
            role: "；".join(dict.fromkeys(text for c in columns if (text := row.text(c))))
            for role, columns in header.columns.items()
        }
        if row.letter:
            letters = dict.fromkeys(letters, row.letter)
        if not header.has(Role.KEY) and {cells.get(Role.NAME, ""), cells.get(Role.NAME_ZH, "")} & block.keys:
            cells[Role.KEY] = "PK"
        section = next(reversed(block.sections.values()), "")
        block.lines.append(Line(sheet, row.number, cells, letters, section))


def _continue_line(line: Line, row: Row, header: Header) -> None:
    """A field merged over several rows: what the further rows add."""
    for role in (Role.DESCRIPTION, Role.VALUES, Role.CODE_NOTE):
        for column in header.columns.get(role, ()):
            if column not in row.down and row.text(column):
                line.cells[role] = "；".join(filter(None, (line[role], row.text(column))))


def _tell_unread(row: Row, sheet: str, remarks: list[Remark]) -> None:
    text = f"没有字段名，{len(row.own)} 个单元格没有读"
    remarks.append(Remark("warning", sheet, row.number, "", text, "若是字段，补上名称；若是说明，可以不管"))


def _tell_unknown(block: Block, remarks: list[Remark]) -> None:
    for column, text in block.header.unknown.items():
        remarks.append(
            Remark(
                "warning", block.sheet, block.header_row, column_letter(column), f"不认识的栏“{text}”，没有采用",
                f"若它说的是必填、值域等，加 --column 必填={text}（左边是意思，右边是书中的栏名）",
            )
        )  # fmt: skip


def _ticked(block: Block) -> None:
    """A column that holds nothing but some X is ticked with it, as modelling tools print it."""
    for role in (Role.REQUIRED, Role.KEY):
        marks = {line[role] for line in block.lines}
        if block.header.kind is Kind.FIELDS and marks in ({"", "X"}, {"", "x"}):
            for line in block.lines:
                line.cells[role] = "√" if line[role] else ""


def _described(block: Block, rows: Mapping[int, Row]) -> Block:
    """字段名, 字段描述, 类型: where no other column names the fields in Chinese and the first description is short
    everywhere, it is their name."""
    header = block.header
    if header.kind is not Kind.FIELDS or header.has(Role.NAME_ZH) or not header.has(Role.NAME, Role.ELEMENT):
        return block
    first, *others = header.columns.get(Role.DESCRIPTION, ()) or (None,)
    texts = [rows[line.row].text(first) for line in block.lines if first is not None]
    if not texts or any(len(text) > ZH_NAME_LENGTH_MAX or not _CHINESE.search(text) for text in texts):
        return block
    names = [line[Role.NAME] for line in block.lines if line[Role.NAME]]
    if sum(bool(_IDENTIFIER.fullmatch(written_name(one))) for one in names) * 2 <= len(names):
        return block
    assert first is not None
    columns = {**header.columns, Role.NAME_ZH: (first,), Role.DESCRIPTION: tuple(others)}
    if not others:
        del columns[Role.DESCRIPTION]
    for line in block.lines:
        row = rows[line.row]
        line.cells[Role.NAME_ZH] = row.text(first)
        line.letters[Role.NAME_ZH] = column_letter(first)
        line.cells[Role.DESCRIPTION] = "；".join(filter(None, dict.fromkeys(map(row.text, others))))
    block.header = replace(header, columns=columns)
    return block


def _with_keys(block: Block) -> Block:
    """约束 may head keys, where another column says what is required."""
    header = block.header
    if not header.has(Role.REQUIRED) or not header.has(Role.NULLABLE) or header.has(Role.KEY):
        return block
    told = {plain(line[Role.REQUIRED]) for line in block.lines} - {""}
    if not told or not told <= words().keys["PK"] | words().keys["FK"]:
        return block
    columns: dict[Role, tuple[int, ...]] = {
        Role.KEY if role is Role.REQUIRED else role: places for role, places in header.columns.items()
    }
    for line in block.lines:
        line.cells[Role.KEY] = line.cells.pop(Role.REQUIRED, "")
        line.letters[Role.KEY] = line.letters.pop(Role.REQUIRED, "")
    block.header = replace(header, columns=columns)
    return block


def _by_content(block: Block, remarks: list[Remark]) -> Block:
    """字段名 may head Chinese names and 数据项 English ones: the cells decide."""
    if block.header.kind is not Kind.FIELDS or not block.lines:
        return block
    name, zh, element = (block.header.at(role) for role in (Role.NAME, Role.NAME_ZH, Role.ELEMENT))
    english = {role: _share(block, role, _IDENTIFIER) for role in (Role.NAME, Role.NAME_ZH)}
    swap: dict[Role, Role] = {}
    if name is not None and english[Role.NAME] < 0.5:
        if zh is None:
            swap = {Role.NAME: Role.NAME_ZH}
        elif english[Role.NAME_ZH] > 0.5:
            swap = {Role.NAME: Role.NAME_ZH, Role.NAME_ZH: Role.NAME}
    elif name is None and zh is not None and english[Role.NAME_ZH] > 0.5:
        swap = {Role.NAME_ZH: Role.NAME}
    elif name is None and element is not None and _holds_names(block):
        swap = {Role.ELEMENT: Role.NAME}
    if not swap:
        return block
    columns = {swap.get(role, role): places for role, places in block.header.columns.items()}
    for line in block.lines:
        line.cells = {swap.get(role, role): text for role, text in line.cells.items()}
        line.letters = {swap.get(role, role): letter for role, letter in line.letters.items()}
    said = "、".join(f"“{old.value}”栏里是{new.value}" for old, new in swap.items())
    remarks.append(Remark("note", block.sheet, block.header_row, "", f"{said}，照内容读"))
    block.header = replace(block.header, columns=columns)
    return block


def _holds_names(block: Block) -> bool:
    """The column 标识符 holds names of columns, not identifiers of data elements."""
    return _share(block, Role.ELEMENT, _ELEMENT) < 0.5 < _share(block, Role.ELEMENT, _IDENTIFIER)


def _share(block: Block, role: Role, pattern: re.Pattern[str]) -> float:
    texts = [line[role] for line in block.lines if line[role]]
    return sum(bool(pattern.fullmatch(written_name(text))) for text in texts) / len(texts) if texts else 0.0


_UNUSED = frozenset({Role.SEQ, Role.IGNORED, Role.CATEGORY})


def remarks_in_use(remarks: Iterable[Remark], blocks: Sequence[Block]) -> list[Remark]:
    """Cells that could not be read, where they would be used: a number computed in the column 序号 is not missed."""
    return [one for one in remarks if not one.column or _is_used(one, blocks)]


def _is_used(remark: Remark, blocks: Sequence[Block]) -> bool:
    above = [b for b in blocks if b.sheet == remark.sheet and b.header_row <= remark.row]
    if not above:
        return True
    columns = above[-1].header.columns.items()
    return remark.column in {
        column_letter(c) for role, places in columns if role not in _UNUSED for c in places
    }
