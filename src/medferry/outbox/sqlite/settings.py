"""Settings of `type: sqlite`."""

from __future__ import annotations

from typing import ClassVar, Literal

from medferry.outbox.outbox import Outbox
from medferry.outbox.reader import LedgerReader
from medferry.outbox.settings import OutboxSettings, OutboxTools


class SqliteSettings(OutboxSettings):
    """One file."""

    title_zh: ClassVar[str] = "本机的一个 SQLite 文件"

    type: Literal["sqlite"] = "sqlite"

    def open(self, tools: OutboxTools) -> Outbox:
        """See OutboxSettings."""
        from medferry.outbox.sqlite.ledger import SqliteOutbox

        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SqliteOutbox(self.path, tools.clock, list(tools.tiers.items()), tools.node)

    def open_reader(self) -> LedgerReader:
        """See OutboxSettings."""
        from medferry.outbox.sqlite.reader import SqliteLedgerReader

        return SqliteLedgerReader(self.path)
