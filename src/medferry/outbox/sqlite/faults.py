"""What can go wrong with the ledger's file, in the words that people read: SQLite's errors, and what we find by ourselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medferry.errors import OutboxError
from medferry.outbox.errors import LedgerDamaged, LedgerGone, LedgerHeld

OPENING = "打开账本"
_TOO_OLD = "账本太旧：用写它的版本结清后重建"


@contextmanager
def translated(doing: str, path: Path) -> Iterator[None]:
    """SQLite's errors in our words."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_CONSTRAINT_CHECK":
            raise  # a broken program, not a broken world
        # A bit flipped in a row, or in the table's own definition, which SQLite reads as it stands.
        raise damaged_ledger(path, "有一格不合表的约束，或表的定义已变") from None
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except UnicodeDecodeError:
        # Python cannot even read SQLite's message: it quotes a table's damaged definition.
        raise damaged_ledger(path, "文字已不是 UTF-8") from None
    except sqlite3.Error as error:
        name = str(getattr(error, "sqlite_errorname", type(error).__name__))
        raise OutboxError(doing, fix=_advice(name), 账本=path, 原因=f"{name}: {error}") from error


def _advice(name: str) -> str:
    for start, text in (
        ("SQLITE_FULL", "磁盘已满：清出空间后重新运行，已入账的数据没有丢失"),
        ("SQLITE_BUSY", "账本被别的程序占用：关闭正在打开账本的程序后重试"),
        ("SQLITE_LOCKED", "账本被别的程序占用：关闭正在打开账本的程序后重试"),
        ("SQLITE_READONLY", "账本不可写：检查文件与所在目录的属主和权限"),
        ("SQLITE_CANTOPEN", "账本打不开：检查目录是否存在、是否可写"),
        ("SQLITE_CORRUPT", "账本文件损坏：停止运行，保留原文件，用最近的备份恢复"),
        ("SQLITE_NOTADB", "这个文件不是账本：检查 outbox.path 的配置"),
        ("SQLITE_IOERR", "磁盘读写出错：检查磁盘与文件系统"),
        ("SQLITE_INTERRUPT", "操作被中断，没有任何改动：重试即可"),
    ):
        if name.startswith(start):
            return text
    return "没有任何改动：请把本信息交给维护者"


def is_the_disk(error: BaseException) -> bool:
    """The disk does not read or write as it should, or what lies there is damaged: another try may damage more."""
    name = str(getattr(error, "sqlite_errorname", ""))
    return isinstance(error, sqlite3.Error) and name.startswith(("SQLITE_IOERR", "SQLITE_CORRUPT"))


def left_alone(doing: str, path: Path, failed: str) -> OutboxError:
    """`failed`: SQLite's name of what happened before."""
    reason = f"账本此前读写出错（{failed}），此后没有再写"
    return OutboxError(doing, fix=_advice(failed) + "，然后重新启动", 账本=path, 原因=reason)


def no_ledger(path: Path) -> OutboxError:
    return OutboxError(OPENING, fix="先运行 medferry run，账本由它建立", 账本=path)


def another_database(path: Path) -> OutboxError:
    return OutboxError(OPENING, fix="这个文件是别的数据库：检查 outbox.path 的配置", 账本=path)


def another_version(path: Path, version: int, ours: int, least: int) -> OutboxError:
    """`ours` is what the program writes, `least` the oldest that it brings up to date."""
    if version > ours:
        fix = "升级 medferry 后再打开"
    elif version >= least:
        fix = "先运行一次 medferry run：它打开账本时就地升级"
    else:
        fix = _TOO_OLD
    return OutboxError(OPENING, fix=fix, 账本=path, 账本版本=version, 程序版本=ours)


def first_form() -> OutboxError:
    """Of version 1."""
    return OutboxError("升级账本", fix=_TOO_OLD, 账本版本=1)


def no_lock_file(path: Path, error: OSError) -> OutboxError:
    return OutboxError(OPENING, fix="检查目录是否存在、是否可写", 账本=path, 原因=error.strerror)


def held_by_another(path: Path, holder: str) -> LedgerHeld:
    """`holder`: its process."""
    fix = "同一账本只能由一个 medferry run 写：先停掉那个进程"
    return LedgerHeld(OPENING, fix=fix, 账本=path, 占用进程=holder)


_RESTORE = "用最近的备份恢复它；确实要从空账本开始，先把它移走（各路线随后从头读起，已送的会再送一次）"


def empty_ledger(path: Path) -> LedgerDamaged:
    return LedgerDamaged(OPENING, fix=_RESTORE, 账本=path, 原因="文件是空的（0 字节），不是 medferry 建立的")


def cut_ledger(path: Path, found_bytes: int, whole_bytes: int) -> LedgerDamaged:
    reason = "文件被截断，缺少末尾的部分"
    return LedgerDamaged(
        OPENING, fix=_RESTORE, 账本=path, 原因=reason, 字节=found_bytes, 应有字节=whole_bytes
    )


def log_without_ledger(path: Path, log: Path) -> LedgerDamaged:
    fix = f"把账本放回它的日志旁边；找不回来：{_RESTORE}，日志一并移走"
    return LedgerDamaged(OPENING, fix=fix, 账本=path, 原因="账本不见了，它的日志还在", 日志=log)


def damaged_ledger(path: Path, found: str) -> LedgerDamaged:
    return LedgerDamaged(OPENING, fix=f"保留原文件。{_RESTORE}", 账本=path, 原因=f"自检未通过：{found}")


def linked_ledger(path: Path, links: int) -> OutboxError:
    fix = "账本只能有一个名字，否则两处的日志互不相见：删去其余硬链接（备份请用 sqlite3 的 .backup 或停机后复制）"
    return OutboxError(OPENING, fix=fix, 账本=path, 硬链接=links)


def linked_lock(path: Path, lock: Path) -> OutboxError:
    fix = "锁文件应由 medferry 自己建立，不能是链接或别的东西：确认没有 medferry run 在运行后删去它"
    return OutboxError(OPENING, fix=fix, 账本=path, 锁文件=lock)


def no_file(path: Path, error: OSError) -> OutboxError:
    return OutboxError(OPENING, fix="检查路径与权限", 账本=path, 原因=error.strerror)


def ledger_gone(doing: str, path: Path, *, replaced: bool) -> LedgerGone:
    what = "已被换成另一个文件" if replaced else "已被删除或移走"
    fix = "停止运行，把账本放回原处（或用备份恢复）后再启动：此刻写入的内容谁也读不到，所以没有写"
    return LedgerGone(doing, fix=fix, 账本=path, 原因=f"账本文件在运行中{what}")
