"""Goal: no command ends in a traceback: full disks, readers that left, encodings without Chinese, faults of our own.
Method: the command in a process of its own, its output led where it cannot go; a report read back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from medferry.cli.last_resort import about_files, about_ourselves
from medferry.cli.main import EXIT_READER_LEFT, EXIT_WORLD

PROGRAM = (sys.executable, "-m", "medferry.cli.main")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_every_encoding_gets_an_answer(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    answer = subprocess.run((*PROGRAM, "catalog", "list"), check=False, capture_output=True, env=environment)
    assert (answer.returncode, answer.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        answer = subprocess.run(
            (*PROGRAM, "catalog", "list"), check=False, stdout=full, stderr=subprocess.PIPE
        )
    assert answer.returncode == EXIT_WORLD
    assert "执行 medferry catalog list 时出错：磁盘已满" in answer.stderr.decode()
    assert b"Traceback" not in answer.stderr


def test_a_reader_that_left_is_no_finding() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    answer = subprocess.run(
        (*PROGRAM, "catalog", "list"), check=False, stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert (answer.returncode, answer.stderr) == (EXIT_READER_LEFT, b"")


def test_a_fault_of_our_own_leaves_a_report_without_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        raise KeyError("张三")
    except KeyError as error:
        said = about_ourselves(error, "medferry run")
    (report,) = tmp_path.iterdir()
    assert str(report) in said
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "KeyError" in report.read_text(encoding="utf-8")
    assert "张三" not in said


def test_an_error_of_a_file_names_its_place() -> None:
    said = about_files(FileNotFoundError(2, "No such file", "无/缺口.xlsx"), "medferry gaps")
    assert said == (
        "执行 medferry gaps 时出错：文件或目录不存在，位置=无/缺口.xlsx。处理办法：先建好目录，或核对路径"
    )
