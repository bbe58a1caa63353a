"""words.yaml: what books call things, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NoReturn

from medferry.errors import CatalogError


@dataclass(frozen=True, slots=True)
class Words:
    """Each a name of ours -> what books write.

    integers  word -> digits when no length is written
    pictures  picture of a date or time -> WS format
    system    field that every table needs -> English, pinyin and Chinese names of it, the surest first
    """

    headers: Mapping[str, Sequence[str]]
    types: Mapping[str, frozenset[str]]
    integers: Mapping[str, int]
    pictures: Mapping[str, str]
    required: Mapping[str, frozenset[str]]
    keys: Mapping[str, frozenset[str]]
    system: Mapping[str, Sequence[str]]


ON_CHANGE: list[Callable[[], None]] = []
"""What forgets when other words are in force: caches of what was told by them."""

_IN_FORCE: ContextVar[Words | None] = ContextVar("_IN_FORCE", default=None)


def words() -> Words:
    """Those in force: the package's, and what a project or a person adds."""
    return _IN_FORCE.get() or _shipped()


@contextmanager
def with_more_words(more: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[None]:
    """Within, these words are known too: section -> name of ours -> what books write. Sections and names must be known."""
    before = words()
    changed: dict[str, Mapping[str, Sequence[str] | frozenset[str]]] = {}
    for section, added in more.items():
        known: Mapping[str, Sequence[str] | frozenset[str]] = getattr(before, section)
        joined = {name: [*known[name], *listed] for name, listed in added.items()}
        changed[section] = {
            **known,
            **{n: frozenset(j) if section in _SETS else j for n, j in joined.items()},
        }
    token = _IN_FORCE.set(replace(before, **changed))  # type: ignore[arg-type]
    try:
        _forget()
        yield
    finally:
        _IN_FORCE.reset(token)
        _forget()


def _forget() -> None:
    for forget in ON_CHANGE:
        forget()


def read_words(path: Path) -> dict[str, dict[str, list[str]]]:
    """A project's own words.yaml: `headers: {name: [属性名]}`, `types`, `required`, `keys`, `system` as the package has them.

    raises  CatalogError: no YAML, a section or name that is unknown, words that are no list of texts
    """
    import yaml

    def wrong(expected: str, fix: str, **values: object) -> NoReturn:
        raise CatalogError("读取字段册的叫法", file=path, expected=expected, fix=fix, **values)

    try:
        page = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506 - texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogError(
            "读取字段册的叫法", file=path, expected="UTF-8 编码的 YAML", fix="检查该文件"
        ) from error
    if not isinstance(page, dict):
        wrong("若干行“部分: {名称: [叫法]}”", "照 docs/editions.md 的例子写")
    shipped = _shipped()
    for section, named in page.items():
        if section not in ADDABLE:
            wrong(f"{'、'.join(ADDABLE)} 之一", "改部分的名字", section=section)
        known = getattr(shipped, section)
        for name, listed in (
            named.items() if isinstance(named, dict) else wrong("名称: [叫法]", "改写", section=section)
        ):
            if name not in known:
                wrong(f"{'、'.join(known)} 之一", "改名称", section=section, name=name)
            if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
                wrong("文字的列表", "写成 [叫法, 叫法]", section=section, name=name)
    return page


ADDABLE = ("headers", "types", "required", "keys", "system")
_SETS = ("types", "required", "keys")


@cache
def _shipped() -> Words:
    """The package's words, read once."""
    import yaml

    data = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    sets = {section: {name: frozenset(listed) for name, listed in data[section].items()} for section in _SETS}
    return Words(
        headers=data["headers"],
        system=data["system"],
        integers=data["integers"],
        pictures=data["pictures"],
        **sets,
    )
