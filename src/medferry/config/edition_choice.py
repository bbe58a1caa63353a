"""medferry.yaml `catalog:` names an edition, or two with the day each table changes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from medferry.catalog.editions.folders import load_edition
from medferry.catalog.editions.switch import EVERY_TABLE, SwitchedCatalog
from medferry.catalog.load import LoadedCatalog
from medferry.config.complaint import Complaint, Complaints
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Block, Entry, Node, Scalar
from medferry.errors import CatalogError

EDITION = "jiangxi"
_KEYS = ("edition", "next", "switch")


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """The editions a project names; `after` is None where there is one."""

    before: LoadedCatalog
    after: LoadedCatalog | None
    switch: Mapping[str, date]

    def on(self, day: date) -> LoadedCatalog | SwitchedCatalog:
        """The catalog of a day."""
        return (
            self.before if self.after is None else SwitchedCatalog(self.before, self.after, self.switch, day)
        )

    @property
    def last_day(self) -> date | None:
        """The day from which nothing changes any more."""
        return max(self.switch.values(), default=None)


def read_choice(entry: Entry | None, folder: Path, reading: NodeReader) -> EditionChoice | None:
    """None after a complaint."""
    if entry is None:
        return EditionChoice(load_edition(EDITION, folder), None, {})
    if isinstance(entry.value, Scalar):
        only = _edition(entry.value, folder, reading)
        return EditionChoice(only, None, {}) if only else None
    entries = reading.block(entry.value, "catalog ", _KEYS, required=_KEYS)
    if len(entries) < len(_KEYS):
        return None
    before = _edition(entries["edition"].value, folder, reading)
    after = _edition(entries["next"].value, folder, reading)
    if before is None or after is None:
        return None
    switch = _switch(entries["switch"].value, before, after, reading)
    return EditionChoice(before, after, switch) if switch else None


def _edition(node: Node, folder: Path, reading: NodeReader) -> LoadedCatalog | None:
    name = reading.text(node, "catalog")
    if name is None:
        return None
    try:
        catalog = load_edition(name, folder)
        if catalog.table_names:
            return catalog
        reading.complaints.error(node.place, f"标准版本 {name} 里一张表也没有", fix="重新导入")
    except CatalogError as error:
        known, file = error.values.get("known", ""), error.values.get("file", "")
        text = f"标准版本 {name} 不能用（{file}）" if file else f"没有这个标准版本：{name}"
        reading.complaints.error(node.place, text, expected=str(known), fix=error.fix)
    return None


def _switch(node: Node, before: LoadedCatalog, after: LoadedCatalog, reading: NodeReader) -> dict[str, date]:
    if not isinstance(node, Block) or not node.entries:
        reading.complaints.error(
            node.place, "switch 应写明各表的切换日期", expected='{"*": 2026-07-01, visit: 2026-06-01}'
        )
        return {}
    known = dict.fromkeys((EVERY_TABLE, *before.table_names, *after.table_names))
    switch: dict[str, date] = {}
    for table, entry in node.entries.items():
        text = reading.text(entry.value, f"{table} 的切换日期")
        if table not in known:
            reading.complaints.unknown(entry.key.place, "标准表", table, known)
        elif text is not None:
            try:
                switch[table] = date.fromisoformat(text)
            except ValueError:
                reading.complaints.error(
                    entry.value.place, f"{table} 的切换日期不是日期", expected="如 2026-07-01"
                )
    return switch


def warn_of_later(complaints: Complaints, later: Complaints, choice: EditionChoice) -> None:
    """What will be wrong once every table has changed over is a warning today."""
    assert choice.after is not None
    today = {(one.place, one.message_zh) for one in complaints.all}
    for one in later.all:
        if one.severity == "error" and (one.place, one.message_zh) not in today:
            text = f"切换到 {choice.after.edition} 后（{choice.last_day}）：{one.message_zh}"
            complaints.all.append(Complaint(one.place, text, one.expected, one.nearest, one.fix, "warning"))
