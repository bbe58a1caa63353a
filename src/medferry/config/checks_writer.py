"""Writes one entry into `checks:` of a project's medferry.yaml, and leaves every other character as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

import yaml

from medferry.checks.overrides import Wish
from medferry.config.load import MAIN_FILE, complaints_of
from medferry.errors import ConfigError

_STEP = 2  # spaces of a deeper level


def add_override(folder: Path, wish: Wish, entry: Mapping[str, str]) -> str:
    """Adds the entry; returns what changed, as a unified diff. A file that would not be sound is left as it was.

    raises  ConfigError: the file cannot be written, or lint would find a mistake in it
    """
    path = folder / MAIN_FILE
    try:
        before = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("改写项目配置", file=str(path), fix="检查文件是否可读、是否为 UTF-8") from error
    after = _with_entry(before, wish, _flow(entry))
    _write(path, after)
    wrong = [one for one in complaints_of(folder) if one.severity == "error"]
    if wrong:
        _write(path, before)
        raise ConfigError("改写项目配置", file=str(path), fix="；".join(map(str, wrong)))
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(unified_diff(lines[0], lines[1], MAIN_FILE, MAIN_FILE, n=1))


def _flow(entry: Mapping[str, str]) -> str:
    """`{rule: VIS-004, reason: "…"}`: what a person wrote is quoted."""
    if any("${" in value for value in entry.values()):
        raise ConfigError("改写项目配置", file=MAIN_FILE, fix="理由与经手人里不要写 ${，它会被当作环境变量")
    plain = ("rule", "check", "table", "field", "date")
    texts = {
        key: value if key in plain else json.dumps(value, ensure_ascii=False) for key, value in entry.items()
    }
    return "{" + ", ".join(f"{key}: {text}" for key, text in texts.items()) + "}"


def _with_entry(text: str, wish: Wish, flow: str) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    checks = _value(root, "checks")
    if checks is None:
        return f"{text.rstrip()}\n\nchecks:\n{' ' * _STEP}{wish}:\n{' ' * 2 * _STEP}- {flow}\n"
    listed = _value(checks, wish)
    if isinstance(listed, yaml.SequenceNode):
        if listed.flow_style:
            end = listed.end_mark.index - 1
            return text[:end] + (", " if listed.value else "") + flow + text[end:]
        return _line_after(text, listed.value[-1].end_mark, f"{' ' * listed.start_mark.column}- {flow}")
    if isinstance(checks, yaml.MappingNode) and listed is None:
        if checks.flow_style:
            end = checks.end_mark.index - 1
            return text[:end] + (", " if checks.value else "") + f"{wish}: [{flow}]" + text[end:]
        indent = " " * checks.start_mark.column
        return (
            text[: checks.start_mark.index]
            + f"{wish}:\n{indent}{' ' * _STEP}- {flow}\n{indent}"
            + (text[checks.start_mark.index :])
        )
    raise ConfigError("改写项目配置", file=MAIN_FILE, fix=f"checks 的 {wish} 不是列表，请手工加上：- {flow}")


def _line_after(text: str, mark: yaml.Mark, line: str) -> str:
    """A line of its own behind the one where something ends."""
    end = mark.index if mark.column == 0 else text.find("\n", mark.index) + 1
    if end == 0:  # the file's last line has no line feed
        return f"{text}\n{line}\n"
    return f"{text[:end]}{line}\n{text[end:]}"


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _write(path: Path, text: str) -> None:
    """At once or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(text.encode("utf-8"))
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError("改写项目配置", file=str(path), fix="检查目录权限与磁盘空间") from error
