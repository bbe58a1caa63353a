"""Value sets of a book: lists of codes, an index of lists, codes written into a field's cell; and what a cell refers to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medferry.books.blocks import Block, Line
from medferry.books.headers import Kind, Role
from medferry.books.name_match import normal_zh
from medferry.books.notation import half_width, says
from medferry.books.sheets import Remark, tidy
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Field
from medferry.catalog.value_set import LoadedValueSet, name_zh

CODE_COLUMNS = ("code", "name_zh", "note")
INSURANCE_COLUMNS = ("code", "yibao_code", "yibao_name_zh", "note")
_STANDARD = re.compile(
    r"(?:GB|WS|CV|CT|DE|HL7|ICD|LOINC|YY|JR)[A-Z]*(?:[/\s]?T)?[\s\-]*[0-9][0-9A-Z.\-]*", re.IGNORECASE
)
_YEAR = re.compile(r"[-—－][0-9]{4}$")
_INLINE = re.compile(
    r"([0-9]{1,4}|[A-Za-z]{1,3}[0-9]{0,2})\s*[-－—:：=＝.、_\s]?\s*"
    r"([\u4e00-\u9fff][^;；,，、|/\n0-9]*(?:\([^)]*\)|（[^）]*）)?)\s*[;；,，、|/。\s]*"
)
_TURNED_ONE = re.compile(r"([\u4e00-\u9fff]+)\s*[=:]\s*([0-9]{1,4}|[A-Za-z][0-9]{0,2})(?![0-9A-Za-z])")
_TURNED = re.compile(rf"(?:{_TURNED_ONE.pattern}\s*[;,，、|/\s]*){{2,}}")
_UNSAFE = re.compile(r'[\\:*?"<>|\x00-\x1f]')


_LABEL = re.compile(r"^(附?表|附录)\s*[A-Za-z0-9.\-]*\s*")


@dataclass(slots=True)
class SetDraft:
    """A value set as the book gives it: rows of (code, name, note) or with the insurance's code and name."""

    id: str
    title_zh: str
    standard: str
    source: str
    complete: bool
    header: tuple[str, ...] = CODE_COLUMNS
    rows: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    is_listed: bool = False  # the book's index of value sets names it

    @property
    def names(self) -> dict[str, str]:
        at = self.header.index("name_zh" if "name_zh" in self.header else "yibao_name_zh")
        return {row[0]: row[at] for row in self.rows}


def normal_id(text: str) -> str:
    """GB/T 2261.1-2003 -> GBT2261.1"""
    text = unicodedata.normalize("NFKC", text).upper().strip("《》 ")
    return re.sub(r"[\s/_]", "", _YEAR.sub("", text))


class BookSets:
    """All value sets a book knows, on top of those of the catalog below."""

    def __init__(self, catalog: LoadedCatalog, book: str) -> None:
        self._catalog = catalog
        self._book = book
        self.drafts: dict[str, SetDraft] = {}
        self._ids: dict[str, str] = {}
        self._titles: dict[str, list[str]] = {}
        self._labels: dict[str, str | None] = {}  # 表A.1 -> its list; None where two carry the label
        for set_id in catalog.value_set_ids:
            self._learn(set_id, catalog.value_set(set_id).title_zh)

    def _learn(self, set_id: str, title: str) -> None:
        self._ids.setdefault(normal_id(set_id), set_id)
        listed = self._titles.setdefault(_normal_title(title), [])
        if title and set_id not in listed:
            listed.append(set_id)

    def read(self, blocks: Iterable[Block], remarks: list[Remark]) -> None:
        """Takes the index first, then the lists, whatever their order in the book."""
        ordered = sorted(blocks, key=lambda block: block.header.kind is not Kind.SETS)
        for block in ordered:
            if block.header.kind is Kind.SETS:
                self._read_index(block)
            elif block.header.kind is Kind.CODES:
                self._read_codes(block, remarks)
        for draft in self.drafts.values():
            _tell_doubles(draft, remarks)
        self._drop_unchanged()

    def _read_index(self, block: Block) -> None:
        for line in block.lines:
            draft = self._draft(line[Role.SET_ID], line[Role.SET_TITLE], line)
            draft.title_zh = line[Role.SET_TITLE] or draft.title_zh
            draft.standard = line[Role.SET_STANDARD] or draft.standard
            draft.source = line[Role.SOURCE] or draft.source
            draft.complete = line[Role.SET_COMPLETE] != "否"
            draft.is_listed = True

    def _read_codes(self, block: Block, remarks: list[Remark]) -> None:
        own = block.header.has(Role.SET_ID, Role.SET_TITLE)
        for line in block.lines:
            draft = (
                self._draft(line[Role.SET_ID], line[Role.SET_TITLE], line)
                if own
                else self._titled(block, line)
            )
            code, name = half_width(line[Role.CODE]), line[Role.CODE_NAME]
            if line[Role.INSURANCE_CODE] or line[Role.INSURANCE_NAME]:
                draft.header = INSURANCE_COLUMNS
                row: tuple[str, ...] = (
                    code, line[Role.INSURANCE_CODE], line[Role.INSURANCE_NAME], line[Role.CODE_NOTE],
                )  # fmt: skip
                name = line[Role.INSURANCE_NAME]
            else:
                row = (code, name, line[Role.CODE_NOTE])
            if not name:
                remarks.append(line.remark("error", Role.CODE_NAME, f"代码 {code} 没有名称", "补上名称"))
            draft.rows.append(row)
            draft.lines.append(line)

    def _titled(self, block: Block, line: Line) -> SetDraft:
        """The draft of a list that only its title names: 表A.1 卡类型代码表（CARD_TYPE）."""
        set_id, title = _named(block.titles)
        inside = re.search(r"[(（]([^()（）]+)[)）]\s*$", title)
        if not set_id and inside and (known := self._ids.get(normal_id(inside[1]))):
            set_id, title = known, title[: inside.start()].strip()
        draft = self._draft(set_id, title, line)
        label = _LABEL.match(block.titles[0]) if block.titles else None
        if label:
            name = _label(label[0])
            self._labels[name] = draft.id if self._labels.get(name, draft.id) == draft.id else None
        return draft

    def _draft(self, set_id: str, title: str, line: Line) -> SetDraft:
        found = self._find(set_id, title)
        name = found or _UNSAFE.sub("", set_id or title)[:80]
        if name not in self.drafts:
            shown = self._catalog.value_set(name).title_zh if name in self._catalog.value_set_ids else ""
            source = f"{self._book} {line.sheet}!{line.row}"
            self.drafts[name] = SetDraft(name, title or shown or set_id, "", source, complete=True)
            self._learn(name, title)
        return self.drafts[name]

    def _find(self, set_id: str, title: str) -> str | None:
        if set_id in self.drafts or set_id in self._catalog.value_set_ids:
            return set_id
        found = self._ids.get(normal_id(set_id)) if set_id else None
        if found or not title:
            return found
        titled = self._titles.get(_normal_title(title), [])
        return titled[0] if len(titled) == 1 and not set_id else None

    def _drop_unchanged(self) -> None:
        """Lists that say what the catalog below says are left to it; so are index lines without a list."""
        for set_id, draft in list(self.drafts.items()):
            if set_id in self._catalog.value_set_ids and self._says_nothing_new(draft):
                del self.drafts[set_id]

    def _says_nothing_new(self, draft: SetDraft) -> bool:
        below = self._catalog.value_set(draft.id)
        if not draft.rows:
            return not below.is_open or not draft.is_listed or _index(draft) == _index_below(below)
        if draft.is_listed and _index(draft) != _index_below(below):
            return False
        return not below.is_open and draft.rows == [tuple(map(tidy, row)) for row in rows_of(below)]

    def tell_unused(self, used: Container[str], remarks: list[Remark]) -> None:
        """Lists of the book that are new and that no field names."""
        for draft in self.drafts.values():
            if draft.lines and draft.id not in used and draft.id not in self._catalog.value_set_ids:
                text = f"代码表“{draft.title_zh or draft.id}”没有字段引用"
                fix = "在字段的值域一栏写上它的名称或编号；确不用的可以不管"
                remarks.append(draft.lines[0].remark("warning", None, text, fix))

    def resolve(
        self, text: str, line: Line, table: str, own: Field | None, title: str
    ) -> tuple[str | None, list[Remark]]:
        """The value set a cell of 值域 names, writes out or hints at; None for none. `own`: the field below."""
        if not says(text):
            return None, []
        found = self._reference(text, own)
        if found:
            return found, []
        inline = inline_codes(text)
        if inline:
            return self._inline(inline, line, table, own, title), []
        code = _STANDARD.search(unicodedata.normalize("NFKC", text))
        if code or re.search("代码表|字典|编码表|目录", text):
            set_id = code[0].strip() if code else _UNSAFE.sub("", text)[:60]
            if set_id not in self.drafts:
                source = f"{self._book} {line.sheet}!{line.row}"
                self.drafts[set_id] = SetDraft(set_id, text[:80], "", source, complete=False)
                self._learn(set_id, text)
            fix = "把代码表补进书里再导入；在此之前不拒绝该字段的任何代码"
            return set_id, [line.remark("warning", Role.VALUES, f"值域“{text[:40]}”没有代码表", fix)]
        return None, [line.remark("note", Role.VALUES, f"值域一栏是文字，并入说明：{text[:40]}")]

    def _reference(self, text: str, own: Field | None) -> str | None:
        candidates = [text, *re.split(r"[（(《》)）:：]|^[参详]?见", text)]
        candidates += _STANDARD.findall(unicodedata.normalize("NFKC", text))
        for part in filter(None, map(str.strip, candidates)):
            if part in self.drafts or part in self._catalog.value_set_ids:
                return part
            found = self._ids.get(normal_id(part)) or self._labels.get(_label(part))
            if found:
                return found
        for part in filter(None, map(str.strip, candidates)):
            titled = self._titles.get(_normal_title(part), [])
            if own and own.value_set in titled:
                return own.value_set
            if len(titled) == 1:
                return titled[0]
        return None

    def _inline(
        self, codes: Sequence[tuple[str, str]], line: Line, table: str, own: Field | None, title: str
    ) -> str | None:
        if own and own.value_set and own.value_set in self._catalog.value_set_ids:
            names = self._catalog.value_set(own.value_set).names
            if len(names) == len(codes) and all(
                normal_zh(names.get(c, "")) == normal_zh(n) for c, n in codes
            ):
                return own.value_set
        set_id = f"{table}.{own.name if own else normal_zh(title)}"
        source = f"{self._book} {line.sheet}!{line.row}"
        self.drafts[set_id] = SetDraft(
            set_id,
            f"{title.removesuffix('代码')}代码",
            "",
            source,
            complete=True,
            rows=[(code, name, "") for code, name in codes],
        )
        return set_id


def inline_codes(text: str) -> list[tuple[str, str]]:
    """1-男；2-女 as pairs; empty when the text is anything else."""
    whole = unicodedata.normalize("NFKC", text).strip()
    whole = re.sub(r"[\[【]([0-9A-Za-z]{1,4})[\]】]", r"\1-", whole)
    if _TURNED.fullmatch(whole):  # 男=1,女=2
        whole = ";".join(f"{code}-{name}" for name, code in _TURNED_ONE.findall(whole))
    pairs = [(m[1], m[2].strip()) for m in _INLINE.finditer(whole)]
    covered = sum(m.end() - m.start() for m in _INLINE.finditer(whole))
    codes = [code for code, _ in pairs]
    return pairs if len(pairs) >= 2 and covered >= 0.9 * len(whole) and len(set(codes)) == len(codes) else []


def rows_of(value_set: LoadedValueSet) -> list[tuple[str, ...]]:
    """A set's lines as the book's drafts hold them."""
    if value_set.is_open:
        return []
    rows = list(value_set.rows())
    has_insurance = bool(rows) and "yibao_code" in rows[0].values
    if has_insurance:
        return [(r["code"], r["yibao_code"], r["yibao_name_zh"], r["note"]) for r in rows]
    return [(r["code"], name_zh(r), r["note"]) for r in rows]


def _index(draft: SetDraft) -> tuple[object, ...]:
    return draft.title_zh, draft.standard, draft.source, draft.complete


def _index_below(below: LoadedValueSet) -> tuple[object, ...]:
    return tidy(below.title_zh), tidy(below.standard), tidy(below.source), below.complete


def _normal_title(title: str) -> str:
    return re.sub("(代码)?(表|字典)?$", "", normal_zh(title))


def _named(titles: Sequence[str]) -> tuple[str, str]:
    """Id and title from what stands above a list: GB/T 2261.1 性别代码."""
    for text in titles:
        half = unicodedata.normalize("NFKC", text).strip()
        found = _STANDARD.search(half)
        if found:
            rest = (half[: found.start()] + half[found.end() :]).strip(" ()-—:：《》")
            return found[0].strip(), rest
        title = _LABEL.sub("", text).strip()
        if re.search("[\u4e00-\u9fff]", title):
            return "", title
    return "", titles[0] if titles else ""


def _label(text: str) -> str:
    return re.sub(r"\s|[.\-]$", "", unicodedata.normalize("NFKC", text)).upper()


def _tell_doubles(draft: SetDraft, remarks: list[Remark]) -> None:
    seen: dict[str, Line] = {}
    for row, line in zip(draft.rows, draft.lines, strict=False):
        first = seen.setdefault(row[0], line)
        if first is not line:
            text = f"值域 {draft.id} 的代码 {row[0]} 重复，{first.sheet} 第 {first.row} 行已有"
            remarks.append(line.remark("error", Role.CODE, text, "删去其中一行"))


def index_row(draft: SetDraft) -> Mapping[str, str]:
    """Its line in value_sets.csv."""
    return {
        "id": draft.id, "title_zh": draft.title_zh or draft.id, "standard": draft.standard,
        "entries": str(len(draft.rows)), "complete": "yes" if draft.complete else "no",
        "fields_using": "", "source": draft.source,
    }  # fmt: skip
