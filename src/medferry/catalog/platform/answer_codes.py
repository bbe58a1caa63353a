"""Codes of the platform's answers: what each means, who acts, and what the program does about it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, get_args

from medferry.errors import CatalogError
from medferry.records import Outcome

JIANGXI_FOLDER = Path(__file__).parent.parent / "jiangxi"

Level = Literal["channel", "message", "record"]
"""Whom a code speaks of: our access as a whole, one message, one record."""


class ClientClass(StrEnum):
    """What a client does about an answer; source: the answer code table of the interface draft."""

    RETRY = "RETRY"  # the same rows again, later
    REFRESH_AUTH = "REFRESH_AUTH"  # a new token, then the same message again
    SPLIT = "SPLIT"  # smaller messages
    WAIT_PARENT = "WAIT_PARENT"  # again when the parent record has been accepted
    FIX_DATA = "FIX_DATA"  # the source must be mended
    FIX_MAPPING = "FIX_MAPPING"  # mapping or code table must be mended
    STOP_CHANNEL = "STOP_CHANNEL"  # nothing goes until a person acts
    QUERY_THEN_RETRY = "QUERY_THEN_RETRY"  # nobody knows: ask first
    DONE = "DONE"


OUTCOME_OF_CLASS: Mapping[ClientClass, Outcome] = {
    ClientClass.DONE: Outcome.ACCEPTED,
    ClientClass.WAIT_PARENT: Outcome.PARENT_MISSING,
    ClientClass.RETRY: Outcome.AGAIN,
    ClientClass.REFRESH_AUTH: Outcome.AGAIN,
    ClientClass.SPLIT: Outcome.AGAIN,
    ClientClass.QUERY_THEN_RETRY: Outcome.AGAIN,
    ClientClass.FIX_DATA: Outcome.REFUSED,
    ClientClass.FIX_MAPPING: Outcome.REFUSED,
    ClientClass.STOP_CHANNEL: Outcome.REFUSED,
}
"""What a class means for one record when the code table names no outcome."""


@dataclass(frozen=True, slots=True)
class AnswerCode:
    """One line of answer_codes.csv. `http` is the status the platform sends with it."""

    code: str
    meaning_zh: str
    http: int
    level: Level
    client_class: ClientClass
    outcome: Outcome
    who_acts_zh: str


class AnswerCodes:
    """The code table of one dialect."""

    def __init__(self, lines: Mapping[str, AnswerCode]) -> None:
        self._lines = dict(lines)

    def get(self, code: str | None) -> AnswerCode | None:
        """The line of a code; None for a code that is not in the table."""
        return self._lines.get(code) if code is not None else None

    def __iter__(self) -> Iterator[AnswerCode]:
        return iter(self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)


def load_answer_codes(path: Path | None = None) -> AnswerCodes:
    """A code table, by default that of Jiangxi. Raises CatalogError with all complaints, file:line each."""
    file_path = path or JIANGXI_FOLDER / "answer_codes.csv"
    complaints: list[str] = []
    lines: dict[str, AnswerCode] = {}
    try:
        with file_path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                line, wrong = _line_of(row)
                complaints += [f"{file_path}:{reader.line_num}: {text}" for text in wrong]
                if line is not None and line.code in lines:
                    complaints.append(f"{file_path}:{reader.line_num}: 应答码 {line.code} 重复")
                if line is not None:
                    lines[line.code] = line
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(
            "读取应答码表", file=file_path, reason=type(error).__name__, fix="检查文件是否存在、是否为 UTF-8"
        ) from error
    if complaints:
        raise CatalogError("读取应答码表", complaints="；".join(complaints), fix="按上述位置逐条修改")
    return AnswerCodes(lines)


def _line_of(row: Mapping[str, str | None]) -> tuple[AnswerCode | None, list[str]]:
    cells = {name: (value or "").strip() for name, value in row.items() if name is not None}
    wrong = [f"缺少列 {name}" for name in ("code", "meaning_zh", "client_class") if not cells.get(name)]
    if wrong:
        return None, wrong
    if cells["client_class"] not in set(ClientClass):
        wrong.append(f"处理类别 {cells['client_class']} 不存在，可用：{'、'.join(ClientClass)}")
    if cells.get("outcome") and cells["outcome"] not in set(Outcome):
        wrong.append(f"结果 {cells['outcome']} 不存在，可用：{'、'.join(Outcome)}")
    level = cells.get("level") or "message"
    if level not in get_args(Level):
        wrong.append(f"层次 {level} 不存在，可用：{'、'.join(get_args(Level))}")
    http = cells.get("http") or "200"
    if not (http.isascii() and http.isdigit()):
        wrong.append(f"HTTP 状态 {http} 不是整数")
    if wrong:
        return None, wrong
    client_class = ClientClass(cells["client_class"])
    outcome = Outcome(cells["outcome"]) if cells.get("outcome") else OUTCOME_OF_CLASS[client_class]
    checked_level: Level = "channel" if level == "channel" else "record" if level == "record" else "message"
    return (
        AnswerCode(
            cells["code"],
            cells["meaning_zh"],
            int(http),
            checked_level,
            client_class,
            outcome,
            cells.get("who_acts_zh", ""),
        ),
        [],
    )
