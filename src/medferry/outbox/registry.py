"""Outboxes by the `type:` a project writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from medferry.clock import Clock
from medferry.errors import ConfigError
from medferry.outbox.outbox import Outbox
from medferry.outbox.reader import LedgerReader
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader

Open = Callable[[Path, Clock, Sequence[tuple[str, int]], str], Outbox]

OUTBOXES: Mapping[str, Open] = {"sqlite": SqliteOutbox}
READERS: Mapping[str, Callable[[Path], LedgerReader]] = {"sqlite": SqliteLedgerReader}


def open_outbox(kind: str, path: Path, clock: Clock, tiers: Mapping[str, int], node: str) -> Outbox:
    """The outbox that a project's `outbox:` describes; its folder is made if need be.

    raises  ConfigError for an unknown type, OutboxError when the ledger cannot be opened or another process writes it
    """
    _known(kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    return OUTBOXES[kind](path, clock, list(tiers.items()), node)


def open_reader(kind: str, path: Path) -> LedgerReader:
    """The read side of a project's ledger, whether or not a run is writing it.

    raises  ConfigError for an unknown type, OutboxError where there is no ledger yet
    """
    _known(kind)
    return READERS[kind](path)


def _known(kind: str) -> None:
    if kind not in OUTBOXES:
        raise ConfigError("打开账本", type=kind, known="、".join(OUTBOXES), fix="改用已有的类型")
