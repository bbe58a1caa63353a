"""The ledger as a file on a disk: whose it is, that it is whole, that nobody else writes it, that it is still there."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path

from medferry.errors import OutboxError
from medferry.outbox.sqlite.faults import (
    OPENING,
    cut_ledger,
    empty_ledger,
    held_by_another,
    ledger_gone,
    linked_ledger,
    linked_lock,
    log_without_ledger,
    no_file,
    no_lock_file,
)

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_BESIDE = ("-wal", "-shm", "-journal")


def check_whole(path: Path) -> None:
    """Raises for what is there and is no whole ledger: nothing in it is begun anew in silence. Nothing there is fine."""
    wal = path.with_name(f"{path.name}-wal")
    log_bytes = wal.stat().st_size if wal.exists() else 0
    try:
        found = path.stat()
    except FileNotFoundError:
        if log_bytes:
            raise log_without_ledger(path, wal) from None
        return
    except OSError as error:
        raise no_file(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise OutboxError(
            OPENING, fix="outbox.path 应是一个普通文件：检查 medferry.yaml", 账本=path, 原因="不是文件"
        )
    if found.st_size == 0:
        raise empty_ledger(path)
    if found.st_nlink > 1:
        raise linked_ledger(path, found.st_nlink)
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC[: len(header)]):
        return  # SQLite says what it is not
    page_bytes = int.from_bytes(header[16:18], "big")
    page_bytes = 65_536 if page_bytes == 1 else page_bytes
    whole_bytes = int.from_bytes(header[28:32], "big") * page_bytes
    if len(header) < _HEADER_BYTES or (found.st_size < whole_bytes and not log_bytes):
        # With a log, the pages that are missing here may still lie there: SQLite knows.
        raise cut_ledger(path, found.st_size, whole_bytes)


def make_new(path: Path, fill: Callable[[Path], None]) -> None:
    """A new ledger comes into its place whole: whoever is killed while making it leaves nothing there.

    fill  writes the ledger into the empty file given, and lets go of it
    """
    new = path.with_name(f"{path.name}.new")
    for leftover in (new, *(one.with_name(one.name + end) for one in (new, path) for end in _BESIDE)):
        leftover.unlink(missing_ok=True)  # beside the ledger's own place: empty ones, see check_whole
    os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    new.chmod(0o600)  # whatever the umask
    fill(new)
    new.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Identity:
    """Which file was opened; `check` notices that another one, or none, lies in its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = self._now()

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def check(self, doing: str) -> None:
        """Raises LedgerGone: what would be written now, nobody would ever read."""
        now = self._now()
        if now is None or now != self._opened:
            raise ledger_gone(doing, self._path, replaced=now is not None)


def lock_out_others(path: Path) -> int:
    """Holds `<ledger>.lock` as long as the process lives; the kernel frees it even after a kill.

    path  without links: whoever comes by another name comes to the same lock
    """
    lock = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if lock.is_symlink():
            raise linked_lock(path, lock)
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError as error:
        raise no_lock_file(path, error) from error
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(fd)  # its content is not ours
        raise linked_lock(path, lock)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(fd, 32).decode(errors="replace").strip() or "未知"
        os.close(fd)
        raise held_by_another(path, holder) from error
    os.ftruncate(fd, 0)
    os.write(fd, f"{os.getpid()}\n".encode())
    return fd
