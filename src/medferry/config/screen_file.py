"""screens.csv: on which screen of which system a person fills a field; read by the gap report. The file may be missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from medferry.catalog.model import Catalog
from medferry.config.complaint import Complaints, Place

FILE = "screens.csv"
COLUMNS = ("table", "field", "system", "screen")


@dataclass(frozen=True, slots=True)
class Screen:
    """As people call them: 门诊医生站, 诊断录入."""

    system: str
    screen: str


def read_screens(folder: Path, catalog: Catalog, complaints: Complaints) -> Mapping[tuple[str, str], Screen]:
    """(table, field) -> screen; field "" for every field of the table that has no line of its own."""
    path = folder / FILE
    if not path.is_file():
        return {}
    top = Place(FILE, 1, 1)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        complaints.error(top, "文件不是 UTF-8 编码", fix="在 Excel 中另存为“CSV UTF-8（逗号分隔）”")
        return {}
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        complaints.error(top, f"首行缺少栏目 {'、'.join(missing)}", expected=",".join(COLUMNS))
        return {}
    found: dict[tuple[str, str], Screen] = {}
    for row in reader:
        place = Place(FILE, reader.line_num, 1)
        table, field, system, screen = ((row[name] or "").strip() for name in COLUMNS)
        if table not in catalog.table_names:
            complaints.unknown(place, "标准表", table, catalog.table_names)
        elif field and field not in catalog.table(table).by_name:
            complaints.unknown(place, f"{table} 的字段", field, catalog.table(table).field_names)
        elif (table, field) in found:
            complaints.error(place, f"{table} {field} 重复", fix="删去其中一行")
        else:
            found[table, field] = Screen(system, screen)
    return found
