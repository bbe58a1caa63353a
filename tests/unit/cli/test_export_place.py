"""Goal: a missing folder is said before the work. Method: an export into one, by the command."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from medferry.cli.catalog import group


def test_a_missing_folder_is_said_before_anything_is_written(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.html"):
        done = CliRunner().invoke(group, ["export", str(tmp_path / "none" / name), "--table", "visit"])
        assert done.exit_code == 2
        assert "没有文件夹" in done.output
    assert list(tmp_path.iterdir()) == []
