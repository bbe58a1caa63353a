"""Outboxes by the `type:` a project writes: a line each."""

from __future__ import annotations

from medferry.members import Registry
from medferry.outbox.settings import OutboxSettings

OUTBOXES = Registry(
    "账本类型",
    "medferry.outboxes",
    OutboxSettings,  # type: ignore[type-abstract]  # only compared with, never called
    {
        "sqlite": "medferry.outbox.sqlite.settings:SqliteSettings",
    },
)
