"""A project's file as text, whatever lies under its name: read whole and once, or complained of.

A folder, a pipe, a device, a link in a circle, a file without right or of a gigabyte: each is a complaint with its remedy,
and none of them makes the program wait or fill its memory.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from medferry.config.complaint import Complaints, Place

BYTES_MAX = 50_000_000
_CSV_FIX = "多半是引号没有成对：从这一行往上找单独的双引号，成对或删去"


def read_text_file(path: Path, file: str, complaints: Complaints, *, encoding_fix: str) -> str | None:
    """The file's text without byte order mark; None after a complaint.

    file          as people call it: relative to the project folder
    encoding_fix  what to do when it is no UTF-8
    """
    top = Place(file, 1, 1)
    try:
        data = _bytes_of(path)
    except FileNotFoundError:
        complaints.error(top, "文件不存在", fix=f"请新建 {file}")
    except PermissionError:
        complaints.error(top, "没有读这个文件的权限", fix=f"把 {file} 的读权限给运行 medferry 的账号")
    except OSError as error:
        complaints.error(
            top, f"文件读不出来：{error.strerror or '原因不明'}", fix="检查磁盘与链接，换成普通文件"
        )
    else:
        if data is None:
            complaints.error(
                top, "这里应是一个普通文件，却是目录、管道或设备", fix=f"移开它，新建文本文件 {file}"
            )
        elif len(data) > BYTES_MAX:
            complaints.error(
                top, f"文件超过 {BYTES_MAX // 1_000_000} MB", fix="多半放错了文件；拆小，或移开它"
            )
        else:
            try:
                return data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                line = data[: error.start].count(b"\n") + 1
                complaints.error(Place(file, line, 1), "文件不是 UTF-8 编码", fix=encoding_fix)
    return None


def is_there(path: Path) -> bool:
    """Something lies there, be it a link to nothing: of a file that may be missing."""
    return path.is_symlink() or path.exists()


def csv_rows(text: str, file: str, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their last line; ends with a complaint where a cell has no end."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            complaints.error(Place(file, max(rows.line_num, 1), 1), "不是合法的 CSV", fix=_CSV_FIX)
            return
        yield rows.line_num, row


def _bytes_of(path: Path) -> bytes | None:
    """At most a byte more than allowed; None for what is no regular file. Never waits."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return opened.read(BYTES_MAX + 1)
