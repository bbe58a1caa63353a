"""Lint of value_sets.csv, of each list of codes, and of codes against the formats of their fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from medferry.catalog.files import CsvRow, value_set_file
from medferry.catalog.findings import Findings
from medferry.catalog.formats import fits
from medferry.catalog.lint_tables import FieldLine
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.value_set import SET_COLUMNS, LoadedValueSet, name_zh

_CODE = re.compile(r"[\x21-\x7e]+")
_DAMAGED = re.compile("[?\ufffd]")
_NO_DOCUMENT = re.compile(r"$|local\b|external\b|common\b|platform\b|regional\b|vendor\b")
_DATE = re.compile(r"[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?")


def lint_value_sets(catalog: LoadedCatalog, findings: Findings) -> dict[str, tuple[str, ...]]:
    """Index and files; returns the codes of each set that could be read."""
    codes: dict[str, tuple[str, ...]] = {}
    files_known: set[str] = set()
    index = catalog.files.path("value_sets.csv")
    for path in catalog.files.layers("value_sets.csv"):
        seen: set[str] = set()
        for row in catalog.files.rows(path, SET_COLUMNS):
            if row["id"] in seen:
                findings.error(row, "value_set_duplicate", f"值域 {row['id']} 列了两次", "删去一行")
            seen.add(row["id"])
    for set_id in catalog.value_set_ids:
        value_set = catalog.value_set(set_id)
        file = value_set_file(set_id).removeprefix("value_sets/")
        if file in files_known:
            text = f"值域 {set_id} 与另一值域同用文件 {file}"
            findings.error(value_set.row, "value_set_file", text, "改值域编号")
        files_known.add(file)
        _lint_document(value_set, findings)
        _lint_beside(catalog, value_set, findings)
        if not value_set.title_zh:
            text = f"值域 {set_id} 没有中文名"
            findings.error(value_set.row, "title_missing", text, "在 title_zh 填中文名")
        with findings.instead_of_raising("file_damaged"):
            codes[set_id] = _lint_codes(value_set, findings)
    for name in catalog.files.names_in("value_sets"):
        if name not in files_known:
            text = f"value_sets/{name} 不属于任何值域"
            findings.error(index, "value_set_not_listed", text, "在 value_sets.csv 补一行，或删去文件")
    return codes


def _lint_document(value_set: LoadedValueSet, findings: Findings) -> None:
    """A list that calls itself whole says by which document, and of when: only then may it close the door. One that names
    a document without being whole says of when, too.

    Lines without these columns, as field books and older projects write them, are let be: their document is the book."""
    row = value_set.row
    if "edition" not in row.values:
        return
    has_none = _NO_DOCUMENT.match(value_set.standard) is not None
    is_dated = bool(value_set.edition and value_set.date)
    if not value_set.complete and not has_none and not is_dated:
        text = f"值域 {value_set.id} 写了出自哪份文件，没有写是哪一版、何时"
        findings.error(row, "document_undated", text, "填 edition、date；不出自文件的 standard 写 local")
    if value_set.complete and (has_none or not is_dated):
        text = f"值域 {value_set.id} 标为齐全，却没有写明出自哪份文件、哪一版、何时"
        findings.error(row, "document_missing", text, "填 standard、edition、date，或把 complete 改为 no")
    if value_set.date and not _DATE.fullmatch(value_set.date):
        text = f"值域 {value_set.id} 的日期 {value_set.date} 写法不对"
        findings.error(row, "document_date", text, "写成 2023、2023-10 或 2023-10-07")


def _lint_beside(catalog: LoadedCatalog, value_set: LoadedValueSet, findings: Findings) -> None:
    """The lists named beside it exist and can be judged by; a shape is an expression, and what it wants known is there."""
    for set_id in value_set.also:
        if set_id not in catalog.value_set_ids:
            text = f"值域 {value_set.id} 的 also 指向 {set_id}，它不在 value_sets.csv"
            findings.error(value_set.row, "also_unknown", text, "改 also，或补上该值域")
            return
        beside = catalog.value_set(set_id)
        if beside.entries == 0 and not beside.shape:
            text = f"值域 {value_set.id} 的 also 指向没有清单的 {set_id}，等于什么代码都可以"
            findings.error(value_set.row, "also_open", text, "去掉它，或给它写 shape")
    with findings.instead_of_raising("shape"):
        shapes = value_set.valid.shapes
        if any(shape.places and not shape.known for shape in shapes):
            text = f"值域 {value_set.id} 要求代码的前几位已知，却没有可对照的清单"
            findings.error(value_set.row, "shape_places", text, "去掉 known_places，或收录清单")


def _lint_codes(value_set: LoadedValueSet, findings: Findings) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    damaged: list[CsvRow] = []
    for row in value_set.rows():
        code, title = row["code"], name_zh(row)
        seen[code] += 1
        if seen[code] == 2:
            findings.error(row, "code_duplicate", f"代码 {code} 重复", "合并为一行，旧名写进 note")
        if not _CODE.fullmatch(code):
            text = f"{code!r} 不像代码：含空白、中文或为空"
            findings.error(row, "code_text", text, "删去混入的行，或改代码")
        if not title.strip():
            findings.error(row, "title_missing", f"代码 {code} 没有中文名", "填上中文名")
        elif _DAMAGED.search(title):
            damaged.append(row)
    count = sum(seen.values())
    if count != value_set.entries:
        text = f"值域 {value_set.id} 有 {count} 个代码，value_sets.csv 写的是 {value_set.entries}"
        findings.error(value_set.row, "entries", text, "改 entries")
    if damaged:
        text = f"{len(damaged)} 个名称含问号，疑为生僻字丢失（首处代码 {damaged[0]['code']}）；不影响代码校验"
        findings.warning(damaged[0], "name_damaged", text, "对照原标准补字")
    return tuple(seen)


def lint_codes_fit(
    findings: Findings, fields: Iterable[FieldLine], codes: Mapping[str, tuple[str, ...]]
) -> None:
    """Codes a field's format cannot hold: an error when none fits, for then no row can ever pass."""
    for line in fields:
        field = line.field
        known = codes.get(field.value_set or "", ())
        unfit = [code for code in known if not fits(code, field.format)]
        if not unfit:
            continue
        text = (
            f"字段 {field.name} 格式 {field.format.text}，"
            f"值域 {field.value_set} 的 {len(known)} 个代码有 {len(unfit)} 个放不进（如 {unfit[0]}）"
        )
        if len(unfit) == len(known):
            findings.error(line.row, "codes_never_fit", text, "改 format，或换值域")
        else:
            fix = "核对：上级分类代码可不管，叶子代码须改 format"
            findings.warning(line.row, "codes_do_not_fit", text, fix)


def valid_names(catalog: LoadedCatalog, readable: Iterable[str]) -> dict[str, dict[str, str]]:
    """Code -> name of each set that could be read, those valid beside it included; sets without codes are left out."""
    names = {set_id: catalog.value_set(set_id).names for set_id in readable}
    found = {}
    for set_id in names:
        parts = (*catalog.value_set(set_id).also, set_id)
        found[set_id] = {code: name for part in parts for code, name in names.get(part, {}).items()}
    return {set_id: listed for set_id, listed in found.items() if listed}
