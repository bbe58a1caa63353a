"""Goal: whoever mistypes a command reads in Chinese what is wrong, the nearest known name and how it is written; exit code 2.
Method: the command in a process of its own, once per kind of mistake; every help page by its command."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from medferry.cli.main import EXIT_USAGE, cli
from medferry.cli.process import speak_chinese
from medferry.cli.usage import PROGRAM

speak_chinese()  # as the entry point does

ENGLISH = re.compile(
    r"Usage|Error|Options|Commands|Try |No such|Missing|Invalid|Did you mean|Show th|default"
)

MISTAKES = {
    "unknown option": (
        "status --jsn",
        "没有选项 --jsn，是不是 --json？可用的选项：--project、--json、--help",
    ),
    "unknown option, nothing near": ("status -q", "没有选项 -q。可用的选项：--project、--json、--help"),
    "unknown option of the program": (
        "--versio",
        "没有选项 --versio，是不是 --version？可用的选项：--version、--help",
    ),
    "unknown command": (
        "codes sugest",
        "没有命令 sugest，是不是 suggest？可用的命令：accept、suggest、unmapped",
    ),
    "missing argument": ("trail", "缺少参数 TABLE"),
    "missing argument, named in Chinese": ("catalog export", "缺少参数 文件"),
    "missing option": ("catalog import 书.xlsx", "缺少选项 --as"),
    "too many arguments": ("run a b", "多出了参数 a b"),
    "option without its value": ("run --at-most-s", "选项 --at-most-s 后面要写一个值，应为不小于 1 的整数"),
    "flag with a value": ("status --json=1", "选项 --json 不带值"),
    "not a number": ("hospital create --seed x", "选项 --seed 的值不对，应为整数"),
    "out of range": ("preview patient --rows 0", "选项 --rows 的值不对，应为 1 到 500 的整数"),
    "out of range, decimal": ("hospital live --rate 99", "选项 --rate 的值不对，应为 0.01 到 50.0 的数"),
    "not a choice": (
        "catalog import 书.xlsx --take-over y",
        "选项 --take-over 的值不对，应为 format、required 之一",
    ),
    "not a date": ("hospital create --start x", "选项 --start 的值不对，应为日期，写成 2026-07-01 这样"),
    "a file for a folder": (f"new {__file__}", "参数 FOLDER 的值不对，应为目录"),
    "a word of ours": (
        "resend patient --by 张三 --because 已修好",
        "写出要重送的主键，或用 --all 重送这张表里停下的全部行，二者取一。",
    ),
}


def called(line: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "medferry.cli.main", *line.split()]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_said_in_chinese(kind: str) -> None:
    line, said = MISTAKES[kind]
    answer = called(line)
    assert answer.returncode == EXIT_USAGE
    assert answer.stdout == ""
    complaint, usage, more = answer.stderr.splitlines()
    assert complaint == f"命令行有误：{said}"
    assert usage.startswith(f"用法：{PROGRAM} ")
    assert re.fullmatch(rf"详见：{PROGRAM}[ a-z]* --help", more)
    assert not ENGLISH.search(answer.stderr)


def test_an_unknown_command_of_the_program_names_all() -> None:
    answer = called("stats")
    assert answer.returncode == EXIT_USAGE
    assert answer.stderr.startswith("命令行有误：没有命令 stats，是不是 status？可用的命令：new、lint、")


@pytest.mark.parametrize("line", ["", "codes"])
def test_no_command_shows_the_help_page(line: str) -> None:
    answer = called(line)
    assert answer.returncode == EXIT_USAGE
    assert answer.stderr.startswith(f"用法：{f'{PROGRAM} {line}'.strip()} [选项] 命令 [参数]…\n")
    assert not ENGLISH.search(answer.stderr)


def contexts(ctx: click.Context) -> Iterator[click.Context]:
    yield ctx
    if isinstance(ctx.command, click.Group):
        for name in ctx.command.list_commands(ctx):
            command = ctx.command.get_command(ctx, name)
            assert command is not None
            yield from contexts(click.Context(command, parent=ctx, info_name=name))


@pytest.mark.parametrize(
    "ctx", [*contexts(click.Context(cli, info_name=PROGRAM))], ids=lambda one: one.command_path
)
def test_help_pages_have_no_english_of_the_library(ctx: click.Context) -> None:
    page = ctx.get_help()
    assert page.startswith("用法：")
    assert not ENGLISH.search(page)
    assert not re.search(r"  (--[a-z-]+) (TEXT|INTEGER|FLOAT|DIRECTORY|FILE|PATH)\b", page)
