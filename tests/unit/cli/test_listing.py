"""Goal: a table fits whatever screen there is, and says on it all that it says on a wide one.
Method: one table of every kind of column at several widths; texts are folded by hand-made cases."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from medferry.cli.consoles import WIDTH_IN_FILES, say, say_beside, wide_console
from medferry.cli.folding import fold
from medferry.cli.listing import Listing, counts, group, texts, wholes

LONG = "申请日期时间 ≤ 标本采样日期时间 ≤ 接收标本日期时间（规则 inspection_record-01）"


def screen(listing: Listing, width: int) -> list[str]:
    console = Console(width=width, file=StringIO())
    listing.print(console)
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def listing() -> Listing:
    made = Listing(
        "停着的行", [*group("科室"), *texts("数据表", "原因"), *wholes("首见"), *counts("行", "等父记录")]
    )
    made.add("儿科", "检验记录（inspection_record）", LONG, "12-01 20:54", "1,234,567", "·")
    made.add("儿科", "病案首页-手术（inpatient_operation）", "必填[而]未填", "12-01 20:55", "3", "12")
    made.section()
    made.add("合计", "", "", "", "1,234,570", "12", style="bold")
    return made


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 160, 200])
def test_every_number_and_every_word_is_there_at_any_width(width: int) -> None:
    lines = screen(listing(), width)
    text = "\n".join(lines)
    squeezed = re.sub(r"[\s│┃]", "", text)
    for number in ("1,234,567", "1,234,570", "12-01 20:54"):
        assert number in text
    assert all(cell_len(line) <= width for line in lines)
    for word in ("inspection_record", "必填[而]未填"):
        assert word in squeezed or width < 160, "folded side by side"
    assert "…" not in text
    assert text.count("儿科") == 1, "a group is said once"


def test_where_there_is_room_a_row_is_a_line() -> None:
    lines = screen(listing(), 200)
    assert lines[0] == "停着的行"
    assert [line.split("│")[1].strip() for line in lines if line.startswith("│")] == ["儿科", "", "合计"]
    assert LONG in lines[4]


def test_where_there_is_little_room_long_texts_are_folded() -> None:
    lines = screen(listing(), 90)
    head = next(line for line in lines if "数据表" in line)
    assert head.count("┃") >= 5
    assert any("1,234,567" in line and "inspection" not in line for line in lines)


def test_where_there_is_none_a_row_is_a_paragraph() -> None:
    assert screen(listing(), 60) == [
        "停着的行",
        "儿科",
        "  - 数据表：检验记录（inspection_record）",
        "    原因：申请日期时间 ≤ 标本采样日期时间 ≤ 接收标本日期时间",
        "    （规则 inspection_record-01）",
        "    首见：12-01 20:54  行：1,234,567",
        "  - 数据表：病案首页-手术（inpatient_operation）",
        "    原因：必填[而]未填  首见：12-01 20:55  行：3",
        "    等父记录：12",
        "合计",
        "  - 行：1,234,570  等父记录：12",
    ]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 12, [""]),
        ("必填项为空", 20, ["必填项为空"]),
        ("必填项为空", 6, ["必填项", "为空"]),
        ("值为空，须补", 6, ["值为", "空，须", "补"]),
        ("患者（patient）", 14, ["患者", "（patient）"]),
        ("共 1,234,567 行", 10, ["共", "1,234,567", "行"]),
        ("inpatient_operation", 12, ["inpatient_", "operation"]),
        ("abcdefghijklmnop", 6, ["abcdef", "ghijkl", "mnop"]),
        ("一行\n二行", 12, ["一行", "二行"]),
    ],
)
def test_folding(text: str, width: int, lines: list[str]) -> None:
    assert fold(text, width) == lines


def test_a_file_is_wide_and_columns_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert wide_console().width == WIDTH_IN_FILES
    monkeypatch.setenv("COLUMNS", "72")
    assert wide_console().width == 72


def test_a_sentence_is_left_to_the_terminal() -> None:
    console = Console(width=20, file=StringIO())
    say(console, "63 张表不知道应有多少：没有询问数据源 [bold]")
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue() == "63 张表不知道应有多少：没有询问数据源 [bold]\n"


def test_further_lines_stand_below_the_first() -> None:
    console = Console(width=40, file=StringIO())
    say_beside(console, "  20:54:37  ", "已入账 4 个版本（重复 0，扣留 1），批次 B20261201205436472-000001")
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue().splitlines() == [
        "  20:54:37  已入账 4 个版本（重复 0，扣",
        "            留 1），批次",
        "            B20261201205436472-000001",
    ]
