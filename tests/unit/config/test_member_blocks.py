"""What a project says of its sources, destination and outbox is judged by the settings of their types, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.config import Complaint, complaints_of, load_project
from medferry.destinations.rest_settings import RestSettings
from medferry.sources.sql_query import SqlQuerySettings

ENVIRON = {"SECRET": "s3cret"}
URL = "${HIS_URL:-sqlite:///run/his.sqlite}"
SOURCE = f'campus: donghu, url: "{URL}"'
PLATFORM = "app_key: demo"


def damage(folder: Path, old: str, new: str) -> None:
    path = folder / "medferry.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not there"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def only(folder: Path, **environ: str) -> Complaint:
    found = complaints_of(folder, {**ENVIRON, **environ})
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def place_of(folder: Path, text: str) -> str:
    """Where a text, of which there is one, begins."""
    before, found, after = (folder / "medferry.yaml").read_text(encoding="utf-8").partition(text)
    assert found
    assert text not in after
    return f"medferry.yaml:{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"


MISTAKES = [
    # old, new, begins where it is wrong, what is said, what was expected, the nearest name
    (SOURCE, f"{SOURCE}, fast_pat: off", "fast_pat:", "没有这个数据源 his 的键：fast_pat", "", "fast_path"),
    (SOURCE, f"{SOURCE}, options: {{fast_pat: off}}", "fast_pat:", "没有这个数据源 his 的键：fast_pat", "", "fast_path"),
    (SOURCE, f"{SOURCE}, fast_path: of", "of,", "没有这个数据源 his 的 fast_path：of", "auto、off", "off"),
    (SOURCE, f"{SOURCE}, rows_max: 0", "0, mapp", "数据源 his 的 rows_max 太小", "不小于 1", ""),
    (SOURCE, f"{SOURCE}, rows_max: many", "many", "数据源 his 的 rows_max 应为整数", "", ""),
    (SOURCE, f"{SOURCE}, rows_max: 100001", "100001", "数据源 his 的 rows_max 太大", "不大于 100000", ""),
    (SOURCE, f"{SOURCE}, statement_timeout_s: inf", "inf", "statement_timeout_s 应为数字", "", ""),
    (SOURCE, f"{SOURCE}, session_sql: {{a: b}}", "{a: b}", "session_sql 应为一段文本或列表", "", ""),
    (SOURCE, f"{SOURCE}, schema_name: [a]", "[a]", "schema_name 应为一段文本", "", ""),
    (SOURCE, f"{SOURCE}, schema_name: ~", "~", "schema_name 是空的", "", ""),
    (SOURCE, f"{SOURCE}, name: x", "name: x", "没有这个数据源 his 的键：name", "campus", ""),
    (SOURCE, "campus: donghu", "{type: sql_query", "数据源 his 缺少 url", "", ""),
    (SOURCE, f"{SOURCE}, options: {{url: x}}", "url: x", "数据源 his 的 url 重复，第 7 行已有", "", ""),
    (SOURCE, f"{SOURCE}, options: off", "off", "数据源 his 的 options 应写成", "", ""),
    (URL, "run/his.sqlite", '"run/his.sqlite', "不是有效的数据库 URL", "", ""),
    (PLATFORM, f"{PLATFORM}, in_flight: 3", "in_flight:", "没有这个destination 的键：in_flight", "", "in_flight_max"),
    (PLATFORM, f"{PLATFORM}, in_flight_max: 0", "0, app_s", "destination 的 in_flight_max 太小", "不小于 1", ""),
    (PLATFORM, f"{PLATFORM}, read_timeout_s: 0", "0, app_s", "destination 的 read_timeout_s 太小", "大于 0", ""),
    (PLATFORM, f"{PLATFORM}, ca_file: ca.pem", "ca.pem", "destination 的 ca_file 指的文件不存在：ca.pem", "", ""),
    ("app_key: demo, ", "", "{type: rest", "destination 缺少 app_key", "", ""),
    ("type: rest, ", "", '{url: "http', "destination 缺少 type", "", ""),
    ("type: rest", "type: fax", "fax", "没有这个送达方式：fax", "rest", ""),
    ("http://127.0.0.1:8600", "http://me@127.0.0.1", '"http://me@', "destination 的 url 不是平台地址", "", ""),
    (", path: run/ledger.sqlite", "", "{type: sqlite", "outbox 缺少 path", "", ""),
    ("type: sqlite", "type: sqllite", "sqllite", "没有这个账本类型：sqllite", "sqlite", "sqlite"),
    ("path: run", "size: 3, path: run", "size:", "没有这个outbox 的键：size", "type、path", ""),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one[2]} {one[3]}" for one in MISTAKES])
def test_a_mistake_is_named_at_its_place(project: Path, mistake: tuple[str, ...]) -> None:
    old, new, begins, says, expected, near = mistake
    damage(project, old, new)
    one = only(project)
    assert (str(one.place), one.severity) == (place_of(project, begins), "error")
    assert says in one.message_zh
    assert expected in one.expected
    assert one.nearest == near


def test_all_mistakes_of_a_block_are_named_at_once(project: Path) -> None:
    damage(project, PLATFORM, "in_flight: 3, in_flight_max: 0, read_timeout_s: soon")
    found = [one for one in complaints_of(project, ENVIRON) if one.line == 11]
    assert len(found) == 4, "\n".join(map(str, found))


@pytest.mark.parametrize(
    "said",
    [
        "fast_path: off, connect_timeout_s: 3.5, session_sql: SET x",
        'options: {fast_path: off, connect_timeout_s: "3.5", session_sql: [SET x]}',
    ],
    ids=["in the block", "under options"],
)
def test_the_settings_of_a_type_stand_in_the_block_or_under_options(project: Path, said: str) -> None:
    damage(project, SOURCE, f"{SOURCE}, {said}")
    his = load_project(project, ENVIRON).sources["his"].settings
    assert isinstance(his, SqlQuerySettings)
    assert (his.name, his.campus, his.rows_max) == ("his", "donghu", 5_000)
    assert (his.fast_path, his.connect_timeout_s, his.session_sql) == ("off", 3.5, ("SET x",))


def test_files_count_from_the_project_folder(project: Path) -> None:
    (project / "ca.pem").touch()
    damage(project, PLATFORM, f"{PLATFORM}, ca_file: ca.pem")
    loaded = load_project(project, ENVIRON)
    assert isinstance(loaded.destination, RestSettings)
    assert loaded.destination.ca_file == project / "ca.pem"
    assert loaded.outbox.path == project / "run/ledger.sqlite"


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("sqlite:///run/his.sqlite", "sqlite:///{folder}/run/his.sqlite"),
        ("sqlite:////data/his.sqlite", "sqlite:////data/his.sqlite"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:///run/his.sqlite?timeout=3", "sqlite:///{folder}/run/his.sqlite?timeout=3"),
        ("postgresql://127.0.0.1/his", "postgresql://127.0.0.1/his"),
    ],
)
def test_a_relative_sqlite_file_counts_from_the_project_folder(project: Path, url: str, read: str) -> None:
    his = load_project(project, {**ENVIRON, "HIS_URL": url}).sources["his"].settings
    assert isinstance(his, SqlQuerySettings)
    assert his.url.get_secret_value() == read.format(folder=project.resolve())


@pytest.mark.parametrize("where", ["url", "fast_path", "connect_timeout_s", "session_sql", "ca_file"])
def test_a_value_from_the_environment_is_not_repeated(project: Path, where: str) -> None:
    """Whatever key the password was put under by mistake."""
    if where == "ca_file":
        damage(project, PLATFORM, f'{PLATFORM}, ca_file: "${{SECRET}}"')
    elif where == "url":
        damage(project, URL, "${SECRET}")
    elif where == "session_sql":
        damage(project, SOURCE, f'{SOURCE}, {where}: {{a: "${{SECRET}}"}}')
    else:
        damage(project, SOURCE, f'{SOURCE}, {where}: "${{SECRET}}"')
    one = only(project)
    assert where in one.message_zh
    assert "s3cret" not in str(one)


def test_a_variable_that_is_not_set_is_told_once(project: Path) -> None:
    damage(project, SOURCE, f'{SOURCE}, rows_max: "${{ROWS}}"')
    assert "环境变量 ROWS 没有设置" in only(project).message_zh


def test_a_password_in_the_url_is_a_warning(project: Path) -> None:
    damage(project, URL, "postgresql://reader:hunter2@127.0.0.1/his")
    one = only(project)
    assert (str(one.place), one.severity) == (place_of(project, '"postgresql'), "warning")
    assert "url: ${HIS_URL}" in one.fix
    assert "hunter2" not in str(one)
    damage(project, "reader:hunter2@", "reader@")
    assert not complaints_of(project, ENVIRON)
