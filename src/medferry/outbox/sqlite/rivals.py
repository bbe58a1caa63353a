"""One key given by two source rows, in different batches: the newer version travels, and it is said whose place it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from medferry.outbox.sqlite.arrivals import Work
from medferry.outbox.sqlite.connection import Reason
from medferry.outbox.sqlite.store import Store
from medferry.records import KeyedRows, Severity

ONE_VERSION = "one_version"
"""The check that finds several rows of one key in a batch; what comes in batches of its own is found here."""


def before_by_others(store: Store, work: Work, source_rows: Sequence[int | None]) -> dict[int, str]:
    """Place among the rows kept -> route whose other source row gave the key's version before.

    source_rows  of the rows kept; of versions from before the ledger knew them nobody can tell
    """
    if work.newcomers:
        return {}
    asked = {
        seq: place
        for place, (seq, row) in enumerate(zip(work.previous, source_rows, strict=True))
        if seq is not None and row is not None
    }
    by_day: dict[str, list[int]] = {}
    for seq in asked:
        by_day.setdefault(store.day_of(seq), []).append(seq)
    found: dict[int, str] = {}
    for day, sequences in by_day.items():
        for seq, row, route in store.rows("source_rows_of", (orjson.dumps(sequences).decode(),), day=day):
            if row != source_rows[asked[seq]]:
                found[asked[seq]] = route
    return found


def contested(
    rows: KeyedRows, work: Work, rivals: Mapping[int, str], findings: Mapping[int, list[Reason]]
) -> dict[int, list[Reason]]:
    """Position in the rows -> what is said of it, with a warning that its key had been given by another source row."""
    warning = Reason(ONE_VERSION, "5001", rows.key_field, Severity.WARNING.value, "")
    return {
        position: [*findings.get(position, ()), warning]
        for position in (work.positions[place] for place in rivals)
    }
