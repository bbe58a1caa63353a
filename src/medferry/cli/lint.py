"""`medferry lint`: every mistake of a project, each at its place."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from medferry.cli.main import EXIT_FINDINGS


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, as_json: bool) -> None:
    """检查项目配置、映射与代码表。

    一次列出全部错误，各带 文件:行:列、应有的写法和最接近的名字；有错误时退出码为 1。
    """
    from medferry.config import complaints_of

    found = complaints_of(folder)
    errors = sum(one.severity == "error" for one in found)
    if as_json:
        import orjson

        report = {
            "errors": errors,
            "warnings": len(found) - errors,
            "complaints": [
                {
                    "file": one.file,
                    "line": one.line,
                    "column": one.column,
                    "severity": one.severity,
                    "message": one.message_zh,
                    "expected": one.expected,
                    "nearest": one.nearest,
                    "fix": one.fix,
                }
                for one in found
            ],
        }
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        for one in found:
            click.echo(str(one))
        click.echo(f"错误 {errors} 处，警告 {len(found) - errors} 处。" if found else "没有发现问题。")
    if errors:
        sys.exit(EXIT_FINDINGS)
