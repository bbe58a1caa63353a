"""Why a ledger does not open, where the caller goes on differently."""

from __future__ import annotations

from medferry.errors import OutboxError


class LedgerHeld(OutboxError):
    """Another process writes this ledger: a ledger has one writing process."""

    code = "outbox.held_by_another"


class LedgerDamaged(OutboxError):
    """The ledger's file is not whole: nothing is begun anew in its place."""

    code = "outbox.damaged"


class LedgerGone(OutboxError):
    """Another file, or none, lies where the ledger was opened: the run ends."""

    code = "outbox.gone"
