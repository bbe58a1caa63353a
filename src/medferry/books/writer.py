"""The makings of an edition become a folder: staged, linted, then put in place in one step, or not at all."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from medferry.books.book_import import Imported
from medferry.books.codes import SetDraft, index_row
from medferry.books.fields import TableDraft
from medferry.books.headers import Role
from medferry.books.sheets import Remark
from medferry.catalog.editions.folders import ABOUT
from medferry.catalog.files import CatalogFiles, value_set_file
from medferry.catalog.findings import CatalogFinding
from medferry.catalog.lint import lint_catalog
from medferry.catalog.load import FIELD_COLUMNS, REMOVED_COLUMNS, TABLE_COLUMNS, LoadedCatalog
from medferry.catalog.model import Field, KeyKind
from medferry.errors import CatalogError

SET_INDEX_COLUMNS = ("id", "title_zh", "standard", "entries", "complete", "fields_using", "source")
REPORT = "import.md"


def stage(imported: Imported, folder: Path) -> list[Remark]:
    """Writes the edition's data into an empty folder and lints it over the edition below.

    returns  what lint says of the result, at the book's own places: every error, and warnings about what is new
    raises   CatalogError when the folder cannot be written
    """
    try:
        _write(imported, folder)
    except OSError as error:
        raise CatalogError(
            "写标准版本", folder=folder, reason=error.strerror, fix="检查目录权限与空间"
        ) from error
    below = imported.below
    staged = LoadedCatalog(below.edition, CatalogFiles((folder, *below.files.folders), below.files.reader))
    return [
        _at_book(finding, imported, folder)
        for finding in lint_catalog(staged)
        if finding.severity == "error" or _is_ours(finding, imported, folder)
    ]


def _is_ours(finding: CatalogFinding, imported: Imported, folder: Path) -> bool:
    """About the book's own files, or about a code list it changed; the package's standing warnings are known."""
    return finding.file.startswith(f"{folder.name}/") or any(
        f"值域 {name} " in finding.text for name in imported.sets
    )


def put_in_place(staged: Path, final: Path, *, about: dict[str, object], report: str) -> None:
    """The staged folder becomes the edition; an older one of the name is replaced whole.

    raises  CatalogError; the older edition then stands as it was
    """
    import yaml

    old = final.with_name(f".{final.name}.old")
    try:
        (staged / ABOUT).write_text(
            "# 由 medferry catalog import 写成；below 是被叠加的版本\n"
            + yaml.safe_dump(about, allow_unicode=True, sort_keys=False),
            encoding="utf-8",
        )
        (staged / REPORT).write_text(report, encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            final.rename(old)
        try:
            staged.rename(final)
        except OSError:
            if old.exists():
                old.rename(final)
            raise
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise CatalogError(
            "写标准版本", folder=final, reason=error.strerror, fix="检查目录权限与空间"
        ) from error


def about(imported: Imported, below: str, at: datetime) -> dict[str, object]:
    """What edition.yaml says of an import."""
    return {
        "below": below,
        "book": imported.book,
        "book_sha256": imported.sha256,
        "imported_at": at.isoformat(timespec="seconds"),
        "tables": len(imported.tables),
        "fields": sum(len(table.fields) for table in imported.tables),
        "value_sets": len(imported.sets),
        "tables_taken_out": list(imported.dropped),
    }


def _write(imported: Imported, folder: Path) -> None:
    below = imported.below
    tables = [row for table in imported.tables if (row := _table_row(table, imported))]
    if tables:
        with_wire = any(row[-1] for row in tables)
        header = (*TABLE_COLUMNS, "wire_name") if with_wire else TABLE_COLUMNS
        _write_csv(folder / "tables.csv", header, [row if with_wire else row[:-1] for row in tables])
    for table in imported.tables:
        known = () if table.is_new else below.table(table.name).fields
        with_wire = any(one.wire_name for one in table.fields) or any(one.wire_name for one in known)
        rows = [one.csv_row(seq, with_wire=with_wire) for seq, one in enumerate(table.fields, start=1)]
        if known and rows == [field_row(one, with_wire=with_wire) for one in known]:
            continue  # says what the edition below says, marks included
        path = folder / "tables" / table.name / "fields.csv"
        _write_csv(path, (*FIELD_COLUMNS, "wire_name") if with_wire else FIELD_COLUMNS, rows)
        if table.is_new:
            _write_csv(
                path.with_name("rules.csv"),
                ("table", "rule_id", "scope", "expression_zh", "severity", "source"),
                [],
            )
    if imported.sets:
        rows = [
            tuple(index_row(one)[column] for column in SET_INDEX_COLUMNS) for one in imported.sets.values()
        ]
        _write_csv(folder / "value_sets.csv", SET_INDEX_COLUMNS, rows)
        for one in imported.sets.values():
            _write_set(folder, one)
    if imported.dropped:
        rows = [(name, f"{imported.book} 没有这张表") for name in imported.dropped]
        _write_csv(folder / "removed_tables.csv", REMOVED_COLUMNS, rows)


def _write_set(folder: Path, one: SetDraft) -> None:
    if one.rows:
        _write_csv(folder / value_set_file(one.id), one.header, one.rows)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def field_row(one: Field, *, with_wire: bool = False) -> tuple[str, ...]:
    """A field as its line in fields.csv. with_wire: the platform's name of it too"""
    key = ""
    if one.key:
        key = (
            "PK"
            if one.key.kind is KeyKind.PRIMARY
            else f"{one.key.kind.value}:{one.key.table}.{one.key.column}"
        )
    row = (
        str(one.seq), one.name, one.name_zh, one.type, one.format.text, one.required, key, one.value_set or "",
        one.element_id or "", one.description_zh, one.source, one.confidence,
    )  # fmt: skip
    return (*row, one.wire_name) if with_wire else row


def _table_row(draft: TableDraft, imported: Imported) -> tuple[str, ...] | None:
    """Its line of tables.csv; None when the edition below says the same."""
    below, info = imported.below, imported.infos.get(draft.name)
    if draft.is_new:
        before = _defaults(draft, imported)
    else:
        table = below.table(draft.name)
        before = {
            "no": str(table.no), "category_zh": table.category_zh, "dataset_code": table.dataset_code or "",
            "dataset_zh": table.dataset_zh, "table_zh": table.title_zh, "table": table.name, "group": table.group,
            "tier": str(table.tier), "note_zh": table.note_zh, "wire_name": table.wire_name,
        }  # fmt: skip
    now = before | {"wire_name": draft.wire_name}
    if info is not None:
        roles = {
            "no": Role.SEQ, "category_zh": Role.CATEGORY, "dataset_code": Role.DATASET_CODE,
            "dataset_zh": Role.DATASET_ZH, "table_zh": Role.TABLE_ZH, "group": Role.GROUP, "tier": Role.TIER,
        }  # fmt: skip
        now |= {column: info[role] for column, role in roles.items() if info[role]}
        if Role.DESCRIPTION in info.letters and Role.TIER in info.letters:  # our own export says its marks
            now["note_zh"] = info[Role.DESCRIPTION]
        elif not draft.is_new:
            now["note_zh"] = (
                ""  # the book lists the table under its English name: nothing is assumed any more
            )
    same = not draft.is_new and now == before
    return None if same else tuple(now[column] for column in (*TABLE_COLUMNS, "wire_name"))


def _defaults(draft: TableDraft, imported: Imported) -> dict[str, str]:
    """A new table's place until a person says otherwise: after all others, below the tables it points to."""
    below = imported.below
    known = [below.table(name) for name in below.table_names]
    groups = Counter(table.group for table in known)
    pointers = [re.split("[:.]", one.key)[1] for one in draft.fields if one.key.startswith(("FK:", "REF:"))]
    tiers = [below.table(name).tier for name in pointers if name in below.table_names]
    new = [table.name for table in imported.tables if table.is_new]
    return {
        "no": str(max(table.no for table in known) + 1 + new.index(draft.name)),
        "category_zh": "新增", "dataset_code": "", "dataset_zh": draft.title_zh, "table_zh": draft.title_zh,
        "table": draft.name, "group": groups.most_common(1)[0][0], "tier": str(max(tiers, default=0) + 1),
        "note_zh": "书中新表，时限组与层级暂定",
    }  # fmt: skip


def _at_book(finding: CatalogFinding, imported: Imported, folder: Path) -> Remark:
    """A finding about the staged folder, told at the line of the book it came from."""
    found = re.fullmatch(rf"{re.escape(folder.name)}/tables/([a-z0-9_]+)/fields\.csv", finding.file)
    fields = next((t.fields for t in imported.tables if found and t.name == found[1]), ())
    if 2 <= finding.line <= len(fields) + 1:
        line = fields[finding.line - 2].line
        return Remark(finding.severity, line.sheet, line.row, "", finding.text, finding.fix)
    if found and fields:
        return Remark(
            finding.severity, fields[0].line.sheet, 0, "", f"表 {found[1]}：{finding.text}", finding.fix
        )
    shown = finding.file.removeprefix(f"{folder.name}/")
    place = f"{shown}:{finding.line}" if finding.line else shown
    return Remark(finding.severity, "", 0, "", f"{finding.text}（{place}）", finding.fix)
