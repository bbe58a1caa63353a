"""A sound project loads typed; every mistake is named at its place."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from medferry.config import Complaint, ProjectError, complaints_of, load_project
from medferry.errors import ConfigError
from medferry.mapping.model import Guard, Lookup, VerbCall
from medferry.sources.sql_query import SqlQuerySettings

ENVIRON = {"SECRET": "s3cret"}


def damage(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def only(folder: Path, environ: dict[str, str] | None = None) -> Complaint:
    found = complaints_of(folder, environ or ENVIRON)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def place(one: Complaint) -> str:
    return f"{one.file}:{one.line}:{one.column}"


def test_a_sound_project(project: Path) -> None:
    loaded = load_project(project, ENVIRON)
    assert loaded.warnings == ()
    assert loaded.name == "测试医院"
    assert loaded.waived["patient_card", "record_status"] == "系统不记作废"
    his = loaded.sources["his"]
    assert isinstance(his.settings, SqlQuerySettings)
    assert his.settings.url.get_secret_value() == f"sqlite:///{(project / 'run/his.sqlite').resolve()}"
    assert his.campus.prefix == "DH-"
    assert "s3cret" not in repr(loaded)
    assert loaded.outbox.path == project / "run/ledger.sqlite"
    assert loaded.lookup_tables["visits_by_barcode"]["donghu"].refresh == timedelta(minutes=5)


def test_yaml_keeps_text_as_written(project: Path) -> None:
    (route,) = load_project(project, ENVIRON).routes
    assert route.id == "his.card"
    assert route.key == ("KH", "010")
    assert route.ready_when == {"SHZT": ("no", "01")}
    assert route.at == (time(8, 0),)
    assert route.every is None
    assert route.query == "SELECT * FROM KP"
    assert route.rows_max == 5_000
    assert route.lookup_tables == ("visits_by_barcode",)


def test_fields_are_typed(project: Path) -> None:
    (route,) = load_project(project, ENVIRON).routes
    fields = {one.name: one for one in route.mappings[0].fields}
    assert fields["card_id"].columns == ("KH",)
    assert fields["patient_id"].lookup == Lookup("visits_by_barcode", {"TMH": "barcode"}, "patient_id")
    assert fields["card_no"].verbs == (VerbCall("join", {"separator": ""}),)
    assert fields["issue_date"].verbs == (
        VerbCall("null_if", {"values": ("0000-00-00",)}),
        VerbCall("date", {"formats": ("%Y-%m-%d", "%Y/%m/%d")}),
    )


def test_extended_forms(project: Path) -> None:
    """A look-up table for all campuses, options of a source, guarded blocks of one table, first_of, guards."""
    damage(
        project,
        "medferry.yaml",
        "    donghu: {source: his, query: queries/his/visits.sql, refresh: 5m}\n",
        "",
    )
    damage(
        project,
        "medferry.yaml",
        "  visits_by_barcode:\n",
        "  visits_by_barcode: {source: his, query: queries/his/visits.sql}\n",
    )
    damage(project, "medferry.yaml", "url: ", "options: {fast_path: off, session_sql: [SET x]}, url: ")
    text = (project / "mappings/his/card.yaml").read_text(encoding="utf-8")
    head, body = text.split("  patient_card:\n")
    first = "    - " + body.strip().replace("\n", "\n  ")
    second = first.replace(
        "card_id: KH", "when: {column: LX2, filled: true, is_not: [no]}\n      card_id: KH2"
    )
    second = second.replace("column: LX,", "first_of: [LX2, LX], when: {column: A, is: 010},")
    path = project / "mappings/his/card.yaml"
    path.write_text(f"{head}  patient_card:\n{first}\n{second}\n", encoding="utf-8")
    loaded = load_project(project, ENVIRON)
    assert set(loaded.lookup_tables["visits_by_barcode"]) == {"donghu", "qingshan"}
    his = loaded.sources["his"].settings
    assert isinstance(his, SqlQuerySettings)
    assert (his.fast_path, his.session_sql) == ("off", ("SET x",))
    (route,) = loaded.routes
    assert route.tables == ("patient_card",)
    one, two = route.mappings
    assert one.when is None
    assert two.when == Guard("LX2", is_not=("no",), filled=True)
    kind = next(one for one in two.fields if one.name == "card_type_code")
    assert kind.columns == ("LX2", "LX")
    assert kind.verbs == (VerbCall("first_of"),)
    assert kind.when == Guard("A", is_=("010",))


def test_a_value_from_the_environment_is_never_repeated(project: Path) -> None:
    damage(project, "medferry.yaml", "campus: donghu", "campus: ${SECRET}")
    assert "要加双引号" in only(project).fix
    damage(project, "medferry.yaml", "campus: ${SECRET}", 'campus: "${SECRET}"')
    texts = "".join(map(str, complaints_of(project, ENVIRON)))
    assert "没有这个院区：（来自环境变量）" in texts
    assert "s3cret" not in texts


def test_schedule_comes_from_the_table_group_unless_written(project: Path) -> None:
    damage(project, "mappings/his/card.yaml", "  at: [08:00]\n", "  overlap: 90s\n")
    (route,) = load_project(project, ENVIRON).routes
    assert route.overlap == timedelta(seconds=90)
    assert route.every is not None
    assert route.deadline > timedelta()


def test_ten_mistakes_get_ten_precise_complaints_and_nothing_starts(project: Path) -> None:
    """Goal: one pass names every mistake with file, line, column and the way out.
    Method: ten edits of ten kinds in five files; the places are compared one by one."""
    damage(
        project, "medferry.yaml", "qingshan: {name: 青山,", "qingshan: {nmae: 青山,"
    )  # 1, and 2: name is gone
    damage(project, "medferry.yaml", 'prefix: "QS-"', 'prefix: "DH-"')  # 3
    damage(project, "medferry.yaml", "refresh: 5m", "refresh: 5min")  # 4
    damage(
        project, "mappings/his/card.yaml", "    card_no:", "    card_noo:"
    )  # 5, and 6: card_no is not mapped
    damage(project, "mappings/his/card.yaml", "{join", "{jion")  # silent: its field is unknown
    damage(
        project, "mappings/his/card.yaml", "take: patient_id", "tkae: patient_id"
    )  # 7, and 8: take is gone
    damage(project, "codes/card_type.csv", "2,03", "2,77")  # 9
    damage(
        project, "waivers.yaml", "field: record_status", "field: record_state"
    )  # 10 (record_status joins 6)
    with pytest.raises(ProjectError) as raised:
        load_project(project, ENVIRON)
    assert isinstance(raised.value, ConfigError)
    found = {place(one): one for one in raised.value.complaints}
    assert sorted(found) == sorted(
        [
            "codes/card_type.csv:3:1",
            "mappings/his/card.yaml:8:3",
            "mappings/his/card.yaml:10:17",
            "mappings/his/card.yaml:10:65",
            "mappings/his/card.yaml:12:5",
            "medferry.yaml:5:3",
            "medferry.yaml:5:13",
            "medferry.yaml:5:14",
            "medferry.yaml:10:67",
            "waivers.yaml:1:32",
        ]
    )
    assert found["medferry.yaml:5:14"].nearest == "name"
    assert found["mappings/his/card.yaml:12:5"].nearest == "card_no"
    assert found["mappings/his/card.yaml:10:65"].nearest == "take"
    assert found["waivers.yaml:1:32"].nearest == "record_status"
    assert "card_no（卡号）" in found["mappings/his/card.yaml:8:3"].message_zh
    assert raised.value.complaints == sorted(raised.value.complaints, key=lambda one: one.place)
    assert "s3cret" not in str(raised.value)


CARD = "mappings/his/card.yaml"
MISTAKES = [
    (CARD, "card_id: KH", "card_id: ~", f"{CARD}:9:14", "card_id 的来源列是空的", ""),
    (CARD, "card_id: KH", "card_id:", f"{CARD}:9:13", "card_id 的来源列是空的", ""),
    ("medferry.yaml", "outbox:", "outbx:", "medferry.yaml", "没有这个", "outbox"),
    ("medferry.yaml", "campus: donghu", "campus: dongu", "medferry.yaml:7:", "没有这个院区：dongu", "donghu"),
    ("medferry.yaml", "type: sql_query", "type: sql", "medferry.yaml:7:15", "数据源类型", ""),
    (
        "medferry.yaml",
        "mappings: mappings/his",
        "mappings: mapings/his",
        "medferry.yaml:7:",
        "映射目录不存在",
        "",
    ),
    ("medferry.yaml", "source: his,", "source: hiss,", "medferry.yaml:10:22", "没有这个数据源：hiss", "his"),
    ("medferry.yaml", "http://127", "htp://127", "medferry.yaml:11:", "不是平台地址", ""),
    (
        "medferry.yaml",
        "app_key: demo",
        "app_key: demo, retry: 3",
        "medferry.yaml:11:",
        "没有这个destination 的键",
        "",
    ),
    ("medferry.yaml", "catalog: jiangxi", "catalog: fujian", "medferry.yaml:2:10", "没有这个标准版本", ""),
    ("medferry.yaml", "project: 测试医院", "project: [测试", "medferry.yaml:2:", "不是合法的 YAML", ""),
    (
        "medferry.yaml",
        "project: 测试医院",
        "project: 甲\nproject: 乙",
        "medferry.yaml:2:1",
        "键 project 重复",
        "",
    ),
    ("medferry.yaml", ', prefix: "QS-"', "", "medferry.yaml:5:3", "却没有 prefix", ""),
    ("medferry.yaml", "${SECRET}", "${SECERT}", "medferry.yaml:11:", "环境变量 SECERT 没有设置", ""),
    (
        CARD,
        "queries/his/card.sql",
        "queries/his/crad.sql",
        f"{CARD}:2:10",
        "查询文件不存在",
        "queries/his/card.sql",
    ),
    (CARD, "  key: [KH, 010]\n", "", f"{CARD}:2:3", "缺少 key", ""),
    (CARD, "{SHZT: [no, 01]}", "SHZT", f"{CARD}:5:15", "ready_when 写法不对", ""),
    (CARD, "at: [08:00]", "at: [8点]", f"{CARD}:6:", "不是时刻：8点", ""),
    (CARD, "at: [08:00]", "every: 10", f"{CARD}:6:10", "不是时长：10", ""),
    (
        CARD,
        "  patient_card:",
        "  patient_crad:",
        f"{CARD}:8:3",
        "没有这个标准表：patient_crad",
        "patient_card",
    ),
    (CARD, "    card_id: KH\n", "", f"{CARD}:8:3", "没有映射主键 card_id", ""),
    (CARD, "    card_id: KH\n", "    card_id: KH\n    org_code: X\n", f"{CARD}:10:5", "由程序按院区填写", ""),
    (
        CARD,
        "lookup: visits_by_barcode",
        "lookup: visit_barcode",
        f"{CARD}:10:26",
        "没有这个对照表",
        "visits_by_barcode",
    ),
    (CARD, "codes: card_type", "codes: card_tpye", f"{CARD}:11:41", "没有这个代码表", "card_type"),
    (CARD, '{join: ""}', '{jion: ""}', f"{CARD}:12:43", "没有这个动词：jion", "join"),
    (CARD, '[{join: ""}]', "[trim]", f"{CARD}:12:14", "第一个动词必须", ""),
    (CARD, '{null_if: "0000-00-00"}', "null_if", f"{CARD}:14:40", "缺少参数 values", ""),
    (CARD, '{null_if: "0000-00-00"}', "{slice: [a, 2]}", f"{CARD}:14:", "参数 start 应为整数", ""),
    (CARD, '{null_if: "0000-00-00"}', '{regex_replace: ["(", ""]}', f"{CARD}:14:", "参数不可用", ""),
    (CARD, '{null_if: "0000-00-00"}', "{scale: 一百}", f"{CARD}:14:", "参数不可用", ""),
    (CARD, '{null_if: "0000-00-00"}', "{trim: 1}", f"{CARD}:14:", "不带参数", ""),
    (CARD, ", because: 本系统只保留有效卡", "", f"{CARD}:13:34", "没有写理由", ""),
    (CARD, 'constant: "1"', 'constant: "77"', f"{CARD}:13:34", "不在值域", ""),
    (
        CARD,
        "issue_date: {column: FKRQ,",
        "issue_date: {constant: '20200101', ",
        f"{CARD}:14:",
        "冒充缺失值",
        "",
    ),
    (
        CARD,
        "card_id: KH",
        'card_id: {constant: "1", because: x}',
        f"{CARD}:9:25",
        "主键或外键，不能用常量",
        "",
    ),
    (
        CARD,
        "codes: card_type",
        'codes: card_type, default: "99"',
        f"{CARD}:11:",
        "不是“未说明”类标准代码",
        "",
    ),
    (
        CARD,
        "card_id: KH",
        "card_id: {column: KH, columns: [A]}",
        f"{CARD}:9:14",
        "应恰有一个来源，现有 2 个",
        "",
    ),
    (CARD, "    card_id: KH", "    when: {column: A}\n    card_id: KH", f"{CARD}:9:11", "没有写条件", ""),
    ("codes/card_type.csv", "2,03", "1,03", "codes/card_type.csv:3:1", "院内代码 1 重复，第 2 行已有", ""),
    ("codes/card_type.csv", "standard", "std", "codes/card_type.csv:1:1", "缺少栏目 standard", ""),
    ("codes/card_type.csv", "1,02,社保卡", "1,02,社,保卡", "codes/card_type.csv:2:1", "有 4 栏", ""),
    ("waivers.yaml", ", reason: 系统不记作废", "", "waivers.yaml:1:3", "缺少 reason", ""),
    (
        "waivers.yaml",
        "field: record_status",
        "field: card_id",
        "waivers.yaml:1:32",
        "主键 patient_card.card_id 不能豁免",
        "",
    ),
    (
        "queries/his/card.sql",
        "SELECT * FROM KP",
        "DELETE FROM KP",
        "queries/his/card.sql:1:1",
        "不是一条 SELECT",
        "",
    ),
    ("queries/his/card.sql", "KP;", "KP; SELECT 2", "queries/his/card.sql:1:1", "不止一条语句", ""),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one[0]}-{one[4]}" for one in MISTAKES])
def test_a_mistake_is_named_at_its_place(project: Path, mistake: tuple[str, ...]) -> None:
    file, old, new, where, says, near = mistake
    damage(project, file, old, new)
    found = [one for one in complaints_of(project, ENVIRON) if says in one.message_zh]
    assert found, "\n".join(map(str, complaints_of(project, ENVIRON)))
    assert place(found[0]).startswith(where)
    assert found[0].nearest == near
    with pytest.raises(ProjectError):
        load_project(project, ENVIRON)


def test_the_same_query_may_not_feed_a_table_twice(project: Path) -> None:
    text = (project / CARD).read_text(encoding="utf-8")
    (project / "mappings/his/card_again.yaml").write_text(text, encoding="utf-8")
    one = only(project)
    assert place(one) == "mappings/his/card_again.yaml:1:1"
    assert CARD in one.message_zh


def test_a_secret_in_the_file_is_a_warning_and_is_not_shown(project: Path) -> None:
    damage(project, "medferry.yaml", "${SECRET}", "hunter2")
    (one,) = load_project(project, ENVIRON).warnings
    assert one.severity == "warning"
    assert "hunter2" not in str(one)


PATIENT = """\
read: {query: queries/his/card.sql, key: BRID}
tables:
  patient:
    patient_id: BRID
    sex_code: {column: XB, default: "%s"}
"""


def test_a_not_stated_code_may_stand_for_a_missing_value(project: Path) -> None:
    """The standard's own word for "unknown" is no invention; any other code is."""
    path = project / "mappings/his/patient.yaml"
    path.write_text(PATIENT % "9", encoding="utf-8")
    assert not any("default" in one.message_zh for one in complaints_of(project, ENVIRON))
    path.write_text(PATIENT % "1", encoding="utf-8")
    wrong = [one for one in complaints_of(project, ENVIRON) if "default" in one.message_zh]
    assert len(wrong) == 1
    assert "9 未说明的性别" in wrong[0].expected


def test_files_in_other_encodings_are_named(project: Path) -> None:
    (project / "codes/card_type.csv").write_bytes("local,standard,local_name\n1,02,社保卡\n".encode("gbk"))
    assert "UTF-8" in only(project).message_zh or "UTF-8" in only(project).fix


def test_a_folder_without_a_project(tmp_path: Path) -> None:
    one = only(tmp_path)
    assert place(one) == "medferry.yaml:1:1"
    assert "里没有 medferry.yaml" in one.message_zh
