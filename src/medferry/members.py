"""What the members of a family are made of: settings that say their name and open them, and a registry that finds them.

Families: sources, destinations, outboxes. A member is one settings class: its `type` is its name, its fields are what a
project may say of it, its `open` makes it. A member of our own is a module and one line in its family's registry; one
of another installed package is an entry point of the family's group, `name = "module:SettingsClass"`. Both are imported
when they are first asked for by name.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo
from pydantic_core import PydanticCustomError

from medferry.errors import ConfigError

NO_SUCH_FILE = "no_such_file"


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a setting that may hold a secret: `x: Annotated[SecretStr, Secret()]`. Written in a project file itself,
    and not by `${NAME}`, it is warned of.

    within  whether this text holds one
    """

    within: Callable[[str], bool] = bool


def project_folder(info: ValidationInfo) -> Path | None:
    """Where relative paths count from; None for settings that come from no project."""
    folder = (info.context or {}).get("folder")
    assert folder is None or isinstance(folder, Path)
    return folder


def _in_project(path: Path, info: ValidationInfo) -> Path:
    folder = project_folder(info)
    return folder / path if folder else path


def _an_existing_file(path: Path) -> Path:
    if not path.is_file():
        raise PydanticCustomError(NO_SUCH_FILE, "指的文件不存在")
    return path


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


ProjectPath = Annotated[Path, AfterValidator(_in_project)]
"""A path that counts from the project folder."""
ProjectFile = Annotated[ProjectPath, AfterValidator(_an_existing_file)]
"""A file that is there, its path counted from the project folder."""
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One text or a list of them."""


class Settings(BaseModel):
    """What a project may say of a member. Values arrive as the texts of a file, or lists and blocks of them.

    A validator's ValueError is shown to the hospital as it is: Chinese, without the value. A field's `description` is
    its line in docs/members.md.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)

    title_zh: ClassVar[str]
    given: ClassVar[frozenset[str]] = frozenset({"type"})
    """Fields that the program fills, not the member's own block."""

    earlier: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Name of an earlier version -> the field's name of today: still read, with a word about the new name."""

    type: str

    @classmethod
    def member_name(cls) -> str:
        """The default of `type`; empty where the class names none."""
        default = cls.model_fields["type"].default
        return default if isinstance(default, str) else ""

    @classmethod
    def writable(cls) -> tuple[str, ...]:
        """What a project may write."""
        return tuple(name for name in cls.model_fields if name not in cls.given)


S = TypeVar("S", bound=Settings)


class Registry(Generic[S]):
    """The members of one family by name.

    family_zh  as a hospital reads it: 数据源类型
    group      entry point group in which other packages add members
    shape      what a member's settings class derives from
    own        name -> "module:SettingsClass"
    """

    def __init__(self, family_zh: str, group: str, shape: type[S], own: Mapping[str, str]) -> None:
        self.family_zh = family_zh
        self.group = group
        self.own = own
        self._shape = shape
        self._found: dict[str, type[S]] = {}

    @cached_property
    def _added(self) -> Mapping[str, tuple[EntryPoint, ...]]:
        found: dict[str, tuple[EntryPoint, ...]] = {}
        for one in sorted(entry_points(group=self.group), key=lambda one: (one.name, _package(one))):
            found[one.name] = (*found.get(one.name, ()), one)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """All that a project may write as `type:`; nothing is imported for it."""
        return tuple(dict.fromkeys((*self.own, *self._added)))

    def settings_of(self, name: str) -> type[S]:
        """The settings class of a member.

        raises  ConfigError: no such member, two packages give it, or its package is broken
        """
        if name not in self._found:
            self._found[name] = self._load(name)
        return self._found[name]

    def _load(self, name: str) -> type[S]:
        added = self._added.get(name, ())
        if not added and name not in self.own:
            raise ConfigError(
                f"查找{self.family_zh}", type=name, known="、".join(self.names), fix="改用已有的类型"
            )
        if len(added) + (name in self.own) > 1:
            raise self._clash(name, added)
        if not added:
            module, _, attribute = self.own[name].partition(":")
            own: type[S] = getattr(importlib.import_module(module), attribute)
            assert not self._unfit(own, name), f"{self.own[name]}: {self._unfit(own, name)}"
            return own
        (entry,) = added
        try:
            found = entry.load()
        except Exception as error:  # of whatever kind: the package is not ours
            raise self._broken(entry, f"{type(error).__name__}: {error}") from error
        if unfit := self._unfit(found, name):
            raise self._broken(entry, unfit)
        fit: type[S] = found
        return fit

    def _unfit(self, found: object, name: str) -> str:
        """Why this is no member of the family under this name; empty if it is one."""
        wanted = f"{self._shape.__module__}.{self._shape.__name__}"
        if not isinstance(found, type) or not issubclass(found, self._shape):
            return f"入口指的不是 {wanted} 的子类"
        if isabstract(found):
            missing = "、".join(sorted(found.__abstractmethods__))
            return f"{found.__name__} 缺少方法 {missing}"
        if found.member_name() != name:
            return f'{found.__name__} 的 type 默认值应为 "{name}"，现为 "{found.member_name()}"'
        return ""

    def _clash(self, name: str, added: tuple[EntryPoint, ...]) -> ConfigError:
        packages = [_package(one) for one in added]
        doomed = "、".join(one.partition(" ")[0] for one in packages)
        return ConfigError(
            f"装入{self.family_zh} {name}",
            软件包="、".join([*(["medferry 自带"] if name in self.own else []), *packages]),
            原因="名字重复，不知道该用哪一个",
            fix=f"只留一个，其余卸载（pip uninstall，可卸载的是 {doomed}），或请其作者改名",
        )

    def _broken(self, entry: EntryPoint, why: str) -> ConfigError:
        package = _package(entry)
        name = package.partition(" ")[0]
        return ConfigError(
            f"装入{self.family_zh} {entry.name}",
            软件包=package,
            入口=f"{self.group}: {entry.name} = {entry.value}",
            原因=why,
            fix=f"升级或重装软件包 {name}，仍不行请找其作者；或改用别的类型：{'、'.join(self.own)}",
        )


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.module
