"""Goal: no file fills the memory, hangs or ends in a traceback; csv and old workbooks are read as what they hold.
Method: files cut, blown up, with entities, in other encodings and under wrong names, made here."""

from __future__ import annotations

import io
import os
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import openpyxl
import pytest

from medferry.books.sheets import read_book
from medferry.errors import CatalogError

LINES = "表名,字段名,中文名\nt_ward,ward_id,病区编号\nt_ward,ward_name,“病区”名称\n"


def workbook(path: Path) -> bytes:
    book = openpyxl.Workbook()
    for number in range(50):
        book.worksheets[0].append([f"f{number}", "名称", number])
    book.save(path)
    return path.read_bytes()


def document(path: Path) -> bytes:
    made = docx.Document()
    made.add_paragraph("一、病区")
    made.add_table(rows=2, cols=2).cell(0, 0).text = "字段名"
    made.save(str(path))
    return path.read_bytes()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, content if one == name else old.read(one))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_of_values(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "册.csv"
    path.write_bytes(LINES.replace(",", separator).encode(encoding))
    sheet = read_book(path).sheets[0]
    assert [row.texts for row in sheet.rows] == [line.split(",") for line in LINES.splitlines()]


def test_text_that_is_none_is_told(tmp_path: Path) -> None:
    for content in (b'a,"b\nc,d\n' + b"e,f\n" * 50_000, b"\x81\xff\xfe\x00", os.urandom(4_000)):
        path = tmp_path / "册.csv"
        path.write_bytes(content)
        with pytest.raises(CatalogError):
            read_book(path)


def test_a_file_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "册.xlsx"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "没有.xlsx", Path("/dev/zero")):
        with pytest.raises(CatalogError):
            read_book(path)


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_entities_are_refused_before_anything_is_parsed(tmp_path: Path, code: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(code)
    for make, part, suffix in (
        (document, "word/document.xml", ".docx"),
        (workbook, "xl/worksheets/sheet1.xml", ".xlsx"),
    ):
        path = tmp_path / f"册{suffix}"
        path.write_bytes(with_part(make(path), part, bomb))
        with pytest.raises(CatalogError, match="实体"):
            read_book(path)


def test_cells_without_end_are_counted_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "册.xlsx"
    data = workbook(path)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    row = b'<row r="1">' + b'<c r="A1"/>' * 1_600_000 + b"</row>"
    path.write_bytes(
        with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b"<sheetData>", b"<sheetData>" + row))
    )
    with pytest.raises(CatalogError, match="单元格超过"):
        read_book(path)
    path.write_bytes(
        with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b'r="C50"', b'r="XFD1048576"'))
    )
    assert read_book(path).remarks[0].severity == "error"
    wide = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    path.write_bytes(with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b"</worksheet>", wide)))
    with pytest.raises(CatalogError, match="合并"):
        read_book(path)


def test_a_cell_that_spans_without_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "册.docx"
    data = document(path)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = package.read("word/document.xml")
    wide = body.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="900000000"/>', 1)
    path.write_bytes(with_part(data, "word/document.xml", wide))
    with pytest.raises(CatalogError, match="跨"):
        read_book(path)


def test_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "册.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(CatalogError, match="口令"):
        read_book(path)
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "Workbook".encode("utf-16-le") + bytes(600)
    )
    with pytest.raises(CatalogError):
        read_book(path)


@pytest.mark.parametrize(("make", "suffix"), [(workbook, ".xlsx"), (document, ".docx")])
def test_damage_is_a_complaint_or_a_book(tmp_path: Path, make: object, suffix: str) -> None:
    path = tmp_path / f"册{suffix}"
    assert callable(make)
    data = make(path)
    chance = random.Random(7)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(60):
        name = chance.choice(sorted(parts))
        content = bytearray(parts[name])
        if not content:
            continue
        if chance.random() < 0.5:
            del content[chance.randrange(len(content)) :]
        else:
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(with_part(data, name, bytes(content)))
        with suppress(CatalogError):
            read_book(path)
    for cut in range(0, len(data), max(1, len(data) // 40)):
        path.write_bytes(data[:cut])
        with pytest.raises(CatalogError):
            read_book(path)
