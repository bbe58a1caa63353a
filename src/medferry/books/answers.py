"""names.csv beside an edition: names of the book that only a person can match, with what the program suggests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from medferry.catalog.files import CatalogFiles
from medferry.catalog.load import NAME
from medferry.errors import CatalogError

COLUMNS = ("kind", "table", "book_name", "name", "suggestions", "where")
SKIP = "-"
KINDS = ("table", "field")


@dataclass(frozen=True, slots=True)
class Question:
    """A name of the book without a match.

    kind         whether book_name is a table's or a field's
    table        the field's table; "" for a table
    book_name    as the book writes it
    suggestions  likely names with why, best first
    where        sheet and row
    """

    kind: Literal["table", "field"]
    table: str
    book_name: str
    suggestions: tuple[str, ...]
    where: str


class Answers:
    """What a person has filled in: (kind, table, book_name) -> name, or `-` for "leave it out"."""

    def __init__(self, known: dict[tuple[str, str, str], str] | None = None) -> None:
        self._known = known or {}
        self.used: set[tuple[str, str, str]] = set()

    def of(self, kind: str, table: str, book_name: str) -> str | None:
        key = (kind, table, book_name)
        found = self._known.get(key)
        if found:
            self.used.add(key)
        return found or None

    @property
    def all(self) -> dict[tuple[str, str, str], str]:
        return dict(self._known)


def read_answers(path: Path) -> Answers:
    """The filled-in lines of a names.csv; a missing file has none. Raises CatalogError at file:line."""
    if not path.is_file():
        return Answers()
    known: dict[tuple[str, str, str], str] = {}
    for row in CatalogFiles((path.parent,)).rows(path, COLUMNS[:4]):
        name = row["name"].strip()
        if row["kind"] not in KINDS:
            row.fault(f"kind 为 {'、'.join(KINDS)} 之一", fix="改 kind", found=row["kind"])
        if name and name != SKIP and not NAME.fullmatch(name):
            row.fault("name 只含小写字母、数字、下划线，或写 - 表示不收", fix="改 name", found=name)
        key = (row["kind"], row["table"].strip(), row["book_name"].strip())
        if name and known.get(key, name) != name:
            row.fault("同一名称只对应一个 name", fix="删去其中一行", book_name=key[2])
        if name:
            known[key] = name
    return Answers(known)


def write_questions(path: Path, questions: Iterable[Question], answers: Answers) -> int:
    """Writes open questions below the answers already given; returns how many are open.

    raises  CatalogError when the file cannot be written
    """
    lines: list[tuple[str, ...]] = [(*key, name, "", "") for key, name in answers.all.items()]
    fresh = {(q.kind, q.table, q.book_name): q for q in questions}
    opened = [q for key, q in fresh.items() if key not in answers.all]
    lines += [(q.kind, q.table, q.book_name, "", " | ".join(q.suggestions), q.where) for q in opened]
    if not opened and not answers.all:
        return 0
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8-sig")  # a BOM: Excel opens it in Chinese
    except OSError as error:
        raise CatalogError("写名称对照", file=path, reason=error.strerror, fix="检查目录权限") from error
    return len(opened)
