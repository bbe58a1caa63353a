"""codes/<name>.csv: local code -> standard code, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from medferry.catalog.model import ValueSet
from medferry.config.complaint import Complaints, Place
from medferry.config.text_file import csv_rows, read_text_file
from medferry.mapping.model import CodeTable, nearest

COLUMNS = ("local", "standard", "local_name", "standard_name", "note")


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A read code table with the line of each local code."""

    file: str
    table: CodeTable
    lines: Mapping[str, int]

    def check_against(self, sets: Sequence[ValueSet], complaints: Complaints) -> None:
        """Every standard code must be in one of the value sets of the field that uses the table; the first is its own."""
        if any(one.is_open for one in sets):
            return
        value_set = sets[0]
        for local, standard in self.table.standard_of.items():
            if not any(standard in one.valid for one in sets):
                place = Place(self.file, self.lines[local], 1)
                title = f"{value_set.id} {value_set.title_zh}"
                if value_set.valid_ids[0] != value_set.id:
                    title += f"（codings 改认 {'、'.join(value_set.valid_ids)}）"
                near = nearest(standard, value_set.valid.listed) or ""
                complaints.error(
                    place, f"标准代码 {standard} 不在值域 {title} 中", near=near, fix="改 standard 一栏"
                )


def read_code_files(folder: Path, complaints: Complaints) -> dict[str, CodeFile]:
    """All code tables of a project, by name; a damaged one is complained of and empty."""
    paths = sorted((folder / "codes").glob("*.csv"))
    return {path.stem: _read(path, f"codes/{path.name}", complaints) for path in paths}


def _read(path: Path, file: str, complaints: Complaints) -> CodeFile:
    top = Place(file, 1, 1)
    text = read_text_file(path, file, complaints, encoding_fix="在 Excel 中另存为“CSV UTF-8（逗号分隔）”")
    if text is None:
        return CodeFile(file, CodeTable(path.stem, {}), {})
    rows = csv_rows(text, file, complaints)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    missing = [name for name in COLUMNS[:2] if name not in header]
    if missing:
        complaints.error(top, f"首行缺少栏目 {'、'.join(missing)}", expected=",".join(COLUMNS))
    for name in header:
        if name not in COLUMNS:
            complaints.unknown(top, "栏目", name, COLUMNS)
    if len(set(header)) != len(header):
        complaints.error(top, "首行有重复的栏目", expected=",".join(COLUMNS))
    if missing:
        return CodeFile(file, CodeTable(path.stem, {}), {})
    return _rows(rows, header, path.stem, file, complaints)


def _rows(
    rows: Iterator[tuple[int, list[str]]], header: list[str], name: str, file: str, complaints: Complaints
) -> CodeFile:
    standard_of: dict[str, str] = {}
    lines: dict[str, int] = {}
    local_at, standard_at = header.index("local"), header.index("standard")
    for line, row in rows:
        place = Place(file, line, 1)
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            complaints.error(
                place, f"这一行有 {len(row)} 栏，首行有 {len(header)} 栏", fix="含逗号的文字请加双引号"
            )
            continue
        local, standard = row[local_at].strip(), row[standard_at].strip()
        if not local:
            complaints.error(
                place, "院内代码 local 是空的", fix="缺失值不经代码对照；要填“未说明”请在映射里用 default"
            )
        elif local in lines:
            complaints.error(place, f"院内代码 {local} 重复，第 {lines[local]} 行已有", fix="删去其中一行")
        else:
            lines[local] = line
            if standard:
                standard_of[local] = standard
            else:
                complaints.warning(place, f"院内代码 {local} 尚未对照标准代码，将原样送校验")
    return CodeFile(file, CodeTable(name, standard_of), lines)
