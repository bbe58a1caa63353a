"""`medferry test`: the project's own cases, tests/*.yaml.

```yaml
route: his_donghu.patient        # 路线：来源.映射文件名；一个文件一条路线
types: {CSRQ: date, JE: decimal} # 可选：数据库里不是文本的列。text integer decimal float boolean date datetime time bytes
lookup_tables:                   # 可选：各用例共用的对照表；用例里可另写
  visits_by_barcode: [{barcode: B1, patient_id: P1}]
parents:                         # 可选：按表给出已有的父记录，要看父记录的规则才判；主键必写，键含院区前缀；用例里可另写
  visit: [{visit_id: DH-V1, patient_id: DH-1}]
cases:
  - name: 性别代码对照
    rows:                        # 给定的来源行；没写的列按缺失处理；~ 也是缺失。bytes 列写十六进制
      - {BRID: 1, XB: 男}
      - {BRID: 2, XB: 怪}
    expect:                      # 应得的标准行，按次序逐行；只比较写出的字段，~ 表示应缺失；机构代码与前缀照实写
      patient:
        - {patient_id: DH-1, sex_code: 1}
        - {patient_id: DH-2, sex_code: 怪}
    findings:                    # 应有的校验结果；table 默认为第一张表，row 从 1 起、默认 1
      - {table: patient, row: 2, field: sex_code, check: value_set, severity: error}
    findings_complete: false     # true：除此之外不得有别的结果
    not_ready: 0                 # 可选：应有几行因 ready_when 留下
```
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from medferry.cli.given_names import given_names
from medferry.cli.main import EXIT_FINDINGS

_FORMAT = (__doc__ or "").partition("```yaml\n")[2].partition("```")[0]


@click.command(epilog=f"\b\n用例文件的写法：\n{_FORMAT}")
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--route", "only", help="只跑这条路线的用例。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, only: str | None, as_json: bool) -> None:
    """运行项目自带的映射用例（tests/*.yaml）。

    给定来源行，核对应得的标准行和校验结果；不连数据库。有用例不符时退出码为 1。
    """
    from medferry.config import ProjectError, load_project
    from medferry.config.case_files import read_cases
    from medferry.way_in.case_run import run_case

    project = load_project(folder)
    cases, complaints = read_cases(project)
    if any(one.severity == "error" for one in complaints):
        raise ProjectError(complaints)
    for complaint in complaints:
        click.echo(str(complaint), err=True)
    if only is not None:
        with given_names():
            wanted = project.route(only).id
        cases = [one for one in cases if one.route == wanted]
    results = [(one, run_case(project, one)) for one in cases]
    red = sum(bool(differences) for _, differences in results)
    if as_json:
        import orjson

        report = {
            "cases": len(results),
            "red": red,
            "results": [
                {"file": one.place.file, "line": one.place.line, "name": one.name, "differences": differences}
                for one, differences in results
            ],
        }
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        for one, differences in results:
            click.echo(f"{'不符' if differences else '通过'}  {one.place.file}:{one.place.line}  {one.name}")
            for line in differences:
                click.echo(f"      {line}")
        click.echo(
            f"共 {len(results)} 个用例，不符 {red} 个。" if results else "没有用例：请在 tests/ 下写 *.yaml。"
        )
    if red:
        sys.exit(EXIT_FINDINGS)
