"""Goal: a workbook comes whole or not at all, for its owner's eyes. Method: a wide umask; a book that breaks in saving."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import pytest
from openpyxl import Workbook, load_workbook

from medferry.workbooks.whole_file import save


class Breaks:
    def save(self, file: IO[bytes]) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")


def test_it_is_the_owners_whatever_the_umask(tmp_path: Path) -> None:
    path, before = tmp_path / "缺口.xlsx", os.umask(0)
    try:
        save(Workbook(), path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_workbook(path).sheetnames == ["Sheet"]


def test_what_breaks_leaves_the_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"earlier")
    with pytest.raises(OSError, match="No space"):
        save(Breaks(), path)
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error_of_the_file_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save(Workbook(), tmp_path / "none" / "a.xlsx")
