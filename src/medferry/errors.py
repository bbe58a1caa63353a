"""A broken world is an exception; wrong data is a finding; a broken program is an `assert`.

Every error says what was being done, with which values, what was expected and how to go on. Its `next` says what the
program does about it. Values of patients never enter an error: pass names, places, counts and codes only.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar

SHOWN_CHARS_MAX = 2_000  # of one value in a message
_LINES = re.compile(r"[\t\r\n]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def shown(text: str, chars_max: int = SHOWN_CHARS_MAX) -> str:
    """A text from outside, fit for a screen, a log and the ledger: what would steer a terminal or turn the direction of
    writing becomes `?`, line ends a blank, and what is too long is cut, with its length said."""
    cut = text if len(text) <= chars_max else f"{text[:chars_max]}…（共 {len(text)} 字符）"
    return _UNSEEN.sub("?", _LINES.sub(" ", cut))


class Next(StrEnum):
    """What happens after an error."""

    RETRY = "retry"  # the same work again, later
    PARK = "park"  # a person looks; neighbours go on
    STOP = "stop"  # the route or channel halts until a person acts


class MedferryError(Exception):
    """Base of all errors that a user may see.

    doing   what was being done, a Chinese phrase: "读取数据源"
    fix     how to go on, Chinese; may be empty only where nothing can be advised
    values  names, places, counts, codes; never a patient's value
    """

    code: ClassVar[str] = "medferry"
    next: ClassVar[Next] = Next.STOP

    def __init__(self, doing: str, *, fix: str = "", **values: object) -> None:
        self.doing = doing
        self.fix = fix
        self.values = values
        super().__init__(self._text())

    @property
    def without_fix(self) -> str:
        """For those who say `fix` in a place of its own."""
        said = "，".join(f"{name}={shown(str(value))}" for name, value in self.values.items())
        return f"[{self.code}] {self.doing}时出错" + (f"：{said}" if said else "")

    def _text(self) -> str:
        return self.without_fix + (f"。处理办法：{self.fix}" if self.fix else "")


class ConfigError(MedferryError):
    """A project's files cannot be used; carries every complaint, not only the first."""

    code = "config"


class CatalogError(MedferryError):
    """The catalog's own data are damaged or a name is not in it."""

    code = "catalog"


class SourceError(MedferryError):
    """A source cannot be read now."""

    code = "source"
    next = Next.RETRY


class SourceRefused(SourceError):
    """The source refuses this account or this query; reading again will not help."""

    code = "source.refused"
    next = Next.STOP


class OutboxError(MedferryError):
    """The ledger cannot be read or written."""

    code = "outbox"


class DeliveryError(MedferryError):
    """An envelope was not delivered, and the platform certainly did not take it."""

    code = "deliver"
    next = Next.RETRY


class AnswerLost(DeliveryError):
    """The envelope left and no answer came: nobody knows what the platform did."""

    code = "deliver.answer_lost"


class ChannelStopped(DeliveryError):
    """The platform refuses us as a whole: wrong key, no right, wrong signature."""

    code = "deliver.channel_stopped"
    next = Next.STOP
