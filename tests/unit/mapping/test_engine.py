"""Rows through a compiled mapping: campus, families, look-ups, guards, missing columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import polars as pl
import pytest

from medferry.catalog.load import load_catalog
from medferry.mapping import Campus, MappingError, apply_mapping, compile_mapping, ready_mask
from medferry.mapping.model import CodeTable, FieldMapping, Guard, Lookup, TableMapping, VerbCall
from medferry.records import StandardBatch

CATALOG = load_catalog()
DONGHU = Campus("donghu", "东湖院区", "01", "ORG1", "阳光医院", prefix="DH-")
PLAIN = Campus("main", "本部", "", "ORG2", "人民医院")


@dataclass
class Route:
    id: str = "his.visit"
    ready_when: dict[str, tuple[str, ...]] = field(default_factory=dict)


def run(
    raw: pl.DataFrame,
    *blocks: TableMapping,
    campus: Campus = PLAIN,
    codes: dict[str, dict[str, str]] | None = None,
    lookup_tables: dict[str, pl.DataFrame] | None = None,
) -> dict[str, StandardBatch]:
    tables = {name: CodeTable(name, one) for name, one in (codes or {}).items()}
    compiled = compile_mapping("his.visit", blocks, CATALOG, campus, tables)
    return {one.table: one for one in apply_mapping(raw, compiled, lookup_tables or {})}


def column(name: str, source: str, **more: object) -> FieldMapping:
    return FieldMapping(name, columns=(source,), **more)  # type: ignore[arg-type]


def test_every_column_of_the_table_is_there_as_text() -> None:
    batch = run(pl.DataFrame({"JZLSH": [1, 2]}), TableMapping("visit", (column("visit_id", "JZLSH"),)))[
        "visit"
    ]
    assert tuple(batch.frame.columns) == CATALOG.table("visit").field_names
    assert set(batch.frame.dtypes) == {pl.String()}
    assert batch.frame["visit_id"].to_list() == ["1", "2"]
    assert batch.frame["org_code"].to_list() == ["ORG2", "ORG2"]
    assert batch.frame["org_name"].to_list() == ["人民医院", "人民医院"]
    assert batch.origin.to_list() == [0, 1]
    assert batch.origin.dtype == pl.UInt32
    assert batch.lookup_miss.to_list() == [False, False]


def test_no_rows_give_no_rows() -> None:
    raw = pl.DataFrame(schema={"JZLSH": pl.String})
    batch = run(raw, TableMapping("visit", (column("visit_id", "JZLSH"),)))["visit"]
    assert batch.frame.height == 0
    assert tuple(batch.frame.columns) == CATALOG.table("visit").field_names


def test_prefix_goes_before_every_key_and_pointer_and_nothing_else() -> None:
    visit = CATALOG.table("visit")
    raw = pl.DataFrame({"A": ["1", " "]})
    fields = tuple(column(one.name, "A") for one in visit.fields if one.name not in ("org_code", "org_name"))
    frame = run(raw, TableMapping("visit", fields), campus=DONGHU)["visit"].frame
    for one in visit.fields:
        if one.name in ("org_code", "org_name"):
            continue
        first = frame[one.name][0]
        assert first.startswith("DH-") == (one.name in visit.prefixed), one.name
        assert frame[one.name].to_list()[1:] == [None]
    assert {"visit_id", "patient_id"} <= set(visit.prefixed)


def test_codes_are_translated_and_unknown_ones_stay() -> None:
    raw = pl.DataFrame({"ID": ["1", "2", "3"], "XB": ["男", "怪", ""]})
    mapping = TableMapping(
        "patient", (column("patient_id", "ID"), column("sex_code", "XB", codes="sex", default="9"))
    )
    frame = run(raw, mapping, codes={"sex": {"男": "1"}})["patient"].frame
    assert frame["sex_code"].to_list() == ["1", "怪", "9"]
    untouched = run(raw, mapping, codes={"sex": {}})["patient"].frame
    assert untouched["sex_code"].to_list() == ["男", "怪", "9"]


def test_a_join_repeats_the_parent_and_the_engine_keeps_it_once() -> None:
    raw = pl.DataFrame({"CF": ["1", "1", "2"], "MX": ["a", "b", "c"], "RQ": ["2026-01-01"] * 3})
    made = run(
        raw,
        TableMapping("prescription_record", (column("prescription_id", "CF"), column("updated_at", "RQ"))),
        TableMapping("prescription_drug", (column(CATALOG.table("prescription_drug").key_field, "MX"),)),
    )
    assert made["prescription_record"].frame["prescription_id"].to_list() == ["1", "2"]
    assert made["prescription_record"].origin.to_list() == [0, 2]
    assert made["prescription_drug"].frame.height == 3


def test_two_versions_of_a_key_both_travel_on_to_the_checks() -> None:
    raw = pl.DataFrame({"CF": ["1", "1"], "RQ": ["2026-01-01", "2026-01-02"]})
    block = TableMapping("prescription_record", (column("prescription_id", "CF"), column("updated_at", "RQ")))
    assert run(raw, block)["prescription_record"].frame.height == 2


def test_several_blocks_of_one_table_come_in_the_order_of_the_source_rows() -> None:
    raw = pl.DataFrame({"A": ["1", "2"], "B": ["3", None]})
    first = TableMapping("patient", (column("patient_id", "A"),))
    second = TableMapping("patient", (column("patient_id", "B"),), when=Guard("B", filled=True))
    batch = run(raw, first, second)["patient"]
    assert batch.frame["patient_id"].to_list() == ["1", "3", "2"]
    assert batch.origin.to_list() == [0, 0, 1]


def test_guards() -> None:
    raw = pl.DataFrame({"ID": ["1", "2", "3"], "LX": [1, 2, None], "BZ": ["a", "b", "c"]})
    block = TableMapping(
        "patient",
        (column("patient_id", "ID"), column("remark", "BZ", when=Guard("LX", is_=("1",)))),
        when=Guard("LX", is_not=("2",)),
    )
    frame = run(raw, block)["patient"].frame
    assert frame["patient_id"].to_list() == ["1", "3"]
    assert frame["remark"].to_list() == ["a", None]


LOOKUP = FieldMapping("patient_id", lookup=Lookup("visits", {"TMH": "barcode", "YQ": "site"}, "pid"))


def test_lookup_finds_misses_and_leaves_alone_what_has_no_key() -> None:
    raw = pl.DataFrame({"ID": ["1", "2", "3", "4"], "TMH": [7, 8, None, 9], "YQ": ["x"] * 4})
    visits = pl.DataFrame({"BARCODE": ["7 ", "9", "9"], "site": ["x"] * 3, "pid": [70, 90, 91]})
    batch = run(
        raw,
        TableMapping("visit", (column("visit_id", "ID"), LOOKUP)),
        campus=DONGHU,
        lookup_tables={"visits": visits},
    )
    visit = batch["visit"]
    assert visit.frame["patient_id"].to_list() == ["DH-70", None, None, None]
    assert visit.lookup_miss.to_list() == [False, True, False, True]  # two answers are no answer


def test_a_table_read_anew_is_seen() -> None:
    raw = pl.DataFrame({"ID": ["1"], "TMH": ["7"], "YQ": ["x"]})
    block = TableMapping("visit", (column("visit_id", "ID"), LOOKUP))
    compiled = compile_mapping("his.visit", [block], CATALOG, PLAIN, {})
    empty = pl.DataFrame(schema={"barcode": pl.String, "site": pl.String, "pid": pl.String})
    assert apply_mapping(raw, compiled, {"visits": empty})[0].lookup_miss.to_list() == [True]
    full = pl.DataFrame({"barcode": ["7"], "site": ["x"], "pid": ["70"]})
    again = apply_mapping(raw, compiled, {"visits": full})[0]
    assert again.lookup_miss.to_list() == [False]
    assert again.frame["patient_id"].to_list() == ["70"]


def test_what_the_database_lacks_is_named_with_the_nearest() -> None:
    raw = pl.DataFrame({"JZLSHH": ["1"]})
    block = TableMapping("visit", (column("visit_id", "JZLSH"),))
    with pytest.raises(MappingError, match=r"route=his\.visit，column=JZLSH，nearest=JZLSHH"):
        run(raw, block)
    with pytest.raises(MappingError, match="lookup_table=visits"):
        run(pl.DataFrame({"ID": ["1"], "TMH": ["1"], "YQ": ["1"]}), TableMapping("visit", (LOOKUP,)))
    wrong = pl.DataFrame({"barcod": ["1"], "site": ["1"], "pid": ["1"]})
    with pytest.raises(MappingError, match="column=barcode，nearest=barcod"):
        run(
            pl.DataFrame({"TMH": ["1"], "YQ": ["1"]}),
            TableMapping("visit", (LOOKUP,)),
            lookup_tables={"visits": wrong},
        )


def test_letter_case_of_columns_does_not_matter_unless_it_must() -> None:
    block = TableMapping("visit", (column("visit_id", "JZLSH"),))
    assert run(pl.DataFrame({"jzlsh": ["1"]}), block)["visit"].frame["visit_id"].to_list() == ["1"]
    both = pl.DataFrame({"Jzlsh": ["1"], "jzlsh": ["2"]})
    with pytest.raises(MappingError):
        run(both, block)


@pytest.mark.parametrize(
    ("column", "wanted", "ready"),
    [
        (pl.Series([True, False, None]), ("1",), [True, False, False]),
        (pl.Series([True, False, None]), ("T", "true"), [True, False, False]),
        (pl.Series([True, False]), ("否",), [False, True]),
        (pl.Series([1, 0, 10]), ("true",), [True, False, False]),
        (pl.Series(["1.00", "2.50", "10", "100.0"]), ("1", "2.5", "100"), [True, True, False, True]),
        (pl.Series(["1", "10", "01"]), ("1.00",), [True, False, False]),
        (pl.Series(["01", "1", "1  "]), ("01",), [True, False, False]),
        (pl.Series([1.0, 2.5, 3.0]), ("1.0", "3"), [True, False, True]),
    ],
)
def test_readiness_is_of_values_and_not_of_spellings(
    column: pl.Series, wanted: tuple[str, ...], ready: list[bool]
) -> None:
    mask = ready_mask(column.alias("SH").to_frame(), Route(ready_when={"SH": wanted}))
    assert mask.to_list() == ready


def test_ready_rows_are_signed_in_every_named_column() -> None:
    raw = pl.DataFrame({"SHZT": [1, 2, 0, None], "GD": ["Y", "N", "Y", "Y"]})
    assert ready_mask(raw, Route(ready_when={"SHZT": ("1", "2")})).to_list() == [True, True, False, False]
    assert ready_mask(raw, Route(ready_when={"SHZT": ("1", "2"), "GD": ("Y",)})).to_list() == [
        True,
        False,
        False,
        False,
    ]
    assert ready_mask(raw, Route()).to_list() == [True] * 4
    with pytest.raises(MappingError):
        ready_mask(raw, Route(ready_when={"NOPE": ("1",)}))


def test_mapping_twice_gives_the_same_and_leaves_the_source_alone() -> None:
    raw = pl.DataFrame({"ID": ["1", "2"], "JE": [1.005, 2.5], "RQ": ["2026-01-01", "x"]})
    before = raw.clone()
    rounded = FieldMapping("remark", columns=("JE",), verbs=(VerbCall("round", {"digits": 2}),))
    block = TableMapping("patient", (column("patient_id", "ID"), rounded, column("birth_date", "RQ")))
    first, second = run(raw, block)["patient"], run(raw, block)["patient"]
    assert first.frame.equals(second.frame)
    assert first.frame["remark"].to_list() == ["1.01", "2.5"]
    assert raw.equals(before)


def test_constants_and_defaults_fill_every_row_and_no_other() -> None:
    raw = pl.DataFrame({"ID": ["1", "2"], "LX": ["a", "b"]})
    block = TableMapping(
        "patient",
        (
            column("patient_id", "ID"),
            FieldMapping("nationality_code", constant="156"),
            FieldMapping("sex_code", default="9"),
            FieldMapping("remark", constant="x", when=Guard("LX", is_=("a",))),
        ),
    )
    frame = run(raw, block, campus=DONGHU)["patient"].frame
    assert frame["nationality_code"].to_list() == ["156", "156"]
    assert frame["sex_code"].to_list() == ["9", "9"]
    assert frame["remark"].to_list() == ["x", None]
    only_constants = TableMapping("patient", (FieldMapping("nationality_code", constant="156"),))
    empty = raw.clear()
    assert run(empty, only_constants)["patient"].frame.height == 0
    assert run(raw[:1], only_constants)["patient"].frame["nationality_code"].to_list() == ["156"]


@pytest.mark.parametrize(
    "column_of_codes",
    [
        pl.Series([1, 2]),
        pl.Series([1.0, 2.0]),
        pl.Series(["1", "2 "]),
        pl.Series(["1", "2"], dtype=pl.Categorical),
    ],
)
def test_a_code_is_found_whatever_its_column_is_made_of(column_of_codes: pl.Series) -> None:
    raw = pl.DataFrame({"ID": ["a", "b"], "XB": column_of_codes})
    block = TableMapping("patient", (column("patient_id", "ID"), column("sex_code", "XB", codes="sex")))
    frame = run(raw, block, codes={"sex": {"1": "M", "2": "F"}})["patient"].frame
    assert frame["sex_code"].to_list() == ["M", "F"]


def test_large_and_small_batches_translate_alike() -> None:
    raw = pl.DataFrame({"ID": [str(one) for one in range(3_000)], "XB": ["1", "9", None] * 1_000})
    block = TableMapping("patient", (column("patient_id", "ID"), column("sex_code", "XB", codes="sex")))
    large = run(raw, block, codes={"sex": {"1": "M"}})["patient"].frame
    small = run(raw[:3], block, codes={"sex": {"1": "M"}})["patient"].frame
    assert large["sex_code"].to_list() == ["M", "9", None] * 1_000
    assert small["sex_code"].to_list() == ["M", "9", None]


def test_a_dirty_source_is_carried_not_mended() -> None:
    raw = pl.DataFrame({"ID": ["1"], "A": [b"\xff\xd6"], "B": ["\x00x"], "C": [SimpleNamespace()]})
    block = TableMapping(
        "patient", (column("patient_id", "ID"), column("remark", "A"), column("patient_name", "B"))
    )
    frame = run(raw, block)["patient"].frame
    assert frame["remark"].to_list() == ["\ufffd\ufffd"]
    assert frame["patient_name"].to_list() == ["\x00x"]
