"""Events as journal lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import orjson

from medferry.events import Event
from medferry.outbox.sqlite.store import Store


def write_events(store: Store, events: Sequence[Event]) -> None:
    """One line each, in the transaction that is open, under the day it is written."""
    store.many(
        "add_journal",
        [
            (
                store.now_ms,
                event.name,
                getattr(event, "batch_id", None),
                getattr(event, "message_id", None),
                event.text(),
                orjson.dumps({field.name: getattr(event, field.name) for field in fields(event)}).decode(),
            )
            for event in events
        ],
        day=store.day,
    )
