"""Text files of values: decoded, the separator found, one sheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from medferry.books.bounds import CELLS_MAX, TEXT_BYTES_MAX
from medferry.books.sheets import Remark, Row, Sheet, tidy
from medferry.errors import CatalogError

SEPARATORS = (",", "\t", ";", "|")
_SAMPLE_ROWS = 50
_FIX = "用 Excel 打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_csv(path: Path, data: bytes) -> tuple[list[Sheet], list[Remark]]:
    """The file as one sheet under its own name; raises CatalogError at the line that is no line of values."""
    if len(data) > TEXT_BYTES_MAX:
        raise CatalogError(
            "读取字段册", file=path, bytes=len(data), expected=f"不超过 {TEXT_BYTES_MAX} 字节", fix=_FIX
        )
    encoding, text = _decoded(path, data)
    separator = _separator(text)
    rows: list[Row] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for values in reader:
            cells += len(values)
            if cells > CELLS_MAX:
                raise CatalogError(
                    "读取字段册",
                    file=f"{path}:{reader.line_num}",
                    found=f"单元格超过 {CELLS_MAX} 个",
                    fix=_FIX,
                )
            rows.append(Row(reader.line_num, [tidy(value) for value in values]))
    except csv.Error as error:
        raise CatalogError(
            "读取字段册",
            file=f"{path}:{reader.line_num}",
            reason=str(error),
            expected="引号成对、每格不过长的一行",
            fix=f"检查这一行及以上各行的双引号；或{_FIX}",
        ) from error
    shown = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}[separator]
    how = Remark("note", path.stem, 0, "", f"按 {encoding} 编码、{shown}分隔读")
    return [Sheet(path.stem, rows)], [how]


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    encodings = [code for mark, code in _BOMS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return encoding, text
    raise CatalogError(
        "读取字段册",
        file=path,
        reason="不是文本，或编码不认得",
        expected="UTF-8、GB18030（GBK）、带 BOM 的 UTF-16",
        fix=_FIX,
    )


def _separator(text: str) -> str:
    """The one that cuts most lines into equally many cells, and more than one."""
    best, best_rating = ",", (0, 0)
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
                if number >= _SAMPLE_ROWS:
                    break
                if any(values):
                    widths[len(values)] += 1
        except csv.Error:
            continue
        wide = [(count, width) for width, count in widths.items() if width > 1]
        if wide and max(wide) > best_rating:
            best, best_rating = separator, max(wide)
    return best
