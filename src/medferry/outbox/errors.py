"""Why a ledger does not open, where the caller goes on differently."""

from __future__ import annotations

from medferry.errors import OutboxError


class LedgerHeld(OutboxError):
    """Another process writes this ledger: a ledger has one writing process."""

    code = "outbox.held_by_another"
