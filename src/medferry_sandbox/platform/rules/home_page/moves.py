"""住院病案首页: from department to department, as one line of names tells it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BETWEEN: Final = re.compile("[^→⇒⟶>、,;/|—–=-]+")


def ends_elsewhere(moves: str | None, name: str | None) -> bool:
    """Whether the last department is certainly not this one. Its name may have the same signs in it that stand between
    two departments.
    """
    stations, end = _stations(moves or ""), _stations(name or "")
    return bool(stations) and bool(end) and stations[-len(end) :] != end


def _stations(line: str) -> list[str]:
    """Names in their order, without blanks, in narrow writing."""
    return _BETWEEN.findall("".join(unicodedata.normalize("NFKC", line).split()))
