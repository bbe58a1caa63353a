"""The loader: lazy, exact about damage, safe with threads, overlays on top."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from medferry.catalog.files import CatalogFiles
from medferry.catalog.formats import parse_format
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.catalog.model import FormatKind, KeyKind
from medferry.catalog.schedule import load_schedule, parse_duration, read_schedule
from medferry.errors import CatalogError


class SeenFiles:
    """Reads files and remembers which."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def __call__(self, path: Path) -> bytes:
        self.counts["/".join(path.parts[-3:])] += 1
        return path.read_bytes()


def test_one_table_is_one_file_and_no_codes() -> None:
    seen = SeenFiles()
    catalog = load_catalog(reader=seen)
    assert not seen.counts
    visit = catalog.table("visit")
    catalog.table("visit")
    assert dict(seen.counts) == {"catalog/jiangxi/tables.csv": 1, "tables/visit/fields.csv": 1}
    sizes = [catalog.value_set(field.value_set).entries for field in visit.fields if field.value_set]
    assert max(sizes) > 30_000
    assert not any("value_sets/" in name for name in seen.counts)
    assert "1" in catalog.value_set("GB/T 2261.1").codes
    assert "1" in catalog.value_set("GB/T 2261.1").names
    assert seen.counts["jiangxi/value_sets/GB_T_2261.1.csv"] == 1


def test_threads_share_one_reading() -> None:
    seen = SeenFiles()
    catalog = load_catalog(reader=seen)
    names = catalog.table_names[:8] * 25
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(catalog.table, names))
        sets = list(pool.map(lambda _: catalog.value_set("GB/T 2261.1").names, range(50)))
    assert len({id(table) for table in tables}) == 8
    assert len({id(names) for names in sets}) == 1
    assert set(seen.counts.values()) == {1}


def test_loading_imports_no_heavy_library() -> None:
    program = (
        "import sys; from medferry.catalog.load import load_catalog; load_catalog().table('visit'); "
        "import medferry.cli.catalog; "
        "print([m for m in ('polars', 'rich', 'yaml', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "kind", "shortest", "longest", "scale"),
    [
        ("AN..50", FormatKind.ALNUM, 0, 50, 0),
        ("AN22", FormatKind.ALNUM, 22, 22, 0),
        ("A..20", FormatKind.ALPHA, 0, 20, 0),
        ("N1", FormatKind.NUMBER, 1, 1, 0),
        ("N..3", FormatKind.NUMBER, 0, 3, 0),
        ("N..10,2", FormatKind.NUMBER, 0, 10, 2),
        ("D8", FormatKind.DATE, 8, 8, 0),
        ("T6", FormatKind.TIME, 6, 6, 0),
        ("DT15", FormatKind.DATETIME, 15, 15, 0),
        ("L", FormatKind.LOGICAL, 1, 1, 0),
        ("text", FormatKind.TEXT, 0, None, 0),
    ],
)
def test_format(text: str, kind: FormatKind, shortest: int, longest: int | None, scale: int) -> None:
    parsed = parse_format(text)
    assert (parsed.kind, parsed.length_min, parsed.length_max, parsed.scale) == (
        kind,
        shortest,
        longest,
        scale,
    )
    assert str(parsed) == text


@pytest.mark.parametrize(
    "text",
    ["", "AN", "an..5", "AN..0", "AN..", "N..3,3", "N..3,0", "AN..5,2", "D9", "AN..5 ", "N..１０", "X1"],
)
def test_unknown_formats_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="格式"):
        parse_format(text)


def test_unknown_names_suggest_the_nearest() -> None:
    catalog = load_catalog()
    with pytest.raises(CatalogError, match="visit") as table:
        catalog.table("vist")
    assert table.value.values["table"] == "vist"
    with pytest.raises(CatalogError, match="dischage_summary"):
        catalog.table("discharge_summary")
    with pytest.raises(CatalogError, match=r"GB/T 2261\.1"):
        catalog.value_set("GBT 2261.1")
    with pytest.raises(CatalogError, match="jiangxi"):
        load_catalog("jiangsu")


def test_keys() -> None:
    visit = load_catalog().table("visit")
    key = visit.by_name["patient_id"].key
    assert key is not None
    assert (key.kind, key.table, key.column) == (KeyKind.PARENT, "patient", "patient_id")
    assert "org_code" not in visit.prefixed
    assert {"visit_id", "patient_id", "dept_code"} <= set(visit.prefixed)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("2,item_id,", '2,"item_id,', 3, "引号"),
        ("2,item_id,", "2,item_id,,", 3, "12 列"),
        ("2,item_id,", "二,item_id,", 3, "seq"),
        (",item_id,", ",item id,", 3, "小写字母"),
        ("AN..64,R,PK", "AN..64,X,PK", 3, "R/C/O"),
        ("AN..64,R,PK", "AM..64,R,PK", 3, "AN..50"),
        ("FK:patient.patient_id", "FK:patient", 4, "FK:表.字段"),
        ("seq,name,", "seq,nom,", 1, "name"),
    ],
)
def test_damage_is_named_with_file_and_line(
    small_edition: Path, old: str, new: str, line: int, says: str
) -> None:
    path = small_edition / "tables/item/fields.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=says) as error:
        LoadedCatalog("small", CatalogFiles((small_edition,))).table("item")
    assert error.value.values["file"] == f"{path}:{line}"
    assert error.value.fix


def test_wrong_encoding_and_missing_file(small_edition: Path) -> None:
    catalog = LoadedCatalog("small", CatalogFiles((small_edition,)))
    path = small_edition / "tables/item/fields.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(CatalogError, match="UTF-8") as error:
        catalog.table("item")
    assert str(error.value.values["file"]).startswith(f"{path}:")
    path.unlink()
    with pytest.raises(CatalogError, match="文件存在"):
        catalog.table("item")


def test_a_cycle_has_no_order(small_edition: Path) -> None:
    path = small_edition / "tables/patient/fields.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",R,,SEX,", ",R,FK:item.item_id,SEX,"), encoding="utf-8"
    )
    with pytest.raises(CatalogError, match="不成环"):
        LoadedCatalog("small", CatalogFiles((small_edition,))).dependency_order()


def test_an_overlay_lies_on_top(tmp_path: Path) -> None:
    overlay = tmp_path / "official_2026"
    (overlay / "value_sets").mkdir(parents=True)
    (overlay / "value_sets/GB_T_2261.1.csv").write_text("code,name_zh,note\n7,新码,\n", encoding="utf-8")
    (overlay / "value_sets.csv").write_text(
        "id,title_zh,standard,entries,complete,fields_using,source\nGB/T 2261.1,性别,x,1,yes,0,正式字典包\n",
        encoding="utf-8",
    )
    catalog = load_catalog(overlay=overlay)
    assert catalog.edition == "jiangxi+official_2026"
    assert catalog.value_set("GB/T 2261.1").codes == {"7"}
    assert len(catalog.value_set_ids) == 402
    assert len(catalog.table_names) == 63
    assert load_catalog().value_set("GB/T 2261.1").codes == {"0", "1", "2", "9"}
    with pytest.raises(CatalogError, match="文件夹存在"):
        load_catalog(overlay=tmp_path / "nothing")


def test_durations() -> None:
    assert parse_duration("90s") == timedelta(seconds=90)
    assert parse_duration("30d") == timedelta(days=30)
    for wrong in ("", "5", "0s", "5 m", "1.5h", "-1d", "5M"):
        with pytest.raises(ValueError, match="时长"):
            parse_duration(wrong)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("every: 10s", "every: 10", "时长"),
        ("deadline: 1m", "deadlin: 1m", "deadlin"),
        ("groups:", "gruppen:", "groups"),
    ],
)
def test_a_broken_schedule_is_named(small_edition: Path, old: str, new: str, says: str) -> None:
    path = small_edition / "schedule.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=says):
        read_schedule(CatalogFiles((small_edition,)))


def test_an_overlay_may_bring_its_own_schedule(tmp_path: Path) -> None:
    text = (
        "assumed: false\ngroups:\n  live: {title_zh: 实时, trigger_zh: 随时, every: 5s, overlap: 1m, "
        "sweep_every: 1h, window: 1d, deadline: 1m}\n"
    )
    (tmp_path / "schedule.yaml").write_text(text, encoding="utf-8")
    live = load_schedule(overlay=tmp_path)["live"]
    assert live.every == timedelta(seconds=5)
    assert not live.assumed
