"""A workbook holds what is not for everybody: whole or not at all, and for its owner's eyes only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any  # openpyxl has no types of its own


def save(book: Any, path: Path) -> None:
    """Writes the workbook beside its place and puts it there whole, mode 0600; an earlier one stays until then.

    raises  OSError where that is not possible
    """
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")  # 0600 whatever the umask
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            book.save(file)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
