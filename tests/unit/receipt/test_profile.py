"""The dialect file: shipped, marked, and complained about by line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from medferry.catalog import platform
from medferry.catalog.platform import ClientClass, load_answer_codes, load_profile, pick
from medferry.errors import CatalogError
from medferry.records import Outcome

SHIPPED = Path(platform.__file__).parents[1] / "jiangxi"


def test_every_line_of_the_shipped_profile_says_its_evidence() -> None:
    text = (SHIPPED / "platform.yaml").read_text(encoding="utf-8")
    valued = [line for line in text.splitlines() if re.match(r"\s*(-|\"?[A-Za-z0-9_-]+\"?:).*\S", line)]
    leaves = [line for line in valued if not re.fullmatch(r"\s*[A-Za-z_]+:(\s*#.*)?", line)]
    assert len(leaves) > 80
    assert [line for line in leaves if not re.search(r"# \[(R|K|I)\]", line)] == []
    inferred = [line for line in leaves if "[I]" in line and "依据待确认" not in line]
    assert [
        line for line in inferred if not re.search("failure_class|refresh_margin_s|gzip_bytes_min", line)
    ] == []


def test_codes_of_the_draft() -> None:
    codes = load_profile().load_answer_codes()
    assert len(codes) == 50
    assert {line.client_class for line in codes} == set(ClientClass)
    expected = {
        "4001": Outcome.PARENT_MISSING,
        "5002": Outcome.STALE,
        "3009": Outcome.WARNED,
        "3001": Outcome.REFUSED,
        "9001": Outcome.AGAIN,
    }
    assert {code: line.outcome for code in expected if (line := codes.get(code))} == expected
    assert codes.get("4711") is None
    assert codes.get(None) is None


def mistaken(tmp_path: Path, *changes: tuple[str, str]) -> str:
    text = (SHIPPED / "platform.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "platform.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_profile(path)
    return str(caught.value)


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    said = mistaken(
        tmp_path,
        ("  records_max: 200", "  records_max: -1"),
        ("spec_version: JX-2024.1", "spec_versoin: JX-2024.1"),
        ('{app_key}"                 # [I]', '{app_kye}"                 # [I]'),
        ("failure_class: QUERY_THEN_RETRY", "failure_class: GUESS"),
    )
    lines = (tmp_path / "platform.yaml").read_text(encoding="utf-8").splitlines()
    for part, word in (
        ("records_max: -1", "limits.records_max"),
        ("spec_versoin", "不认识的键 spec_versoin"),
        ("app_kye", "app_kye"),
        ("GUESS", "reply.failure_class"),
    ):
        at = next(number for number, line in enumerate(lines, start=1) if part in line)
        assert re.search(rf"platform\.yaml:{at}: [^；]*{re.escape(word)}", said), (at, said)
    assert "缺少 spec_version" in said


def test_a_layer_needs_one_kind_of_test(tmp_path: Path) -> None:
    assert "accepted 与 refused" in mistaken(tmp_path, ('accepted: ["0", "1", "2", "2007"]', "accepted: []"))


def test_what_is_no_yaml_names_its_line(tmp_path: Path) -> None:
    assert re.search(r"platform\.yaml:[0-9]+", mistaken(tmp_path, ("paths:\n", "paths: [\n")))
    with pytest.raises(CatalogError, match="检查文件"):
        load_profile(tmp_path / "absent.yaml")


def test_a_code_table_is_complained_about_by_line(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "code,meaning_zh,http,level,client_class,outcome,who_acts_zh\n"
        "1,好,200,record,DONE,accepted,\n"
        "1,好,200,record,DONE,accepted,\n"
        "2,坏,200,record,GUESS,accepted,\n"
        "3,坏,2xx,room,DONE,maybe,\n"
        ",坏,200,record,DONE,accepted,\n",
        encoding="utf-8",
    )
    with pytest.raises(CatalogError) as caught:
        load_answer_codes(path)
    said = str(caught.value)
    for place in (
        ":3: 应答码 1 重复",
        ":4: 处理类别 GUESS",
        ":5: 结果 maybe",
        ":5: 层次 room",
        ":5: HTTP",
        ":6: 缺少列 code",
    ):
        assert place in said


def test_paths_into_a_document() -> None:
    document = {"a": {"b": [{"c": 1}, None]}}
    assert pick(document, "a.b.0.c") == 1
    assert pick(document, "a.b.1") is None
    assert pick(document, "a.b.2.c") is None
    assert pick(document, "a.x.y") is None
