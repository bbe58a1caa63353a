"""A book becomes the makings of an edition: which tables, which fields, which value sets, and what was not understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from medferry.books.answers import SKIP, Answers, Question
from medferry.books.blocks import Block, Line, blocks_of, remarks_in_use
from medferry.books.codes import BookSets, SetDraft
from medferry.books.fields import FieldReader, TableDraft, key_owners
from medferry.books.headers import Kind, Role
from medferry.books.layouts import straightened
from medferry.books.name_match import TableMatch, TableNames, names_elsewhere, normal_zh
from medferry.books.sheets import Book, Remark
from medferry.books.system_fields import complete_tables
from medferry.catalog.load import NAME, LoadedCatalog

_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """whole: tables the book does not have are taken out. take_over: see fields.TAKE_OVER.

    header_row  number of the row that is the header of every sheet that has it; None: found by its words
    system  field that every table needs -> what the book calls it
    keys    table -> its key beside the organisation
    """

    whole: bool = False
    take_over: frozenset[str] = frozenset()
    system: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """What became of one sheet: tables, lists of codes and lists of tables found in it, lines read."""

    sheet: str
    tables: tuple[str, ...]
    code_lists: int
    table_lists: int
    lines: int


@dataclass
class Imported:
    """Everything a book gave; `lines` of a table keep sheet and row of each field.

    infos    table -> the line of the book's own list of tables
    dropped  tables of the edition below that the new one does not have
    """

    book: str
    sha256: str
    below: LoadedCatalog
    tables: list[TableDraft]
    sets: dict[str, SetDraft]
    infos: Mapping[str, Line]
    dropped: tuple[str, ...]
    not_in_book: tuple[str, ...]
    sheets: list[SheetSummary]
    remarks: list[Remark]
    questions: list[Question] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.remarks)

    def in_order(self) -> list[Remark]:
        """Errors first, each kind in the book's order."""
        places = {one.sheet: n for n, one in enumerate(self.sheets)}
        return sorted(
            dict.fromkeys(self.remarks),
            key=lambda r: (_ORDER[r.severity], places.get(r.sheet, -1), r.row, r.column),
        )


def import_book(
    book: Book, below: LoadedCatalog, answers: Answers, options: ImportOptions = ImportOptions()
) -> Imported:
    """Reads a book against the edition it is laid over. Pure but for reading `below`; raises nothing for a bad book."""
    remarks: list[Remark] = []
    told = options.header_row
    blocks = [
        block
        for sheet in book.sheets
        for one in ([sheet] if told else straightened(sheet))
        for block in blocks_of(one, remarks, told)
    ]
    remarks = [*remarks_in_use(book.remarks, blocks), *remarks]
    names = TableNames(below)
    infos = _infos([b for b in blocks if b.header.kind is Kind.TABLES], names)
    sets = BookSets(below, book.name)
    sets.read(blocks, remarks)
    questions: list[Question] = []
    drafts = _tables(
        [b for b in blocks if b.header.kind is Kind.FIELDS], names, answers, remarks, questions, below
    )
    reader = FieldReader(
        book=book.name,
        sets=sets,
        answers=answers,
        elsewhere=names_elsewhere(below),
        keys=key_owners(map(below.table, below.table_names)),
        take_over=options.take_over,
        remarks=remarks,
        questions=questions,
    )
    for draft in drafts:
        if not draft.lines:
            block = draft.blocks[0]
            text = f"表 {draft.name} 有表头，没有一行字段"
            fix = "补上字段；本版本没有这张表的内容时删去表头，沿用原版本的"
            remarks.append(Remark("error", block.sheet, block.header_row, "", text, fix))
        reader.read(draft, None if draft.is_new else below.table(draft.name))
    complete_tables(drafts, below, options.system, options.keys, remarks)
    if drafts:
        sets.tell_unused({one.value_set for draft in drafts for one in draft.fields}, remarks)
    if not drafts and not sets.drafts:
        remarks.append(
            Remark("error", "", 0, "", "全书没有一张认得的字段表，也没有代码表", "核对是不是这本书")
        )
    there = {draft.name for draft in drafts}
    not_in_book = tuple(name for name in below.table_names if name not in there)
    return Imported(
        book=book.name,
        sha256=book.sha256,
        below=below,
        tables=drafts,
        sets=sets.drafts,
        infos=infos,
        dropped=not_in_book if options.whole else (),
        not_in_book=not_in_book,
        sheets=_summaries(book, blocks, drafts),
        remarks=remarks,
        questions=questions,
    )


_SAYS_NOTHING = re.compile(r"(?i)(表格|sheet|工作表)\s*[0-9]*|续表?\s*[0-9]*")
"""Titles of a table that is the next page of the one before."""


def _infos(blocks: Iterable[Block], names: TableNames) -> dict[str, Line]:
    """The book's own lists of tables: English name -> line."""
    infos: dict[str, Line] = {}
    for block in blocks:
        for line in block.lines:
            written = line[Role.TABLE].strip()
            name = written.lower()
            if not NAME.fullmatch(name):
                continue
            infos[name] = line
            title, data_set = line[Role.TABLE_ZH], line[Role.DATASET_ZH]
            if title:
                names.learn(written, title)
            if title and data_set:
                names.learn(written, data_set + title)
    titles = Counter(normal_zh(line[Role.TABLE_ZH]) for line in infos.values())
    names.forget(title for title, count in titles.items() if count > 1)
    return infos


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of one block that speak of one table."""

    block: Block
    lines: Sequence[Line]
    texts: Sequence[str]

    @property
    def shown(self) -> str:
        return next(
            (text for text in self.texts if re.search(r"[A-Za-z\u4e00-\u9fff]", text)), self.block.sheet
        )


def _parts(block: Block, names: TableNames, remarks: list[Remark]) -> list[_Part]:
    """One part per table named in the lines of a long sheet, or in lines of their own among them, or the whole block."""
    named_by = next(
        (roles for roles in ((Role.TABLE, Role.TABLE_ZH), (Role.DATASET_ZH,)) if block.header.has(*roles)),
        None,
    )
    if named_by is None:
        return _sections(block, names, remarks)
    found: dict[tuple[str, ...], list[Line]] = {}
    current: tuple[str, ...] = ("",) * len(named_by)
    for line in block.lines:
        named = tuple(line[role] for role in named_by)
        current = named if any(named) else current
        found.setdefault(current, []).append(line)
    parts = []
    for said, lines in found.items():
        title = said[-1]
        data_set = [text for role in (Role.DATASET_ZH, Role.DATASET_CODE) if (text := lines[0][role])]
        texts = [text for text in said if text] + [t + title for t in data_set[:1]] + data_set
        parts.append(_Part(block, lines, list(dict.fromkeys(texts)) or block.titles))
    _tell_sections(block, remarks)
    return parts


def _sections(block: Block, names: TableNames, remarks: list[Remark]) -> list[_Part]:
    """A header once, then tables one below another, each under a line of its own: 二、其他证件（patient_certificate）.

    Only where nothing above the header names a table: else such lines part the fields of one table.
    """
    whole = _Part(block, block.lines, block.titles)
    told = {row for row, text in block.sections.items() if names.says(text)}
    above = any(map(names.says, block.titles))
    if not told or (above and not any(names.says_in_english(block.sections[row]) for row in told)):
        _tell_sections(block, remarks)
        return [whole]
    parts: list[_Part] = []
    starts = sorted(block.sections)
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else None
        lines = [line for line in block.lines if line.row > start and (end is None or line.row < end)]
        text = block.sections[start]
        is_table = start in told or names.says_in_english(text) or (lines and lines[0][Role.SEQ] == "1")
        if is_table or not parts:
            parts.append(_Part(block, lines, [text]))
            remarks.append(Remark("note", block.sheet, start, "", f"按表名读：{text[:30]}"))
        else:
            parts[-1] = replace(parts[-1], lines=[*parts[-1].lines, *lines])
            remarks.append(Remark("note", block.sheet, start, "", f"按小节标题略过：{text[:30]}"))
    before = [line for line in block.lines if line.row < starts[0]]
    return [replace(whole, lines=before), *parts] if before else parts


def _tell_sections(block: Block, remarks: list[Remark]) -> None:
    remarks += [
        Remark("note", block.sheet, row, "", f"按小节标题或注释略过：{text[:30]}")
        for row, text in block.sections.items()
    ]


def _tables(
    blocks: Iterable[Block],
    names: TableNames,
    answers: Answers,
    remarks: list[Remark],
    questions: list[Question],
    below: LoadedCatalog,
) -> list[TableDraft]:
    found: dict[str, TableDraft] = {}
    last = ""
    for part in (part for block in blocks for part in _parts(block, names, remarks)):
        row = part.lines[0].row if part.lines else part.block.header_row
        match = _match(part, names, answers, below)
        if _is_contradicted(part, match, row, names, remarks, questions):
            continue
        if not match.name and _goes_on(part, found, last):
            match = TableMatch(last, "接上表")
        if match.name == SKIP:
            remarks.append(Remark("note", part.block.sheet, row, "", f"“{part.shown}”按名称对照不收"))
            continue
        if not match.name:
            near = f"，最接近：{' / '.join(match.suggestions)}" if match.suggestions else ""
            text = f"“{part.shown}”对不上任何标准表{near}，{len(part.lines)} 行没有收"
            remarks.append(
                Remark(
                    "error",
                    part.block.sheet,
                    row,
                    "",
                    text,
                    "在名称对照文件的 name 栏填上英文表名，或填 - 不收",
                )
            )
            place = f"{part.block.sheet}!第 {row} 行"
            questions.append(Question("table", "", part.shown, match.suggestions, place))
            continue
        draft = found.get(match.name)
        if draft is None:
            title = match.title_zh if match.is_new else below.table(match.name).title_zh
            title = title or match.title_zh or f"{match.name}表"
            draft = TableDraft(match.name, title, match.how, match.is_new, [], [])
            draft.wire_name = "" if match.written == match.name else match.written
            found[match.name] = draft
            if match.is_new:
                _tell_new(part, match, row, remarks)
        else:
            remarks.append(
                Remark(
                    "note",
                    part.block.sheet,
                    row,
                    "",
                    f"接着 {draft.lines[0].sheet if draft.lines else ''} 读表 {match.name}",
                )
            )
        if not any(block is part.block for block in draft.blocks):
            draft.blocks.append(part.block)
        draft.lines += part.lines
        last = match.name
    return list(found.values())


def _is_contradicted(
    part: _Part,
    match: TableMatch,
    row: int,
    names: TableNames,
    remarks: list[Remark],
    questions: list[Question],
) -> bool:
    """The title says one table, the fields are another's: asked, not believed."""
    if match.name in ("", SKIP) or match.is_new or match.how == "名称对照":
        return False
    lines = part.lines
    like = names.contradicted(
        match.name, [line[Role.NAME] for line in lines], [line[Role.NAME_ZH] for line in lines]
    )
    if not like:
        return False
    text = f"标题说是表 {match.name}，字段却是表 {like} 的，{len(lines)} 行没有收"
    fix = f"核对标题；字段对的话，在名称对照文件“{part.shown}”一行的 name 栏填 {like}"
    remarks.append(Remark("error", part.block.sheet, row, "", text, fix))
    place = f"{part.block.sheet}!第 {row} 行"
    questions.append(Question("table", "", part.shown, (like, match.name), place))
    return True


def _goes_on(part: _Part, found: Mapping[str, TableDraft], last: str) -> bool:
    """A table without any title, of the same columns as the one before and none of its fields: the next page of it."""
    draft = found.get(last)
    if (
        draft is None
        or not draft.lines
        or not part.lines
        or not all(map(_SAYS_NOTHING.fullmatch, part.block.titles))
    ):
        return False
    there = {line[Role.NAME] or line[Role.NAME_ZH] for line in draft.lines}
    own = {line[Role.NAME] or line[Role.NAME_ZH] for line in part.lines}
    return (
        part.block.sheet != draft.lines[-1].sheet
        and (draft.blocks[-1].header.columns == part.block.header.columns and not there & own)
        and part.lines[0][Role.SEQ] != "1"
    )


def _match(part: _Part, names: TableNames, answers: Answers, below: LoadedCatalog) -> TableMatch:
    answer = answers.of("table", "", part.shown)
    if answer:
        return TableMatch(
            answer, "名称对照", part.shown, is_new=answer != SKIP and answer not in below.table_names
        )
    return names.find(
        part.texts, [line[Role.NAME] for line in part.lines], [line[Role.NAME_ZH] for line in part.lines]
    )


def _tell_new(part: _Part, match: TableMatch, row: int, remarks: list[Remark]) -> None:
    near = f"；若是改名，原表可能是 {'、'.join(match.suggestions)}" if match.suggestions else ""
    text = f"新表 {match.name}：时限组与层级暂定{near}"
    remarks.append(
        Remark("warning", part.block.sheet, row, "", text, "核对后改该版本 tables.csv 的 group 与 tier")
    )
    if not match.title_zh:
        text = f"新表 {match.name} 没有中文名，暂用英文名"
        remarks.append(
            Remark("warning", part.block.sheet, row, "", text, "在表名旁写上中文名，或改该版本 tables.csv")
        )


def _summaries(book: Book, blocks: Sequence[Block], drafts: Sequence[TableDraft]) -> list[SheetSummary]:
    summaries = []
    for sheet in book.sheets:
        own = [block for block in blocks if block.sheet == sheet.name]
        kinds = Counter(block.header.kind for block in own)
        tables = tuple(d.name for d in drafts if any(line.sheet == sheet.name for line in d.lines))
        lines = sum(len(block.lines) for block in own)
        lists = kinds[Kind.CODES] + kinds[Kind.SETS]
        summaries.append(SheetSummary(sheet.name, tables, lists, kinds[Kind.TABLES], lines))
    return summaries
