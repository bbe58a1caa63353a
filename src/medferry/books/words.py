"""words.yaml: what books call things, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


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


@cache
def words() -> Words:
    """The package's words, read once."""
    import yaml

    data = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    sets = {
        section: {name: frozenset(listed) for name, listed in data[section].items()}
        for section in ("types", "required", "keys")
    }
    return Words(
        headers=data["headers"],
        system=data["system"],
        integers=data["integers"],
        pictures=data["pictures"],
        **sets,
    )
