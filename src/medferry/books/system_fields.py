"""The fields that every table needs: whose a record is, when it was made and changed, whether it is valid.

Books call them as they like (YLJGDM, GXSJ), or do not list them because the platform takes them from the envelope. They
are known by their words (words.yaml `system`), or by what a person says; what a book does not have is kept here and not
sent. The key is theirs too: one field beside the organisation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from medferry.books.fields import FieldDraft, TableDraft
from medferry.books.headers import Role
from medferry.books.name_match import normal_zh
from medferry.books.sheets import Remark
from medferry.books.words import words
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import NOT_SENT, Table


@dataclass(frozen=True, slots=True)
class SystemField:
    """One of them as a book without it gets it."""

    name: str
    name_zh: str
    type: str
    format: str
    required: str
    value_set: str
    use_zh: str


SYSTEM_FIELDS = (
    SystemField("org_code", "医疗机构代码", "string", "AN..22", "R", "", "由报文头说明是哪家机构"),
    SystemField("created_at", "创建时间", "datetime", "DT15", "R", "", "映射仍要给，可与 updated_at 同一列"),
    SystemField("updated_at", "更新时间", "datetime", "DT15", "R", "", "映射仍要给，用来排版本的先后"),
    SystemField("record_status", "记录状态", "code", "N1", "O", "", "没有就不必映射"),
)
_SHOWN_MAX = 5  # tables
OURS_MIN = 2  # of the four: with so many under our names a book speaks as we do, and has forgotten the others
KEYS = "每张表的主键是机构代码加一个字段"


@dataclass(slots=True)
class SystemFields:
    """told: name of ours -> what the book calls it, as a person said; "-" it has none."""

    told: Mapping[str, str]
    remarks: list[Remark]
    absent: dict[str, list[str]] = field(default_factory=dict)

    def complete(self, draft: TableDraft, below: Table | None) -> None:
        """Gives a table that was read its system fields and its key."""
        ours = {f.name for f in draft.fields} & {one.name for one in SYSTEM_FIELDS}
        for one in SYSTEM_FIELDS:
            if one.name in ours:
                continue
            found = self._in_book(draft, one, below)
            if found is None and len(ours) >= OURS_MIN and one.name not in self.told:
                line = draft.lines[0]
                text = f"表 {draft.name} 缺少 {one.name}（{one.name_zh}），书中其余的与程序同名"
                fix = f"补上这一行；确实没有时加 --system {one.name}=-"
                self.remarks.append(Remark("error", line.sheet, 0, "", text, fix))
            elif found is None:
                self._add(draft, one, below)
            else:
                self._call(draft, found, one)
        draft.fields = [
            replace(f, key="PK", required="R") if f.name == "org_code" else f for f in draft.fields
        ]
        self._give_key(draft)
        if below:
            draft.gone = tuple(
                f.name for f in below.fields if f.name not in {one.name for one in draft.fields}
            )

    def _in_book(self, draft: TableDraft, one: SystemField, below: Table | None) -> FieldDraft | None:
        """The book's own field of this kind, under another name."""
        strange = [f for f in draft.fields if not (below and f.name in below.by_name) and _fits(f, one)]
        said = self.told.get(one.name)
        if said is not None:
            return next(
                (f for f in strange if said.lower() in (f.name, f.wire_name.lower(), f.name_zh)), None
            )
        for alias in words().system[one.name]:
            for f in strange:
                if alias in (f.name, normal_zh(f.name_zh)):
                    return f
        return None

    def _call(self, draft: TableDraft, found: FieldDraft, one: SystemField) -> None:
        wire = found.wire_name or found.name
        draft.fields = [replace(f, name=one.name, wire_name=wire) if f is found else f for f in draft.fields]
        text = f"{wire}（{found.name_zh}）认作 {one.name}，报文里仍叫 {wire}"
        self.remarks.append(
            found.line.remark("note", Role.NAME, text, f"不是的话加 --system {one.name}=书中的字段名，或 =-")
        )

    def _add(self, draft: TableDraft, one: SystemField, below: Table | None) -> None:
        line = draft.lines[0]
        self.absent.setdefault(one.name, []).append(draft.name)
        said = self.told.get(one.name, NOT_SENT)
        apart = next((f for f in draft.fields if said.lower() in (f.name, f.wire_name.lower())), None)
        if apart is not None and said != NOT_SENT:
            text = f"{said} 是 {apart.format}，不能作 {one.name}（{one.format}），照普通字段收"
            self.remarks.append(apart.line.remark("warning", Role.TYPE, text))
        own = below.by_name.get(one.name) if below else None
        made = FieldDraft(
            one.name, own.name_zh if own else one.name_zh, one.type, one.format, one.required, "",
            (own.value_set or "") if own else one.value_set, "", "", f"书中没有；{one.use_zh}", "A", line, NOT_SENT,
        )  # fmt: skip
        draft.fields.append(made)

    def tell_absent(self) -> None:
        """Once of each, with all tables that the book gives none."""
        for one in SYSTEM_FIELDS:
            tables = self.absent.get(one.name, [])
            if tables and self.told.get(one.name) != NOT_SENT:
                shown = "、".join(tables[:_SHOWN_MAX]) + ("等" if len(tables) > _SHOWN_MAX else "")
                text = f"{len(tables)} 张表书中没有{one.name_zh}（{one.name}）：{shown}。只在本地用，报文里不带；{one.use_zh}"
                fix = f"书中另有叫法时加 --system {one.name}=书中的字段名，确实没有写 =-"
                self.remarks.append(Remark("note", "", 0, "", text, fix))

    def _give_key(self, draft: TableDraft) -> None:
        """One key beside the organisation: as marked; where none is, the first field that looks like one, told."""
        own = [f for f in draft.fields if f.key == "PK" and f.name != "org_code"]
        if len(own) == 1:
            return
        if len(own) > 1:
            names = "、".join(f.wire_name or f.name for f in own)
            text = f"表 {draft.name} 标了 {len(own)} 个主键字段（{names}），{KEYS}"
            fix = f"加 --key {draft.name}=字段名，说出单独就能确定一条记录的那个；没有就请平台给一个"
            self.remarks.append(own[1].line.remark("error", Role.KEY, text, fix))
            return
        if not draft.is_new:
            return
        likely = [f for f in draft.fields if _looks_like_key(f)]
        if not likely:
            place = draft.blocks[0]
            text = f"新表 {draft.name} 没有主键，{KEYS}"
            fix = f"加“主键”一栏并标出主键，或加 --key {draft.name}=字段名"
            self.remarks.append(Remark("error", place.sheet, place.header_row, "", text, fix))
            return
        key = likely[0]
        text = f"新表 {draft.name} 没有标主键，取 {key.wire_name or key.name}"
        fix = f"不对时加“主键”一栏标出，或加 --key {draft.name}=字段名"
        self.remarks.append(key.line.remark("warning", Role.NAME, text, fix))
        draft.fields = [replace(f, key="PK", required="R") if f is key else f for f in draft.fields]


def complete_tables(
    drafts: Sequence[TableDraft],
    below: LoadedCatalog,
    told: Mapping[str, str],
    keys: Mapping[str, str],
    remarks: list[Remark],
) -> None:
    """Gives each table that was read its system fields and its key. told, keys: as ImportOptions.system and .keys."""
    _keyed_as_told(drafts, keys)
    system = SystemFields(told, remarks)
    for draft in drafts:
        if draft.fields:
            system.complete(draft, None if draft.is_new else below.table(draft.name))
    system.tell_absent()


def _keyed_as_told(drafts: Sequence[TableDraft], told: Mapping[str, str]) -> None:
    """The key that a person named of a table is its only one."""
    for draft in drafts:
        said = told.get(draft.name, "").lower()
        if not any(said in (f.name, f.wire_name.lower()) for f in draft.fields if said):
            continue
        draft.fields = [
            replace(f, key="PK", required="R")
            if said in (f.name, f.wire_name.lower())
            else replace(f, key="" if f.key == "PK" and f.name != "org_code" else f.key)
            for f in draft.fields
        ]


def _fits(field: FieldDraft, one: SystemField) -> bool:
    """A change time that is a text or a date orders nothing: it stays a field of its own."""
    return field.type == "datetime" if one.type == "datetime" else field.type in ("string", "code", "text")


def _looks_like_key(field: FieldDraft) -> bool:
    return (
        field.name.endswith(("_id", "_no", "id", "bsf", "lsh", "bh"))
        and field.name not in ("org_code", "patient_id", "visit_id")
        and not field.key
        and field.required == "R"
        and field.type in ("string", "code")
    )
