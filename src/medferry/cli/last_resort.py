"""The last resort of the command line: terminals without Chinese, readers that left, files, our own faults."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from traceback import StackSummary, walk_tb

from medferry import __version__
from medferry.errors import shown

_FILES: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: ("磁盘已满", "腾出空间后再做一次"),
    errno.EDQUOT: ("磁盘配额已满", "腾出空间后再做一次"),
    errno.EACCES: ("没有权限", "换一个能读写的位置，或请管理员开通权限"),
    errno.EPERM: ("没有权限", "换一个能读写的位置，或请管理员开通权限"),
    errno.EROFS: ("所在的盘只读", "换一个能写的位置"),
    errno.ENOENT: ("文件或目录不存在", "先建好目录，或核对路径"),
    errno.ENOTDIR: ("路径中间有一段不是目录", "核对路径"),
    errno.EISDIR: ("这是目录，应为文件", "写出文件名"),
    errno.ENAMETOOLONG: ("路径太长", "换一个短的路径"),
    errno.EMFILE: ("打开的文件太多", "调高 ulimit -n 后再做一次"),
}


def speak_anywhere() -> None:
    """Whatever the terminal's encoding, nothing that is said ends a command: ASCII is taken for UTF-8, as click does; what
    another encoding lacks is shown by its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968"):
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="backslashreplace")


def leave_quietly() -> None:
    """Writes what can still be written; the rest goes nowhere: else the interpreter tries again, and complains."""
    try:
        sys.stdout.flush()
        return
    except OSError:
        pass
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)


def about_files(error: OSError, command: str) -> str | None:
    """What is wrong with a file or the output, and where; None for an error that says nothing of files."""
    known = _FILES.get(error.errno or 0)
    if known is None:
        return None
    said, fix = known
    place = "" if error.filename is None else f"，位置={shown(str(error.filename))}"
    return f"执行 {command} 时出错：{said}{place}。处理办法：{fix}"


def about_ourselves(error: BaseException, command: str) -> str:
    """Writes a report for the authors and says where it lies. Values are left out: they may be a patient's."""
    said = f"执行 {command} 时程序自身出错（{type(error).__name__}）"
    try:
        number, name = tempfile.mkstemp(prefix="medferry-", suffix=".txt")  # for its owner only
        with os.fdopen(number, "w", encoding="utf-8") as report:
            report.write(_report(error, command))
    except OSError:
        return f"{said}，报告也写不下（临时目录不可写）。处理办法：设环境变量 TMPDIR 为能写的目录，再做一次"
    return f"{said}。报告在 {Path(name)}（只有代码位置，没有患者内容）；处理办法：把它交给维护 medferry 的人"


def _report(error: BaseException, command: str) -> str:
    parts = [f"medferry {__version__}, Python {sys.version.split()[0]}, {sys.platform}: {command}\n"]
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        stack = StackSummary.extract(walk_tb(now.__traceback__))
        parts += [f"\n{type(now).__module__}.{type(now).__qualname__}\n", *stack.format()]
        now = now.__cause__ or now.__context__
    return "".join(parts)
