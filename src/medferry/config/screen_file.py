"""screens.csv: on which screen of which system a person fills a field; read by the gap report. The file may be missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from medferry.catalog.model import Catalog
from medferry.config.complaint import Complaints, Place
from medferry.config.text_file import csv_rows, is_there, read_text_file

FILE = "screens.csv"
COLUMNS = ("table", "field", "system", "screen")
OPTIONAL = ("campus", "desk")
KNOWN = (*COLUMNS, *OPTIONAL, "note")

ScreenPlace = tuple[str, str, str]
"""Campus ("" for every campus), table, field ("" for the rest of the table)."""


@dataclass(frozen=True, slots=True)
class Screen:
    """As people call them: 门诊医生站, 诊断录入. desk: who fills it; "" for the department of the record."""

    system: str
    screen: str
    desk: str = ""


def screen_of(screens: Mapping[ScreenPlace, Screen], campus: str, table: str, field: str) -> Screen | None:
    """The line that says most: the field's before its table's, the campus's before that of every campus."""
    places = ((campus, table, field), ("", table, field), (campus, table, ""), ("", table, ""))
    return next((screens[place] for place in places if place in screens), None)


def read_screens(
    folder: Path, catalog: Catalog, campuses: Collection[str], complaints: Complaints
) -> Mapping[ScreenPlace, Screen]:
    """A field's own line comes before a pattern (`contact_*`) that fits it; of two patterns the upper one holds."""
    path = folder / FILE
    if not is_there(path):
        return {}
    lines = _lines(path, complaints)
    found: dict[ScreenPlace, Screen] = {}
    by_pattern: dict[ScreenPlace, Screen] = {}
    for place, (table, field, system, screen, campus, desk) in lines:
        if table not in catalog.table_names:
            complaints.unknown(place, "标准表", table, catalog.table_names)
            continue
        names = catalog.table(table).field_names
        fits = [name for name in names if fnmatchcase(name, field)] if "*" in field else [field]
        if field and not set(fits) & set(names):
            complaints.unknown(place, f"{table} 的字段", field, names)
        elif campus and campus not in campuses:
            complaints.unknown(place, "院区", campus, tuple(campuses))
        elif (campus, table, field) in found:
            complaints.error(place, f"{campus} {table} {field} 重复".strip(), fix="删去其中一行")
        elif "*" in field:
            for name in fits:
                by_pattern.setdefault((campus, table, name), Screen(system, screen, desk))
        else:
            found[campus, table, field] = Screen(system, screen, desk)
    return by_pattern | found


def _lines(path: Path, complaints: Complaints) -> list[tuple[Place, list[str]]]:
    """What stands in COLUMNS and OPTIONAL, line by line; none where the file or its heading cannot be used."""
    top = Place(FILE, 1, 1)
    text = read_text_file(path, FILE, complaints, encoding_fix="在 Excel 中另存为“CSV UTF-8（逗号分隔）”")
    if text is None:
        return []
    rows = csv_rows(text, FILE, complaints)
    head = next(rows, (1, []))[1]
    if missing := [name for name in COLUMNS if name not in head]:
        complaints.error(top, f"首行缺少栏目 {'、'.join(missing)}", expected=",".join(COLUMNS))
        return []
    for name in head:
        if name and name not in KNOWN:
            complaints.unknown(top, "栏目", name, KNOWN)
    found = []
    for line, row in rows:
        cells = dict(zip(head, row, strict=False))
        if row:
            found.append(
                (Place(FILE, line, 1), [cells.get(name, "").strip() for name in (*COLUMNS, *OPTIONAL)])
            )
    return found
