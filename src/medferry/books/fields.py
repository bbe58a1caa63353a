"""Lines of a book's field table become fields of an edition, or remarks that say precisely why not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medferry.books.answers import SKIP, Answers, Question
from medferry.books.blocks import Block, Line
from medferry.books.codes import BookSets
from medferry.books.headers import Header, Role, without
from medferry.books.name_match import FieldNames, as_written, written_name
from medferry.books.notation import (
    NotUnderstood,
    key_of,
    required_of,
    required_of_nullable,
    says,
    shape_of,
)
from medferry.books.sheets import Remark
from medferry.catalog.load import NAME
from medferry.catalog.model import Field, KeyKind, Table

_ROLE_OF = {"字段名或中文名": "字段名", "数据类型或表示格式": "数据类型", "必填（约束）": "必填"}
_REWRITE = "在书的副本里改成认得的写法；若是通行叫法，添进 words.yaml"
_LENGTHEN = "在书的副本里写上长度，如 64；有小数的写 10,2"
TAKE_OVER = ("format", "required")
"""What a book without the column may take over from the edition below, when asked to."""


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """One line of fields.csv in the making. note: how it was understood, when that is worth a person's look."""

    name: str
    name_zh: str
    type: str
    format: str
    required: str
    key: str
    value_set: str
    element_id: str
    description_zh: str
    source: str
    confidence: str
    line: Line
    wire_name: str = ""

    def csv_row(self, seq: int, *, with_wire: bool) -> tuple[str, ...]:
        row = (
            str(seq), self.name, self.name_zh, self.type, self.format, self.required, self.key,
            self.value_set, self.element_id, self.description_zh, self.source, self.confidence,
        )  # fmt: skip
        return (*row, self.wire_name) if with_wire else row


@dataclass(slots=True)
class TableDraft:
    """A table as the book gives it. lines are those read, also those that became no field."""

    name: str
    title_zh: str
    how: str
    is_new: bool
    blocks: list[Block]
    lines: list[Line]
    fields: list[FieldDraft] = field(default_factory=list)
    gone: tuple[str, ...] = ()  # fields of the edition below that the book does not have
    wire_name: str = ""


@dataclass(slots=True)
class FieldReader:
    """Reads the lines of one table after another.

    keys  key field -> tables that have it: a pointer in a field that the edition below does not know
    """

    book: str
    sets: BookSets
    answers: Answers
    elsewhere: Mapping[str, str]
    keys: Mapping[str, Sequence[str]]
    take_over: frozenset[str]
    remarks: list[Remark]
    questions: list[Question]

    def read(self, draft: TableDraft, below: Table | None) -> None:
        """Fills `draft.fields`; remarks say what was not understood."""
        sound = [
            self._has_what_it_takes(block) for block in draft.blocks
        ]  # every block is told, not the first only
        if not all(sound):
            return
        written = [name for line in draft.lines if (name := written_name(line[Role.NAME]))]
        known = [name for name in written if below and name in below.by_name]
        names = FieldNames(below, self.elsewhere, names_its_own_way=len(known) * 2 < len(written))
        marks_only = {id(b.header): _marks_only(b) for b in draft.blocks}
        header_of = {id(line): block.header for block in draft.blocks for line in block.lines}
        seen: dict[str, Line] = {}
        for line in draft.lines:
            header = header_of[id(line)]
            name = self._name(draft, names, line)
            if not name:
                continue
            first = seen.setdefault(name, line)
            if first is not line:
                place = (
                    f"第 {first.row} 行" if first.sheet == line.sheet else f"{first.sheet} 第 {first.row} 行"
                )
                role = Role.NAME if line[Role.NAME] else Role.NAME_ZH
                text = f"字段 {name} 重复，{place}已有"
                self.remarks.append(line.remark("error", role, text, "删去其中一行，或改正字段名"))
                continue
            own = below.by_name.get(name) if below else None
            one = self._field(draft, name, own, line, header, empty_is_optional=marks_only[id(header)])
            if one:
                draft.fields.append(one)
        if below:
            draft.gone = tuple(f.name for f in below.fields if f.name not in seen)

    def _has_what_it_takes(self, block: Block) -> bool:
        """A table without the columns that make a field is told once, at its header."""
        header = block.header
        wanted = {
            "字段名或中文名": header.has(Role.NAME, Role.NAME_ZH),
            "数据类型或表示格式": header.has(Role.TYPE, Role.FORMAT) or "format" in self.take_over,
            "必填（约束）": header.has(Role.REQUIRED, Role.NULLABLE) or "required" in self.take_over,
        }
        marks = Role.REQUIRED if header.has(Role.REQUIRED) else Role.NULLABLE
        if header.has(marks) and block.lines and not any(says(line[marks]) for line in block.lines):
            if "required" not in self.take_over:
                text = f"“{marks.value}”一栏全是空的，整张表没有收"
                fix = "填上必填、应填或可选；书中确未写明时加 --take-over required 沿用原版本"
                self.remarks.append(Remark("error", block.sheet, block.header_row, "", text, fix))
                return False
            block.header = header = without(header, marks)
        ways_out = {"数据类型或表示格式": "format", "必填（约束）": "required"}
        for what in (what for what, is_there in wanted.items() if not is_there):
            fix = f"补上这一栏；书中另有叫法时加 --column {_ROLE_OF[what]}=书中的栏名"
            if what in ways_out:
                fix += f"；书中确无此栏时加 --take-over {ways_out[what]} 沿用原版本"
            text = f"缺少“{what}”栏，整张表没有收"
            self.remarks.append(Remark("error", block.sheet, block.header_row, "", text, fix))
        return all(wanted.values())

    def _name(self, draft: TableDraft, names: FieldNames, line: Line) -> str:
        shown = line[Role.NAME] or line[Role.NAME_ZH]
        answer = self.answers.of("field", draft.name, shown)
        if answer == SKIP:
            self.remarks.append(line.remark("note", None, f"“{shown}”按名称对照不收"))
            return ""
        if answer:
            return answer
        match = names.find(line[Role.NAME], line[Role.NAME_ZH])
        if match.name:
            if match.how == "近似中文名":
                self.remarks.append(
                    line.remark("note", Role.NAME_ZH, f"“{shown}”按近似中文名对到 {match.name}")
                )
            return match.name
        place = f"{line.sheet}!第 {line.row} 行"
        self.questions.append(Question("field", draft.name, shown, match.suggestions, place))
        near = f"，最接近：{' / '.join(match.suggestions)}" if match.suggestions else ""
        role = Role.NAME if line[Role.NAME] else Role.NAME_ZH
        text = f"“{shown}”对不上表 {draft.name} 的字段{near}"
        self.remarks.append(
            line.remark("error", role, text, "在名称对照文件的 name 栏填上英文字段名，或填 - 不收")
        )
        return ""

    def _field(
        self,
        draft: TableDraft,
        name: str,
        own: Field | None,
        line: Line,
        header: Header,
        *,
        empty_is_optional: bool,
    ) -> FieldDraft | None:
        """None after an error."""
        taken: list[str] = []
        value_set, said = self._value_set(draft, own, line, header, taken)
        self.remarks += said
        try:
            type_, format_ = self._shape(own, line, header, taken, is_coded=bool(value_set))
            required = self._required(own, line, header, taken, empty_is_optional=empty_is_optional)
        except _Unread as error:
            self.remarks.append(error.remark)
            return None
        if type_ in ("boolean", "date", "datetime", "decimal") and value_set:
            self.sets.drafts.pop(value_set, None) if value_set == f"{draft.name}.{name}" else None
            value_set = None
        text = line[Role.DESCRIPTION] if header.has(Role.DESCRIPTION) else (own.description_zh if own else "")
        if says(line[Role.VALUES]) and not value_set and line[Role.VALUES] not in text:
            text = "；".join(filter(None, (text, line[Role.VALUES])))
        if header.has(Role.ELEMENT):
            element = line[Role.ELEMENT] if says(line[Role.ELEMENT]) else ""
        else:
            element = (own.element_id or "") if own else ""
        key = self._key(draft, own, line, header, taken)
        if key == "PK" and required != "R":
            required = "R"
            self.remarks.append(line.remark("note", Role.REQUIRED, f"{name} 是主键，按必填收"))
        source, confidence = self._mark(line, taken, own)
        title = line[Role.NAME_ZH] or (own.name_zh if own else "")
        if not re.search("[\u3400-\u9fff]", title):
            text_zh = f"字段 {name} 没有中文名"
            self.remarks.append(line.remark("error", Role.NAME_ZH, text_zh, "补上中文名"))
            return None
        return FieldDraft(
            name,
            title,
            type_,
            format_,
            required,
            key,
            value_set or "",
            element,
            text,
            source,
            confidence,
            line,
            _wire_name(line, name),
        )

    def _shape(
        self, own: Field | None, line: Line, header: Header, taken: list[str], *, is_coded: bool
    ) -> tuple[str, str]:
        if not header.has(Role.TYPE, Role.FORMAT, Role.LENGTH):
            if own is None or "format" not in self.take_over:
                raise _Unread(line.remark("error", None, "没有数据类型与表示格式", "补上一栏"))
            taken.append("格式")
            return own.type, own.format.text
        try:
            shape = shape_of(
                line[Role.TYPE],
                line[Role.FORMAT],
                line[Role.LENGTH],
                line[Role.SCALE],
                is_coded=is_coded,
                before=own,
            )
        except NotUnderstood as error:
            role = Role.FORMAT if says(line[Role.FORMAT]) else Role.TYPE
            fix = _REWRITE
            if error.about_length:
                role, fix = (Role.LENGTH if header.has(Role.LENGTH) else role), _LENGTHEN
            raise _Unread(line.remark("error", role, f"{self._shown(line)}：{error}", fix)) from error
        if shape.note:
            self.remarks.append(line.remark("note", Role.TYPE, f"{self._shown(line)}：{shape.note}"))
        return shape.type, shape.format

    def _required(
        self, own: Field | None, line: Line, header: Header, taken: list[str], *, empty_is_optional: bool
    ) -> str:
        role = Role.REQUIRED if header.has(Role.REQUIRED) else Role.NULLABLE
        if not header.has(role):
            if own is None or "required" not in self.take_over:
                raise _Unread(line.remark("error", None, f"{self._shown(line)}：没有必填性", "补上一栏"))
            taken.append("必填性")
            return own.required
        try:
            found = required_of(line[role]) if role is Role.REQUIRED else required_of_nullable(line[role])
        except NotUnderstood as error:
            raise _Unread(line.remark("error", role, f"{self._shown(line)}：{error}", _REWRITE)) from error
        if found:
            return found
        if empty_is_optional:
            return "O"
        raise _Unread(
            line.remark("error", role, f"{self._shown(line)}：必填性是空的", "填上必填、应填或可选")
        )

    def _value_set(
        self, draft: TableDraft, own: Field | None, line: Line, header: Header, taken: list[str]
    ) -> tuple[str | None, list[Remark]]:
        if not header.has(Role.VALUES):
            if own and own.value_set:
                taken.append("值域")
            return (own.value_set if own else None), []
        title = line[Role.NAME_ZH] or (own.name_zh if own else line[Role.NAME])
        return self.sets.resolve(line[Role.VALUES], line, draft.name, own, title)

    def _key(self, draft: TableDraft, own: Field | None, line: Line, header: Header, taken: list[str]) -> str:
        below = _key_text(own)
        if header.has(Role.KEY):
            try:
                said = key_of(line[Role.KEY])
            except NotUnderstood as error:
                self.remarks.append(line.remark("warning", Role.KEY, f"{self._shown(line)}：{error}"))
                said = ""
            if (said and said != "FK") or _carries_marks(header):
                return said
            if not _points(draft) or said == "FK":
                if below.startswith(("FK", "REF")):
                    taken.append("外键")
                    return below
                if said == "FK":
                    text = f"{self._shown(line)}：外键没有写指向哪张表，未采用"
                    self.remarks.append(line.remark("warning", Role.KEY, text, "写成 FK:表.字段"))
                    return ""
                return self._likely_pointer(draft, own, line)
            return ""
        told = line[Role.KEY] or line[Role.DESCRIPTION]
        if told in ("PK", "主键", "联合主键", "复合主键", "唯一主键"):
            below = "PK"
        elif below:
            taken.append("键")
        return below or self._likely_pointer(draft, own, line)

    def _likely_pointer(self, draft: TableDraft, own: Field | None, line: Line) -> str:
        name = line[Role.NAME].lower()
        tables = [one for one in self.keys.get(name, ()) if one != draft.name]
        if own is not None or len(tables) != 1:
            return ""
        text = f"{name} 与表 {tables[0]} 的主键同名，按目录引用收（缺了只提醒）"
        self.remarks.append(line.remark("warning", Role.NAME, text, "若应等上级先被接收，把 key 改为 FK"))
        return f"REF:{tables[0]}.{name}"

    def _mark(self, line: Line, taken: list[str], own: Field | None) -> tuple[str, str]:
        """Where the line is from. A book that carries its own marks (our export) keeps them."""
        if line[Role.CONFIDENCE] in ("A", "B", "C"):
            return line[Role.SOURCE], line[Role.CONFIDENCE]
        source = f"{self.book} {line.sheet}!{line.row}"
        if taken and own:
            source += f"；{'、'.join(taken)}沿用原版本（{own.source}，{own.confidence}）"
        return source, "A"

    def _shown(self, line: Line) -> str:
        return line[Role.NAME] or line[Role.NAME_ZH]


class _Unread(Exception):
    """A line that becomes no field; carries what to say."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(remark.text)


def _wire_name(line: Line, name: str) -> str:
    """What the book's platform calls the field, in the book's writing; "" where that is our name, or no name at all."""
    if line[Role.WIRE]:
        return "" if line[Role.WIRE] == name else line[Role.WIRE]
    text = as_written(line[Role.NAME])
    return text if NAME.fullmatch(text.lower()) and text != name else ""


def _key_text(own: Field | None) -> str:
    if own is None or own.key is None:
        return ""
    if own.key.kind is KeyKind.PRIMARY:
        return "PK"
    return f"{own.key.kind.value}:{own.key.table}.{own.key.column}"


def _points(draft: TableDraft) -> bool:
    """The book's key column names pointers too, so its silence means none."""
    return any(re.match(r"(?i)\s*(fk|ref)\s*[:：]", line[Role.KEY]) for line in draft.lines)


def _carries_marks(header: Header) -> bool:
    """Written by our own export, which says everything."""
    return header.has(Role.SOURCE) and header.has(Role.CONFIDENCE)


def _marks_only(block: Block) -> bool:
    """Only the required ones are marked, so an empty cell means optional."""
    role = Role.REQUIRED if block.header.has(Role.REQUIRED) else Role.NULLABLE
    found: set[str] = set()
    for text in (line[role] for line in block.lines):
        try:
            found.add(required_of(text) if role is Role.REQUIRED else required_of_nullable(text))
        except NotUnderstood:
            continue
    return "O" not in found and bool(found - {""})


def key_owners(tables: Iterable[Table]) -> dict[str, list[str]]:
    """Key field -> tables that have it."""
    found: dict[str, list[str]] = {}
    for table in tables:
        found.setdefault(table.key_field, []).append(table.name)
    return found
