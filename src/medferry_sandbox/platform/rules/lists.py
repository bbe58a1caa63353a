"""The standard's lists of codes, for rules that ask whether a code is listed or what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from medferry_sandbox.platform.standard import Standard

_STANDARD: Final = Standard()
_AGREED: Final[ContextVar[Standard | None]] = ContextVar("_AGREED", default=None)
_SAME_WRITING: Final = str.maketrans("（）［］，", "()[],", " ")


@contextmanager
def read_as_agreed(standard: Standard) -> Iterator[None]:
    """Within, the rules ask the lists that were agreed for the hospital whose record is judged."""
    before = _AGREED.set(standard)
    try:
        yield
    finally:
        _AGREED.reset(before)


def is_unlisted(code: str | None, *lists: str) -> bool:
    """Whether a code is there and in none of the lists; no list that is open or unknown to us says so."""
    if not code:
        return False
    standard = _standard()
    accepted = [standard.accepted(one) for one in lists]
    return all(one is not None and not one.takes(code) for one in accepted)


def is_misnamed(name: str | None, code: str | None, of_list: str) -> bool:
    """Whether the list has the code under another name. Blanks, and whether brackets and commas are wide, are no matter."""
    if not name or not code:
        return False
    listed = _standard().names(of_list).get(code)
    return listed is not None and _plain(listed) != _plain(name)


def _standard() -> Standard:
    return _AGREED.get() or _STANDARD


def _plain(name: str) -> str:
    return name.translate(_SAME_WRITING)
