"""A broken world is an exception; wrong data is a finding; a broken program is an `assert`.

Every error says what was being done, with which values, what was expected and how to go on. Its `next` says what the
program does about it. Values of patients never enter an error: pass names, places, counts and codes only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


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

    def _text(self) -> str:
        shown = "，".join(f"{name}={value}" for name, value in self.values.items())
        parts = [f"[{self.code}] {self.doing}时出错"]
        if shown:
            parts.append(f"：{shown}")
        if self.fix:
            parts.append(f"。处理办法：{self.fix}")
        return "".join(parts)


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
