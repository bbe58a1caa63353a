"""What holds for every test."""

from __future__ import annotations

import os


def pytest_configure() -> None:
    """A worker's line editor exports the width of a terminal that it does not have; commands heed it."""
    os.environ.pop("COLUMNS", None)
