"""A small project and the book that replaces the table it maps."""

from __future__ import annotations

from pathlib import Path

import pytest
from card_project import FILES, card_case
from handmade import make_book


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def card_book(tmp_path: Path) -> Path:
    return make_book(card_case(), tmp_path)
