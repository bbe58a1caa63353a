"""Pages written from the program itself: `python docs/pages.py` writes them, a test compares them.

What a hospital reads of verbs, checks and errors is what the program does, or `make test` is red.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import walk_packages
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

import medferry
import medferry_sandbox
from medferry.checks import MEANINGS, checks_by_name
from medferry.checks.holding import REASON_MEANINGS
from medferry.destinations.registry import DESTINATIONS
from medferry.errors import MedferryError, Next
from medferry.ferry import timetable
from medferry.mapping.verb import Parameter, ParameterKind, Verb
from medferry.mapping.verbs import VERBS
from medferry.members import Registry, Settings
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.registry import OUTBOXES
from medferry.sources.registry import SOURCES
from medferry.way_out.delivery import DeliverySettings

FOLDER = Path(__file__).parent
_WRITTEN = "<!-- 由 make pages 写出，请勿手改 -->"
_PARAMETER = re.compile(r"[a-z_, ]+  +\S")  # `later, earlier  fields in …`: the part for programmers
_GROUPS: Mapping[str, str] = {"text": "文本", "numbers": "数字", "times": "日期与时间"}


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error class means to a hospital, what the program does next, what a person does."""

    meaning: str
    goes_on: str
    do: str


def error_texts() -> Mapping[str, ErrorText]:
    """Class name -> text of errors.csv; a test says that no class is missing and none too many."""
    limits = DeliverySettings(limits=LeaseLimits(envelopes_max=1))
    phrases = {
        "nothing": "不启动；已在运行的进程不受影响",
        "backoff": f"等 {limits.patience.backoff_min_s:.0f} 秒重试，逐次加倍至 {limits.patience.backoff_max_s:.0f} 秒",
        "stopped": f"全部停发，每 {limits.patience.channel_retry_s:.0f} 秒试一次；数据在账本里等",
        "asked": f"转为结果未知：先问平台（每 {limits.ask_again_s:.0f} 秒一次），平台说没见过才原样重发",
        "not_understood_max": limits.not_understood_max,
        "attempts_max": limits.limits.attempts_max,
    }
    with (FOLDER / "errors.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["class"]: ErrorText(row["meaning"], row["goes_on"].format(**phrases), row["do"])
            for row in csv.DictReader(file)
        }


def error_classes() -> list[type[MedferryError]]:
    """All errors that a user may see, parents before children, by code."""
    for package in (medferry, medferry_sandbox):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found: dict[str, type[MedferryError]] = {}
    waiting = list(MedferryError.__subclasses__())
    while waiting:
        one = waiting.pop()
        if one.__module__.startswith(("medferry.", "medferry_sandbox.")):
            found[f"{one.code} {one.__name__}"] = one
        waiting += one.__subclasses__()
    return [found[name] for name in sorted(found)]


def _next_of(error: type[MedferryError]) -> str:
    if error.next is Next.RETRY:
        return (
            f"这条路线等 {timetable.RETRY_MIN_S:.0f} 秒重试，逐次加倍至 {timetable.RETRY_MAX_S:.0f} 秒；"
            "其他路线照走"
        )
    return f"这条路线停下，每 {timetable.STOPPED_RETRY_S:.0f} 秒试一次；其他路线照走"


def errors_page() -> str:
    """docs/errors.md."""
    texts = error_texts()
    lines = [
        "# 报错",
        _WRITTEN,
        "",
        "报错一律是：`[代码] 做什么时出错：名字=值，…。处理办法：…`。里面只有名字、位置、数目和代码，没有患者的内容。",
        "“此后”一栏的 retry、park、stop 是程序里的记号：自动重来、搁置给人看、停下等人。",
        "",
        "| 代码 | 意思 | 此后程序怎么做 | 人要做什么 | 类 |",
        "|---|---|---|---|---|",
    ]
    for error in error_classes():
        text = texts[error.__name__]
        goes_on = text.goes_on or _next_of(error)
        lines.append(
            f"| `{error.code}` | {text.meaning} | {error.next.value}：{goes_on} | {text.do} | `{error.__name__}` |"
        )
    lines += [
        "",
        "平台自己的应答码（拒收某条记录的原因等）在 `src/medferry/catalog/jiangxi/answer_codes.csv`，",
        "校验结果的代码见 [checks.md](checks.md)。",
        "",
    ]
    return "\n".join(lines)


def _parameter(one: Parameter) -> str:
    kind = "、".join(one.choices) if one.kind is ParameterKind.CHOICE else one.kind.value
    return f"`{one.name}` {kind}" + ("" if one.required else "（可省）")


def _example(verb: Verb) -> str:
    """How it is written in a list of verbs, with a place for each required argument."""
    required = [one.name for one in verb.parameters if one.required]
    if not required:
        return f"`{verb.name}`"
    if len(required) == 1:
        return f"`{{{verb.name}: {required[0]}}}`"
    return f"`{{{verb.name}: {{{', '.join(f'{name}: …' for name in required)}}}}}`"


def verbs_page() -> str:
    """docs/verbs.md."""
    lines = [
        "# 映射动词",
        _WRITTEN,
        "",
        '写在映射的字段里：`{column: CSRQ, verbs: [{null_if: "0000-00-00"}, {date: "%Y-%m-%d"}]}`，从左到右执行。',
        "每列读入时已去掉首尾空白，空文本即缺失；缺失值经过动词仍是缺失。动词处理不了的值原样留下，由校验发现。",
        "最后一步总是化为标准格式，日期时间列、数值列不必自己写。",
        "参数只有一个时可直接写值；多个时写成 `{参数: 值}`，或按次序写成列表。",
    ]
    for module, title in _GROUPS.items():
        lines += ["", f"## {title}", "", "| 动词 | 写法 | 参数 | 作用 |", "|---|---|---|---|"]
        for verb in sorted(VERBS.values(), key=lambda one: one.name):
            if verb.function.__module__.rpartition(".")[2] != module:
                continue
            parameters = "；".join(map(_parameter, verb.parameters)) or "—"
            several = "（第一个，接 `columns`）" if verb.makes_one else ""
            told = " ".join(verb.help.split("\n")).replace("|", "\\|")
            lines.append(f"| `{verb.name}` | {_example(verb)}{several} | {parameters} | {told} |")
    return "\n".join([*lines, ""])


def _chinese_part(page: str) -> str:
    """A check's docstring up to its table of parameters, which is for programmers."""
    kept: list[str] = []
    for block in page.split("\n\n"):
        if _PARAMETER.match(block):
            break
        kept.append(block)
    return "\n\n".join(kept)


def _rows_from_life() -> Iterator[str]:
    """The cases of tests/cases/life, table by table: what travels although it looks odd, what is held."""
    import yaml

    yield from (
        "",
        "## 生活里的样子",
        "",
        "医院里真有的、看着像错其实对的行必须放行，真错的必须扣留。下面是随程序测试的例子，校验与沙箱各判一遍；",
        "另有每条可扣留的规则各自的 `near:`。",
        "",
        "| 表 | 放行 | 扣留 | 放行的例子 |",
        "|---|---|---|---|",
    )
    for path in sorted((Path(__file__).parents[1] / "tests" / "cases" / "life").glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        travel, held = page.get("travel", []), page.get("held", [])
        shown = "；".join(one["name"] for one in travel[:_LIFE_SHOWN_MAX])
        yield f"| `{path.stem}` | {len(travel)} | {len(held)} | {shown} |"


def checks_page() -> str:
    """docs/checks.md."""
    lines = [
        "# 校验",
        _WRITTEN,
        "",
        "一行数据的每个校验有三种结果：对、错、无法判定。错误（error）扣留这一行，同批其他行照走；警告（warning）、",
        "无法判定（unknown）照常发送并计数；豁免（waived）本是必填缺失，项目在 waivers.yaml 里写了理由，照常发送、单独计数。",
        "",
        "## 什么会扣留",
        "",
        "只有送不出去、不可能是真的、或已知平台会拒的行才扣留，理由必须写在标准数据旁边；其余都是警告，照常发送。",
        "",
        "| 理由 | 意思 |",
        "|---|---|",
        *(f"| `{reason}` | {meaning} |" for reason, meaning in REASON_MEANINGS.items()),
        "",
        "各系统时间先后、临床上少见、随诊疗过程而有无的内容、可免可退可加收的金额，都只提醒。",
        "`medferry catalog lint --json` 的 `holding` 列出全部可扣留之处及理由。",
        "",
        "一家医院的省平台更严或更松时，项目在 medferry.yaml 的 `checks:` 里改（写法见 [project.md](project.md)）：",
        "`hold` 里的从提醒改为扣留，`warn` 里的从扣留改为只提醒，每一项写明理由。写不进格式、长度、位数的值",
        "（`format`、`length`、`range`）和认不出是哪条记录的行（`key`、`one_version`）送不出去，不能改为只提醒。",
        "`required` 改了，必填项填占位词（`placeholder`）跟着改；`characters` 与 `destroyed` 平台用同一个代码，一起改。",
        "规则整条改，不分字段；只在复核里报的规则不能扣留。",
        "`medferry catalog lint --project 项目` 列出改过以后可扣留之处。",
        *_rows_from_life(),
        "",
        "## 代码",
        "",
        "| 代码 | 意思 |",
        "|---|---|",
        *(f"| `{code}` | {meaning} |" for code, meaning in MEANINGS.items()),
    ]
    for from_rule, title in (
        (False, "由字段推出的校验"),
        (True, "规则种类"),
    ):
        lines += ["", f"## {title}"]
        if from_rule:
            lines += [
                "",
                "程序由字段名与值域自己推出：证件号码，以及每张表的 created_at 不晚于 updated_at。",
                "标准随附的 `catalog/jiangxi/tables/<表>/rules.csv` 以文字写规则，并没有全部执行。",
            ]
        for name, check in checks_by_name().items():
            if check.from_rule is not from_rule:
                continue
            lines += ["", f"### {name}（{check.code}）", "", _chinese_part(check.page)]
            if from_rule:
                lines += ["", "参数：" + "、".join(f"`{one}`" for one in signature(check.make).parameters)]
    return "\n".join([*lines, ""])


_LIFE_SHOWN_MAX = 4  # of a table

_TYPES: Mapping[object, str] = {
    str: "文本", SecretStr: "文本（口令）", int: "整数", float: "数字", bool: "true、false", Path: "路径",
}  # fmt: skip
_RANGE_ENDS: Sequence[tuple[str, str]] = (("ge", "不小于"), ("gt", "大于"), ("le", "不大于"), ("lt", "小于"))


def _type_of(annotation: object, limits: Sequence[object]) -> str:
    """A setting's type as a hospital reads it."""
    parts = [one for one in get_args(annotation) if one is not NoneType]
    if get_origin(annotation) in (Union, UnionType) and len(parts) == 1:
        return _type_of(parts[0], limits)
    if get_origin(annotation) is Annotated:
        return _type_of(parts[0], limits)
    if get_origin(annotation) is Literal:
        return "、".join(map(str, parts))
    if get_origin(annotation) is tuple:
        return "文本，或文本的列表"
    ends = (
        f"{word} {getattr(limit, end):,}"
        for limit in limits
        for end, word in _RANGE_ENDS
        if hasattr(limit, end)
    )
    return "，".join([_TYPES[annotation], *ends])


def _default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "必写"
    value = field.default
    if value in (None, ()):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _member(registry: Registry[Any], name: str) -> list[str]:
    settings: type[Settings] = registry.settings_of(name)
    lines = [
        f"### {name}",
        "",
        f"{settings.title_zh}。",
        "",
        "| 键 | 类型 | 默认 | 意思 |",
        "|---|---|---|---|",
    ]
    for key in settings.writable():
        field = settings.model_fields[key]
        kind = _type_of(field.annotation, field.metadata)
        lines.append(f"| `{key}` | {kind} | {_default_of(field)} | {field.description} |")
    return lines


def members_page() -> str:
    """docs/members.md."""
    lines = [
        "# 数据源、送达方式、账本",
        _WRITTEN,
        "",
        "medferry.yaml 里 `sources` 的每一块、`destination`、`outbox` 各由 `type` 决定类型，其余的键由该类型自己定义、",
        "自己核对，写错的由 `medferry lint` 指明位置。每个数据源还有 `campus`、`mappings` 两个键，",
        "见 [project.md](project.md)。",
        "",
        "另装的软件包可以带来新的类型（入口点组见各节），装上即可写，无须改动 Medferry。名字重复或软件包有毛病时，",
        "`medferry lint` 指出是哪个包。",
    ]
    for registry, title in (
        (SOURCES, "数据源 sources"),
        (DESTINATIONS, "送达方式 destination"),
        (OUTBOXES, "账本 outbox"),
    ):
        lines += ["", f"## {title}", "", f"入口点组 `{registry.group}`。"]
        for name in registry.own:
            lines += ["", *_member(registry, name)]
    return "\n".join([*lines, ""])


PAGES: Mapping[str, Callable[[], str]] = {
    "verbs.md": verbs_page,
    "checks.md": checks_page,
    "errors.md": errors_page,
    "members.md": members_page,
}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (FOLDER / file).write_text(page(), encoding="utf-8")
