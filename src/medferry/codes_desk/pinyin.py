"""How names are read: pinyin of each character, for homophones and for the initials that HIS code columns hold."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=30_000)
def _reading(character: str) -> str:
    """The commonest reading without tone; any other character as it is."""
    return lazy_pinyin(character, style=Style.NORMAL)[0].lower()


def pinyin(name: str) -> str:
    """Readings of a normal name, one after the other; character by character, as HIS programs make theirs."""
    return "".join(_reading(one) for one in name)


def initials(name: str) -> str:
    """First letter of each reading: 心血管内科 is xxgnk."""
    return "".join(_reading(one)[:1] for one in name)
