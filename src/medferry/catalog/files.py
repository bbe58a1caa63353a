"""Where the standard's files are and how one is read: the only place that opens them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from medferry.errors import CatalogError

Reader = Callable[[Path], bytes]
"""Reads one file whole; raises OSError. Handed in where a test wants to see which files are opened."""

_HERE = Path(__file__).parent


def editions() -> tuple[str, ...]:
    """Editions that come with the program."""
    return tuple(sorted(folder.parent.name for folder in _HERE.glob("*/tables.csv")))


def edition_folder(edition: str) -> Path:
    """Folder of a shipped edition; raises CatalogError for an unknown one."""
    if edition not in editions():
        raise CatalogError(
            "查找标准版本", edition=edition, known="、".join(editions()), fix="改用已有的版本名"
        )
    return _HERE / edition


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One line of a CSV file; `values` has every column of its header, as written."""

    path: Path
    line: int
    values: dict[str, str]

    @property
    def place(self) -> str:
        """file:line"""
        return f"{self.path}:{self.line}"

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def fault(self, expected: str, *, fix: str, **values: object) -> NoReturn:
        """Raises CatalogError naming this line."""
        raise CatalogError("读取标准数据", file=self.place, expected=expected, fix=fix, **values)


@dataclass(frozen=True, slots=True)
class CatalogFiles:
    """An edition's files: folders laid over each other, the first that holds a file wins."""

    folders: tuple[Path, ...]
    reader: Reader = Path.read_bytes

    def find(self, relative: str) -> Path | None:
        """The file in force, None when no folder holds it."""
        return next((path for folder in self.folders if (path := folder / relative).is_file()), None)

    def layers(self, relative: str) -> tuple[Path, ...]:
        """All files of this name, the lowest layer first."""
        return tuple(path for folder in reversed(self.folders) if (path := folder / relative).is_file())

    def names_in(self, relative: str) -> tuple[str, ...]:
        """Names of entries of a folder over all layers, sorted."""
        found = {p.name for f in self.folders if (f / relative).is_dir() for p in (f / relative).iterdir()}
        return tuple(sorted(found))

    def path(self, relative: str) -> Path:
        """Like `find`; raises CatalogError when the file is missing."""
        found = self.find(relative)
        if found is None:
            raise CatalogError(
                "读取标准数据",
                file=self.folders[0] / relative,
                expected="文件存在",
                fix="补上该文件，或重新安装程序",
            )
        return found

    def text(self, path: Path) -> str:
        """UTF-8 text of a file; a BOM is tolerated. Raises CatalogError."""
        try:
            return self.reader(path).decode("utf-8-sig")
        except OSError as error:
            raise CatalogError(
                "读取标准数据", file=path, reason=error.strerror, fix="检查文件是否存在、是否可读"
            ) from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise CatalogError(
                "读取标准数据", file=f"{path}:{line}", expected="UTF-8 编码", fix="把文件另存为 UTF-8"
            ) from error

    def rows(self, path: Path, columns: Sequence[str]) -> Iterator[CsvRow]:
        """Lines of a CSV file that has at least `columns`; more columns are allowed and kept."""
        reader = csv.reader(io.StringIO(self.text(path), newline=""), strict=True)
        line = 1  # where the record being read begins: an open quote is noticed much later
        try:
            header = next(reader, [])
            missing = [column for column in columns if column not in header]
            if missing:
                raise CatalogError(
                    "读取标准数据",
                    file=f"{path}:1",
                    expected=f"表头含有列 {'、'.join(missing)}",
                    fix="补上缺少的列",
                )
            line = reader.line_num + 1
            for values in reader:
                if values:
                    yield _row(path, line, header, values)
                line = reader.line_num + 1
        except csv.Error as error:
            raise CatalogError(
                "读取标准数据",
                file=f"{path}:{line}",
                expected="合法的 CSV（引号成对）",
                fix="检查引号与逗号",
            ) from error


def edition_files(
    edition: str, overlay: Path | None, reader: Reader = Path.read_bytes
) -> tuple[str, CatalogFiles]:
    """The edition's name in the ledger and its files, the overlay on top; raises CatalogError."""
    folder = edition_folder(edition)
    if overlay is None:
        return edition, CatalogFiles((folder,), reader)
    if not overlay.is_dir():
        raise CatalogError("叠加本院标准", folder=overlay, expected="文件夹存在", fix="检查路径")
    return f"{edition}+{overlay.name}", CatalogFiles((overlay, folder), reader)


def _row(path: Path, line: int, header: list[str], values: list[str]) -> CsvRow:
    if len(values) != len(header):
        raise CatalogError(
            "读取标准数据",
            file=f"{path}:{line}",
            expected=f"{len(header)} 列",
            found=f"{len(values)} 列",
            fix="检查这一行的逗号与引号",
        )
    return CsvRow(path, line, dict(zip(header, values, strict=True)))


def value_set_file(set_id: str) -> str:
    """Relative name of a value set's file: `/` and blanks of the id become `_`."""
    return f"value_sets/{re.sub('[/ ]', '_', set_id)}.csv"
