"""What people ask of the process that writes the ledger, left as files in a folder beside it: a ledger has one such process.

A letter lies there until what it asks for is done. What is no letter of ours is left alone; one that bears the name of a
letter and cannot be read is set aside under another name, and told once: it must not stop a run at every start.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

from medferry.clock import Clock
from medferry.config.model import Project
from medferry.errors import OutboxError
from medferry.events import Listener, RequestSetAside

FOLDER = "requests"
LETTERS_MAX = 1_000  # taken at once; more wait for the next look
BYTES_MAX = 4_000_000  # of one letter
ROWS_MAX = 100_000  # that one letter asks to send again
ASIDE = ".bad"
_HALF_WRITTEN = ".new"
_SEQUENCE_MAX = 2**63 - 1  # the ledger's integers
# Version 0.1 wrote codes-<time>-<table>.json, resend-<time>.json and an empty review.request: they are still taken.
_NAME = re.compile(
    r"(?P<kind>codes|resend|review)(?:-(?P<at>[0-9]*).*\.json|(?<=review)\.request)", re.DOTALL
)
_FOLDER_FIX = "检查账本所在目录下的 requests 是否可读可写、磁盘是否已满"


@dataclass(frozen=True, slots=True)
class HealCodes:
    """A code table has changed: read the tables anew and map the rows again that were held for it."""

    codes: str


@dataclass(frozen=True, slots=True)
class Requeue:
    """Rows that stand still, refused or parked, are to be sent again: sequences of the ledger, never keys."""

    sequences: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewNow:
    """The whole review, now."""


Request = HealCodes | Requeue | ReviewNow
R = TypeVar("R", HealCodes, Requeue, ReviewNow)
_KIND_OF: Mapping[type[Request], str] = {HealCodes: "codes", Requeue: "resend", ReviewNow: "review"}


@dataclass(frozen=True, slots=True)
class Letter(Generic[R]):
    """A request as it lies in the folder."""

    path: Path
    request: R


class Mailbox:
    """Of one ledger, for one who reads it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stuck: set[str] = set()  # told at the last look, and could not be set aside

    @classmethod
    def of(cls, project: Project) -> Mailbox:
        return cls(project.outbox.path.parent / FOLDER)

    def put(self, request: Request, clock: Clock) -> Path:
        """Leaves a request for the process that writes the ledger, or the next one; it is there whole or not at all.

        raises  OutboxError: the folder cannot be written
        """
        kind, said = _written(request)
        name = f"{kind}-{clock.now():%Y%m%d%H%M%S%f}-{os.getpid()}"
        paths = (self._folder / f"{name}-{number}.json" for number in count(1))
        path = next(one for one in paths if not one.exists())
        new = path.with_suffix(_HALF_WRITTEN)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                json.dump(said, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError as error:
            raise OutboxError("留下请求", 目录=self._folder, 原因=error.strerror, fix=_FOLDER_FIX) from error
        return path

    def pending(self, kind: type[R], tell: Listener) -> list[Letter[R]]:
        """Letters of a kind, oldest first; those that cannot be read are set aside and told.

        raises  OutboxError: the folder cannot be read
        """
        found: list[Letter[R]] = []
        stuck: set[str] = set()
        for path in self._paths(_KIND_OF[kind]):
            if len(found) == LETTERS_MAX:
                break
            try:
                request = _read(path, _KIND_OF[kind])
                assert isinstance(request, kind)
                found.append(Letter(path, request))
            except FileNotFoundError:  # another reader was quicker
                continue
            except _Unreadable as unreadable:
                if path.name not in self._stuck:
                    tell(RequestSetAside(path.name, str(unreadable)))
                if not _set_aside(path):
                    stuck.add(path.name)
        self._stuck = stuck
        return found

    def done(self, letters: Iterable[Letter[R]]) -> None:
        """What was asked for has been done; a reader that is cut off before this finds less to do the next time."""
        for one in letters:
            one.path.unlink(missing_ok=True)

    def _paths(self, kind: str) -> list[Path]:
        try:
            names = [one.name for one in self._folder.iterdir()]
        except FileNotFoundError:  # nobody has asked yet
            return []
        except OSError as error:
            raise OutboxError("读取请求", 目录=self._folder, 原因=error.strerror, fix=_FOLDER_FIX) from error
        letters = [letter for name in names if (letter := _NAME.fullmatch(name)) and letter["kind"] == kind]
        return [self._folder / one[0] for one in sorted(letters, key=lambda one: (one["at"] or "", one[0]))]


class _Unreadable(Exception):
    """Bears the name of a letter and is none; says why, in words for people."""


def _written(request: Request) -> tuple[str, dict[str, object]]:
    match request:
        case HealCodes(codes):
            return "codes", {"codes": codes}
        case Requeue(sequences, reason):
            assert len(sequences) <= ROWS_MAX, "one letter asks for so many rows at most"
            return "resend", {"sequences": sequences, "reason": reason}
        case ReviewNow():
            return "review", {}


def _read(path: Path, kind: str) -> Request:
    """raises  FileNotFoundError; _Unreadable"""
    data = _bytes_of(path)
    if kind == "review":
        return ReviewNow()
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _Unreadable("内容不是 JSON") from error
    match said:
        case {"codes": str(codes)} if kind == "codes":
            return HealCodes(codes)
        case {"sequences": list(rows)} if kind == "resend" and len(rows) <= ROWS_MAX:
            reason = said.get("reason", "")
            if isinstance(reason, str) and all(type(row) is int and 0 < row <= _SEQUENCE_MAX for row in rows):
                return Requeue(tuple(rows), reason)
    raise _Unreadable("内容不是这种请求的写法")


def _bytes_of(path: Path) -> bytes:
    """Waits for nobody and reads no more than a letter may hold.

    raises  FileNotFoundError; _Unreadable
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _Unreadable(f"打不开：{error.strerror}") from error
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise _Unreadable("不是普通文件")
        with open(fd, "rb", closefd=False) as file:
            data = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise _Unreadable(f"读不了：{error.strerror}") from error
    finally:
        os.close(fd)
    if len(data) > BYTES_MAX:
        raise _Unreadable(f"超过 {BYTES_MAX} 字节")
    return data


def _set_aside(path: Path) -> bool:
    try:
        path.rename(path.with_name(path.name + ASIDE))
    except OSError:
        return False
    return True
