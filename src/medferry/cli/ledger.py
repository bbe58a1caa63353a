"""The ledger of a project, opened for reading by the commands that look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medferry.config import Project
    from medferry.outbox.reader import LedgerReader


@contextmanager
def reading_ledger(folder: Path) -> Iterator[tuple[Project, LedgerReader]]:
    """The project and its ledger's read side.

    raises  ProjectError for a broken project, OutboxError where there is no ledger yet
    """
    from medferry.config import load_project

    project = load_project(folder)
    reader = project.outbox.open_reader()
    try:
        yield project, reader
    finally:
        reader.close()
