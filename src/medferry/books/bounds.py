"""How much of a file is read at all: a book is some megabytes, and what is more is told instead of filling the memory."""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from medferry.errors import CatalogError

FILE_BYTES_MAX = 64 * 1024 * 1024
TEXT_BYTES_MAX = 32 * 1024 * 1024  # of a csv
XLS_BYTES_MAX = 16 * 1024 * 1024  # packed binary: each byte may become a cell
UNZIPPED_BYTES_MAX = 256 * 1024 * 1024
PARTS_MAX = 5_000  # files in the package: a thousand sheets and their relations
CELLS_MAX = 1_500_000  # of a book, also empty ones that carry a format
SPAN_MAX = 1_000  # columns that one cell of a text document may cover

_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_ENTITY = tuple("<!ENTITY".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_CELL = re.compile(rb"<(?:[A-Za-z0-9]+:)?(?:c|tc)[\s/>]")
_SPAN = re.compile(rb"<(?:[A-Za-z0-9]+:)?grid(?:Span|Before|After)\s[^>]{0,200}?val=[\"']([0-9]{4,})")
_MERGED = re.compile(
    rb"<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]{0,80}?ref=[\"']\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})[\"']"
)
_CHUNK = 1024 * 1024
_KEPT = 512  # bytes of a chunk read again with the next, so that nothing hides on the border
_SMALLER = "只留字段表与代码表，删去末尾的空行空列、图片与附件，另存后再导入"


def read_bytes(path: Path) -> bytes:
    """The file's bytes; raises CatalogError for what is no file, cannot be read, or is larger than any book."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise CatalogError(
                "读取字段册", file=path, expected="一个文件", fix="给出文件，不是目录、管道或设备"
            )
        if about.st_size > FILE_BYTES_MAX:
            raise CatalogError(
                "读取字段册",
                file=path,
                bytes=about.st_size,
                expected=f"不超过 {FILE_BYTES_MAX} 字节",
                fix=_SMALLER,
            )
        return path.read_bytes()
    except OSError as error:
        raise CatalogError("读取字段册", file=path, reason=error.strerror, fix="检查路径与权限") from error


def check_package(path: Path, data: bytes) -> frozenset[str]:
    """The names of the package's parts, once it is known to be of a size and kind that can be read.

    raises  CatalogError: cut off, too large when unzipped, too many cells, a document type or entities in its XML
    """
    cells = size = 0
    try:
        with ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > PARTS_MAX:
                raise _too_large(path, f"有 {len(parts)} 个部分", f"不超过 {PARTS_MAX} 个")
            for part in parts:
                if not part.filename.lower().endswith((".xml", ".rels")):
                    continue
                for chunk, fresh in _chunks(package, part):
                    size += fresh
                    if size > UNZIPPED_BYTES_MAX:
                        raise _too_large(path, f"解开后超过 {UNZIPPED_BYTES_MAX} 字节", "小一些的文件")
                    _check_xml(path, part.filename, chunk)
                    cells += len(_CELL.findall(chunk, 0, fresh)) + _merged(chunk[:fresh])
                    if cells > CELLS_MAX:
                        raise _too_large(
                            path,
                            f"单元格超过 {CELLS_MAX} 个（带格式的空格子、合并进去的格子也算）",
                            "小一些的文件",
                        )
    except (
        BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        _zlib_error(),
    ) as error:
        raise not_a_book(path, error) from error
    return frozenset(part.filename for part in parts)


def _chunks(package: ZipFile, part: ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Pieces of a part, each with the beginning of the next behind it; and how many bytes are its own."""
    with package.open(part) as file:
        held = b""
        while piece := file.read(_CHUNK):
            whole = held + piece
            if len(whole) > _KEPT:
                own = len(whole) - _KEPT
                yield whole, own
                held = whole[own:]
            else:
                held = whole
        yield held, len(held)


def _merged(chunk: bytes) -> int:
    """Cells that merged areas cover: each is made one by one when the sheet is read."""
    return sum(
        (int(bottom) - int(top) + 1) * (_column(right) - _column(left) + 1)
        for left, top, right, bottom in _MERGED.findall(chunk)
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _check_xml(path: Path, part: str, chunk: bytes) -> None:
    if any(mark in chunk for mark in (*_DOCTYPE, *_ENTITY)):
        raise CatalogError(
            "读取字段册",
            file=path,
            part=part,
            reason="含有文档类型或实体声明",
            expected="Office 或 WPS 存出的文件（从不含有这些）",
            fix="不要打开来历不明的文件；确是字段册时用 Office 或 WPS 另存一份再导入",
        )
    span = next((int(one) for one in _SPAN.findall(chunk) if int(one) > SPAN_MAX), 0)
    if span:
        raise _too_large(path, f"一个单元格跨 {span} 列", f"不超过 {SPAN_MAX} 列")


def _too_large(path: Path, found: str, expected: str) -> CatalogError:
    return CatalogError("读取字段册", file=path, found=found, expected=expected, fix=_SMALLER)


def _zlib_error() -> type[Exception]:
    import zlib

    return zlib.error


def not_a_book(path: Path, error: Exception) -> CatalogError:
    """The file's content is not what its name says."""
    return CatalogError(
        "读取字段册",
        file=path,
        reason=type(error).__name__,
        expected=f"未加密、未损坏的 {path.suffix} 文件",
        fix="用 Office 或 WPS 打开，去掉打开口令，另存一份再导入；打不开时向发布单位重新索取",
    )
