"""Help pages and usage errors in Chinese: said from what the command line library knows, not by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from unicodedata import east_asian_width

import click

PROGRAM = "medferry"
LEFT_MAX = 30  # columns of names and placeholders on a help page
_SECTIONS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
_HELP_TEXTS = {"Show this message and exit.": "显示这页说明。", "Show the version and exit.": "显示版本号。"}
_METAVARS = (
    ("INTEGER RANGE", "整数"),
    ("FLOAT RANGE", "数"),
    ("INTEGER", "整数"),
    ("TEXT", "文本"),
    ("DIRECTORY", "目录"),
    ("FILE", "文件"),
    ("PATH", "路径"),
)
_USAGE_PIECES = (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]…"), ("...", "…"))
_CHINESE = re.compile(r"[一-鿿]")
_EXTRA = re.compile(r"\AGot unexpected extra arguments? \((?P<args>.*)\)\Z", re.DOTALL)


class ChineseHelp(click.HelpFormatter):
    """Headings, placeholders and the library's own sentences of a help page."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, chinese in _USAGE_PIECES:
            args = args.replace(english, chinese)
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_SECTIONS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = LEFT_MAX, col_spacing: int = 2
    ) -> None:
        """Two columns, by the room that Chinese takes; a long text is left to the terminal to break."""
        pairs = [(_option_zh(left), _help_zh(right)) for left, right in rows]
        width = min(col_max, max((_cells(left) for left, _ in pairs), default=0)) + col_spacing
        indent = " " * self.current_indent
        for left, right in pairs:
            room = width - _cells(left)
            gap = " " * room if room >= col_spacing else f"\n{indent}{' ' * width}"
            self.write(f"{indent}{left}{gap if right else ''}{right}\n")


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _option_zh(option: str) -> str:
    for english, chinese in _METAVARS:
        if option.endswith(f" {english}"):
            return option.removesuffix(english) + chinese
    return option


def _help_zh(text: str) -> str:
    return _HELP_TEXTS.get(text, text).replace("[default: ", "[缺省: ").replace("[required]", "[必填]")


def context_of(group: click.Group, args: Sequence[str]) -> click.Context:
    """Of the command that a command line names, as far as it names one: some errors do not say where they came from."""
    ctx = click.Context(group, info_name=PROGRAM)
    for word in args:
        if not isinstance(ctx.command, click.Group):
            break
        command = ctx.command.get_command(ctx, word)
        if command is not None:
            ctx = click.Context(command, parent=ctx, info_name=word)
    return ctx


def complaint(error: click.ClickException, here: click.Context) -> str:
    """What is wrong with the command line, the nearest known name, and how it is written.

    here  of the command that was called, where the error does not know it
    """
    ctx = (error.ctx if isinstance(error, click.UsageError) else None) or here
    return f"命令行有误：{_problem(error, ctx)}\n{ctx.get_usage()}\n详见：{ctx.command_path} --help"


def _problem(error: click.ClickException, ctx: click.Context) -> str:
    known = _commands(ctx)
    match error:
        case click.NoSuchOption():
            said = f"没有选项 {error.option_name}{_nearest(error.option_name, _options(ctx), '选项')}"
        case click.exceptions.NoSuchCommand():
            said = f"没有命令 {error.command_name}{_nearest(error.command_name, known, '命令')}"
        case click.MissingParameter():
            said = f"缺少{_named(error.param, ctx)}"
        case _ if _CHINESE.search(error.message):  # ours
            said = error.message
        case click.BadOptionUsage():
            said = _misused(error.option_name, ctx)
        case click.BadParameter():
            said = f"{_named(error.param, ctx)} 的值不对{_expected_of(error.param)}"
        case _:
            extra = _EXTRA.match(error.message)
            missing = f"缺少命令，可用的命令：{'、'.join(known)}" if known else "参数的写法不对"
            said = f"多出了参数 {extra['args']}" if extra else missing
    return said


def _misused(name: str, ctx: click.Context) -> str:
    """An option without its value, or a flag with one."""
    option = next((one for one in ctx.command.get_params(ctx) if name in one.opts), None)
    if isinstance(option, click.Option) and option.is_flag:
        return f"选项 {name} 不带值"
    return f"选项 {name} 后面要写一个值{_expected_of(option)}"


def _nearest(given: str, known: Sequence[str], what: str) -> str:
    near = get_close_matches(given, known, n=1, cutoff=0.5)
    hint = f"，是不是 {near[0]}？" if near else "。"
    return f"{hint}可用的{what}：{'、'.join(known)}"


def _options(ctx: click.Context) -> list[str]:
    """Of each option its longest name."""
    options = [one for one in ctx.command.get_params(ctx) if isinstance(one, click.Option) and not one.hidden]
    return [max(one.opts, key=len) for one in options]


def _commands(ctx: click.Context) -> list[str]:
    return ctx.command.list_commands(ctx) if isinstance(ctx.command, click.Group) else []


def _named(param: click.Parameter | None, ctx: click.Context) -> str:
    if param is None:
        return "参数"
    if isinstance(param, click.Option):
        return f"选项 {max(param.opts, key=len)}"
    return f"参数 {param.make_metavar(ctx).removesuffix('...').strip('[]')}"


def _expected_of(param: click.Parameter | None) -> str:
    expected = _expected(param.type) if param else ""
    return f"，应为{expected}" if expected else ""


def _expected(kind: click.ParamType[object]) -> str:
    """What a type takes; "" for any text."""
    match kind:
        case click.IntRange():
            return _between(kind.min, kind.max, "整数")
        case click.FloatRange():
            return _between(kind.min, kind.max, "数")
        case click.Choice():
            return f" {'、'.join(map(str, kind.choices))} 之一"
        case click.DateTime():
            return "日期，写成 2026-07-01 这样"
        case click.Path():
            what = "路径" if kind.file_okay and kind.dir_okay else "文件" if kind.file_okay else "目录"
            return f"已有的{what}" if kind.exists else what
        case _:
            return {"integer": "整数", "float": "数", "boolean": " true 或 false"}.get(kind.name, "")


def _between(least: float | None, most: float | None, what: str) -> str:
    if least is None:
        return what if most is None else f"不大于 {most} 的{what}"
    return f"不小于 {least} 的{what}" if most is None else f" {least} 到 {most} 的{what}"
