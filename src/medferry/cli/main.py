"""The `medferry` command: each sub-command is a module of this folder, imported when it is called.

Other packages add commands by the entry point group `medferry.commands`: name = "module:click command".
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

import click

from medferry import __version__
from medferry.cli.last_resort import about_files, about_ourselves, leave_quietly, speak_anywhere
from medferry.cli.process import speak_chinese
from medferry.cli.usage import PROGRAM, complaint, context_of
from medferry.errors import MedferryError

EXIT_FINDINGS = 1  # the command ran and found something a person must look at
EXIT_USAGE = 2  # the command line is wrong (click's own)
EXIT_WORLD = 3  # the world is broken: source, platform, ledger, files
EXIT_OURSELVES = 4  # the program itself is broken; a report lies in the temporary folder
EXIT_READER_LEFT = 141  # whoever read standard output went away: `| head`

COMMANDS: Mapping[str, tuple[str, str]] = {
    "new": ("command", "新建一个医院项目目录"),
    "lint": ("command", "检查项目配置、映射与代码表"),
    "probe": ("command", "试连数据源与平台，只看不动"),
    "preview": ("command", "预览某张表将要发送的内容与校验结果"),
    "test": ("command", "运行项目自带的映射用例"),
    "run": ("command", "开始摆渡：抽取、映射、校验、入账、投递、结清"),
    "status": ("command", "各表现状、积压、扣留原因、平台是否可达"),
    "trail": ("command", "一条记录走到了哪里，逐步列出"),
    "resend": ("command", "把平台拒收或搁置的行重新排队发送"),
    "review": ("command", "复核：记录之间的规则，对平台已接收的全部记录判断一遍"),
    "coverage": ("command", "63 张表逐字段：映射了没有、填了多少、几种取值、最近一次"),
    "gaps": ("command", "按科室列出缺什么、在哪个界面补，写成工作簿"),
    "score": ("command", "照省平台的五个维度给自己打分：扣在哪里，补好能回多少分"),
    "checks": ("group", "校验：平台的应答教了什么，哪些该扣留、哪些可放行"),
    "codes": ("group", "代码台：未对照的院内代码、建议、采纳与补发"),
    "catalog": ("group", "省平台标准：63 张表、字段、值域"),
}


ADDED_COMMANDS = "medferry.commands"  # entry point group


@cache
def added_commands() -> Mapping[str, EntryPoint]:
    """Commands of other installed packages; one that bears the name of our own is left out."""
    found = sorted(entry_points(group=ADDED_COMMANDS), key=lambda one: one.name)
    return {one.name: one for one in found if one.name not in COMMANDS}


class LazyGroup(click.Group):
    """Lists commands from COMMANDS and what is added; imports a command's module only when it runs. Start-up stays short."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *added_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            attribute, _ = COMMANDS[cmd_name]
            command = getattr(importlib.import_module(f"medferry.cli.{cmd_name}"), attribute)
        elif cmd_name in added_commands():
            command = added_commands()[cmd_name].load()
        else:
            return None
        assert isinstance(command, click.Command), f"{cmd_name} is not a command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])
        if added_commands():
            with formatter.section("附加命令"):
                formatter.write_dl([(name, self._short_help(ctx, name)) for name in added_commands()])

    def _short_help(self, ctx: click.Context, name: str) -> str:
        """The first sentence of an added command's help."""
        command = self.get_command(ctx, name)
        assert command is not None
        return command.get_short_help_str(limit=200)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="medferry %(version)s")
def cli() -> None:
    """Medferry：把医院数据完整、正确、准时地送到区域健康平台。"""


def main() -> None:
    """Entry point: errors a user may see are printed in Chinese on standard error, without a traceback."""
    speak_chinese()
    speak_anywhere()
    try:
        answer = cli.main(prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
        if isinstance(answer, int):  # ctx.exit(code) ends here as a value, not as an exception
            sys.exit(answer)
    except click.exceptions.Abort:
        click.echo("已中断。", err=True)
        sys.exit(130)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(complaint(error, context_of(cli, sys.argv[1:])), err=True)
        sys.exit(error.exit_code)
    except MedferryError as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_WORLD)
    except BrokenPipeError:
        leave_quietly()
        sys.exit(EXIT_READER_LEFT)
    except SystemExit as end:  # click and rich leave by themselves when the reader left
        if isinstance(end.__context__, BrokenPipeError):
            leave_quietly()
            sys.exit(EXIT_READER_LEFT)
        raise
    except Exception as error:
        command = context_of(cli, sys.argv[1:]).command_path
        files = about_files(error, command) if isinstance(error, OSError) else None
        leave_quietly()
        click.echo(files or about_ourselves(error, command), err=True)
        sys.exit(EXIT_WORLD if files else EXIT_OURSELVES)


if __name__ == "__main__":
    main()
