"""What becomes of rows: held, sound, waived, unknown; and the edges of a batch."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from small_catalog import TIME, SmallCatalog, batch_of, field_of, table_of

from medferry.catalog.load import load_catalog
from medferry.checks import MEANINGS, RuleSpec, checks_by_name, compile_checks, run_checks
from medferry.errors import ConfigError
from medferry.records import FINDINGS_SCHEMA, Severity, StandardBatch

CATALOG = SmallCatalog({"SEX": ["1", "2"], "OPEN": [], "CV02.01.101": ["01", "03"]})
TABLE = table_of(
    field_of("name", required="R", format="AN..10"),
    field_of("sex", type="code", format="N1", value_set="SEX"),
    field_of("dept", type="code", format="AN..20", value_set="OPEN"),
    field_of("fee", type="decimal", format="N..10,2"),
    field_of("reason", format="AN..20"),
)
CHECKS = compile_checks(TABLE, CATALOG, {})


def test_a_wrong_row_leaves_its_neighbours_alone() -> None:
    batch = batch_of(TABLE, {"name": ["甲", None, "丙"], "sex": ["1", "2", "9"], "fee": ["1.00", "x", None]})
    checked = run_checks(batch, CHECKS)
    assert checked.sound.to_list() == [True, False, False]
    assert checked.batch is batch
    assert checked.findings.rows() == [
        (1, "required", "3001", "name", "error", None),
        (1, "format", "3002", "fee", "error", None),
        (2, "value_set", "3003", "sex", "error", None),
    ]


def test_a_dash_is_an_answer_where_the_fields_own_words_ask_for_it() -> None:
    words = {"type": "code", "format": "N1", "value_set": "SEX"}
    table = table_of(
        field_of("autopsy", description_zh="死亡时必填; 非死亡填“-”", **words), field_of("sex", **words)
    )
    batch = batch_of(table, {"autopsy": ["-", "1", "无"], "sex": ["1", "-", "1"]})
    checked = run_checks(batch, compile_checks(table, CATALOG, {}))
    assert set(checked.findings.select("row", "field", "code").rows()) == {
        (1, "sex", "3003"),
        (2, "autopsy", "3003"),
    }


@pytest.mark.parametrize("rows", [0, 1, 600])
def test_any_number_of_rows(rows: int) -> None:
    batch = batch_of(TABLE, {"name": ["甲"] * rows, "sex": ["3"] * rows})
    checked = run_checks(batch, CHECKS)
    assert len(checked.sound) == rows
    assert not checked.sound.any()
    assert checked.sound.dtype == pl.Boolean
    assert dict(checked.findings.schema) == {name: kind() for name, kind in FINDINGS_SCHEMA.items()}
    assert checked.findings["row"].to_list() == list(range(rows))
    assert checked.dropped is not None
    assert len(checked.dropped) == rows


def test_columns_without_any_value_may_be_of_type_null() -> None:
    batch = batch_of(TABLE, {"name": ["甲", "乙"]})
    frame = batch.frame.with_columns(
        pl.lit(None).alias(name) for name in ("sex", "fee", "dept", "created_at")
    )
    checked = run_checks(replace(batch, frame=frame), CHECKS)
    assert set(checked.findings.select("field", "code").rows()) == {("created_at", "3001")}


def test_a_batch_in_several_chunks() -> None:
    parts = [
        batch_of(TABLE, {"name": [n], "k": [n], "sex": [s]}).frame for n, s in (("甲", "1"), ("乙", "7"))
    ]
    one = batch_of(TABLE, {"name": ["甲", "乙"]})
    checked = run_checks(replace(one, frame=pl.concat(parts, rechunk=False)), CHECKS)
    assert checked.sound.to_list() == [True, False]


def test_times_in_order_on_every_table() -> None:
    late = {"name": ["甲", "乙"], "created_at": ["20260116T000000", TIME]}
    checked = run_checks(batch_of(TABLE, late), CHECKS)
    assert checked.findings.rows() == [(0, "not_before", "5003", "created_at", "warning", None)]


def test_warnings_travel() -> None:
    rule = RuleSpec(
        "required_if", {"field": "reason", "column": "sex", "codes": ["1"]}, "reason", "R-1", Severity.WARNING
    )
    checked = run_checks(
        batch_of(TABLE, {"name": ["甲"], "sex": ["1"]}), compile_checks(TABLE, CATALOG, {}, [rule])
    )
    assert checked.sound.all()
    assert checked.findings.rows() == [(0, "required_if", "3001", "reason", "warning", "R-1")]


def test_waived_fields_are_counted_apart_and_travel() -> None:
    checks = compile_checks(TABLE, CATALOG, {("t", "name"): "系统没有", ("other", "nothing"): "别的表"})
    checked = run_checks(batch_of(TABLE, {"name": [None, "-", "名字超过了十个字符的限制"]}), checks)
    assert checked.findings.select("row", "code", "severity").rows() == [
        (0, "3001", "waived"),
        (1, "3007", "waived"),
        (2, "3004", "error"),
    ]
    assert checked.sound.to_list() == [True, True, False]


def test_what_names_a_record_is_never_waived() -> None:
    names = ("k", "org_code", "created_at", "updated_at", "nam")
    with pytest.raises(ConfigError) as caught:
        compile_checks(TABLE, CATALOG, {("t", name): "没有" for name in names})
    for name in names:
        assert f"字段 {name} " in str(caught.value)
    assert "最接近的是 name" in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        (RuleSpec("not_befor", {}, "name", "R-1"), "没有名为 not_befor 的规则种类，最接近的是 not_before"),
        (RuleSpec("required", {"value": "name"}, "name"), "没有名为 required 的规则种类"),
        (RuleSpec("not_before", {"later": "updated_at"}, "name", "R-1"), "参数应为 later、earlier、slack_s"),
        (
            RuleSpec("not_before", {"later": "updated_at", "earlier": "create_at"}, "name"),
            "最接近的是 created_at",
        ),
        (RuleSpec("id_card", {"number": "name"}, "nme"), "最接近的是 name"),
        (RuleSpec("id_card", {"number": "name"}, "name", severity=Severity.WAIVED), "severity"),
    ],
)
def test_rules_that_cannot_be_compiled(rule: RuleSpec, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        compile_checks(TABLE, CATALOG, {}, [rule])


def test_keys_and_times_are_required_whatever_the_catalog_says() -> None:
    fields = tuple(replace(f, required="O") for f in TABLE.fields)
    table = replace(TABLE, fields=fields)
    missing = {key: [None] for key in ("org_code", "k", "created_at", "updated_at")}
    checked = run_checks(batch_of(table, missing), compile_checks(table, CATALOG, {}))
    assert checked.findings["field"].to_list() == ["org_code", "k", "created_at", "updated_at"]
    assert not checked.sound.any()


def test_what_nobody_can_judge_is_counted_and_travels() -> None:
    batch = batch_of(TABLE, {"name": ["甲", "乙", "丙"], "dept": ["内一", None, "外二"]})
    checked = run_checks(batch, CHECKS)
    assert checked.sound.all()
    assert checked.findings.height == 0
    assert checked.unknown_counts == {("value_set", "dept"): 2}
    detailed = run_checks(batch, CHECKS, unknown_detail=True)
    assert detailed.findings.rows() == [
        (0, "value_set", "unknown", "dept", "unknown", None),
        (2, "value_set", "unknown", "dept", "unknown", None),
    ]
    assert detailed.sound.all()


@pytest.mark.parametrize(("unknown", "sound"), [("travels", True), ("holds", False)])
def test_a_rule_may_hold_what_it_cannot_judge(unknown: str, sound: bool) -> None:
    table = table_of(field_of("kind", format="AN..2"), field_of("no", format="AN..32"))
    rule = RuleSpec("id_card", {"number": "no", "kind": "kind"}, "no", "R-9", unknown=unknown)
    batch = batch_of(table, {"no": ["E1234567", None], "kind": ["03", "01"]})
    checked = run_checks(batch, compile_checks(table, CATALOG, {}, [rule]))
    assert checked.sound.to_list() == [sound, True]
    assert checked.unknown_counts == {("id_card", "no"): 1}
    assert checked.findings.height == (0 if sound else 1)


def test_no_finding_holds_a_value() -> None:
    private = "赵钱孙李周吴郑王机密"
    batch = batch_of(
        TABLE, {name: [private * 9] for name in ("name", "sex", "dept", "fee", "created_at", "updated_at")}
    )
    checked = run_checks(batch, CHECKS, unknown_detail=True)
    assert checked.findings.height >= 6
    assert private not in str(checked.findings.rows())
    assert private not in str(checked.unknown_counts)
    assert set(checked.findings["code"]) <= set(MEANINGS)


def test_every_code_has_a_meaning() -> None:
    assert {check.code for check in checks_by_name().values()} <= set(MEANINGS)


def hostile_batch(name: str, value: str | None, rows: int) -> StandardBatch:
    table = load_catalog("jiangxi").table(name)
    return batch_of(
        table,
        {**dict.fromkeys(table.field_names, [value] * rows), table.key_field: [f"K{n}" for n in range(rows)]},
    )


@pytest.mark.parametrize("name", load_catalog("jiangxi").table_names)
def test_every_table_of_the_catalog(name: str) -> None:
    """Nothing there: exactly the required fields are found. Debris everywhere: judged, never raised at."""
    catalog = load_catalog("jiangxi")
    table = catalog.table(name)
    checks = compile_checks(table, catalog, {})
    empty = run_checks(hostile_batch(name, None, 3), checks)
    required = {f.name for f in table.fields if f.required == "R"} | {"org_code", "created_at", "updated_at"}
    missing = empty.findings.filter(pl.col("check") == "required")
    assert set(missing["field"]) == required - {table.key_field}
    assert set(missing["code"]) == {"3001"}
    by_fields = empty.findings.filter(pl.col("rule_id").is_null() & (pl.col("check") != "filled"))
    assert set(by_fields["field"]) <= required
    debris = run_checks(hostile_batch(name, "１\0😀�" * 50, 2), checks)
    assert not debris.sound.any()
    judged = set(debris.findings["field"]) | {place for _, place in debris.unknown_counts}
    assert set(table.field_names) - judged <= {table.key_field}


def test_the_registered_expressions_say_what_the_engine_finds() -> None:
    """Required and value_set are found by counts and sets; their expressions are the page a person reads."""
    values = ["1", None, "3", "２", ""]
    table = table_of(field_of("sex", type="code", format="N1", value_set="SEX", required="R"))
    checked = run_checks(batch_of(table, {"sex": values}), compile_checks(table, CATALOG, {}))
    checks, value = checks_by_name(), pl.col("sex")
    verdicts = pl.DataFrame({"sex": values}).select(
        required=checks["required"].make(value), value_set=checks["value_set"].make(value, codes=["1", "2"])
    )
    for name in ("required", "value_set"):
        found = checked.findings.filter(pl.col("check") == name)["row"]
        assert found.to_list() == verdicts[name].not_().arg_true().to_list()
