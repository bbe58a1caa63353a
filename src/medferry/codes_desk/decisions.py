"""A person's decision, written into the project's code table: who, when, why."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from medferry.codes_desk.held import sets_filled_by
from medferry.config.code_files import COLUMNS
from medferry.config.model import Project
from medferry.errors import ConfigError

_LOCK_FILE = ".accept.lock"


@dataclass(frozen=True, slots=True)
class Decision:
    """`local` of code table `codes` means `standard`."""

    codes: str
    local: str
    standard: str
    by: str
    because: str
    at: datetime
    local_name: str = ""

    @property
    def note(self) -> str:
        """Who, when, why, as the table's last column keeps it."""
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}：{self.because}"


def accept(project: Project, decision: Decision, *, replace: bool = False) -> bool:
    """Writes a decision; other lines keep their content and order. False where the table says so already.

    raises  ConfigError: unknown code table, a standard code that a value set lacks, or another standard code is there
            and `replace` was not said
    """
    standard_name = _standard_name(project, decision)
    for what, text in (
        ("院内代码", decision.local),
        ("标准代码", decision.standard),
        ("经手人", decision.by),
    ):
        if not text.strip() or text != text.strip() or "\n" in text:
            raise ConfigError("登记代码对照", 项目=what, fix=f"{what}不能为空，首尾不能有空白，不能换行")
    path = project.folder / "codes" / f"{decision.codes}.csv"
    with _alone(path.parent):
        text = path.read_bytes().decode()  # not read_text: it would take Excel's line ends away
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        header = [cell.strip() for cell in lines[0]]
        header += [name for name in COLUMNS if name not in header]
        rows = [dict(zip(header, line, strict=False)) for line in lines[1:]]
        there = next((row for row in rows if row.get("local", "").strip() == decision.local), None)
        if there is not None and there.get("standard", "").strip() == decision.standard:
            return False
        if there is not None and there.get("standard", "").strip() and not replace:
            raise ConfigError(
                "登记代码对照", codes=decision.codes, local=decision.local, 已对照为=there["standard"],
                fix="确要改对照，加 --replace；已送出的记录不会因此重发",
            )  # fmt: skip
        if there is None:
            there = {"local": decision.local}
            rows.append(there)
        there |= {
            "standard": decision.standard,
            "local_name": there.get("local_name") or decision.local_name,
            "standard_name": standard_name,
            "note": decision.note,
        }
        _write(path, text, header, rows)
    return True


def _standard_name(project: Project, decision: Decision) -> str:
    name = ""
    for value_set in sets_filled_by(project, decision.codes):
        if not value_set.is_open and decision.standard not in value_set.valid:
            raise ConfigError(
                "登记代码对照", codes=decision.codes, standard=decision.standard,
                值域=f"{value_set.id} {value_set.title_zh}", 版本="、".join(value_set.valid_ids),
                fix=f"标准代码不在这个值域里；用 medferry codes suggest --value-set {value_set.asked_id} 查找",
            )  # fmt: skip
        name = name or value_set.name_of(decision.standard)
    return name


def _write(path: Path, before: str, header: list[str], rows: list[dict[str, str]]) -> None:
    """Whole and at once: who reads meanwhile sees the old table or the new one."""
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(
        text, header, restval="", lineterminator="\r\n" if "\r\n" in before else "\n", extrasaction="ignore"
    )
    sheet.writeheader()
    sheet.writerows(row for row in rows if any(row.values()))
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(mark + text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    new.chmod(path.stat().st_mode)
    new.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two people deciding at once write one after the other."""
    with (folder / _LOCK_FILE).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
