"""What the platform calls tables and fields, where an edition says that it calls them otherwise than we do.

Rows are kept under our names: rules, parents and the score read them for years. Only the bytes of an envelope carry the
platform's, and what it answers is read back into ours. An edition that renames nothing costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from medferry.catalog.model import Table
from medferry.destinations.destination import Destination
from medferry.receipt.asked import Asked
from medferry.records import Envelope, Pack, ProbeFinding, Receipt, Reply, Verdict
from medferry.way_out.delivery import ReadAnswer, ReadReply

Renames = Mapping[str, str | None]
"""Our name of a field -> the platform's, None where it is not sent; fields that keep their name are absent."""


@dataclass(frozen=True)
class WireNames:
    """Of all editions whose rows may leave.

    fields  (edition, table) -> renames; pairs without any are absent
    tables  table -> the platform's name of it, where it has another
    """

    fields: Mapping[tuple[str, str], Renames]
    tables: Mapping[str, str]

    @classmethod
    def of(cls, tables: Sequence[Table]) -> WireNames:
        """tables: of every edition in use"""
        return cls(
            {(one.edition, one.name): one.wire_names for one in tables if one.wire_names},
            {one.name: one.wire for one in tables if one.wire != one.name},
        )

    def __bool__(self) -> bool:
        return bool(self.fields or self.tables)

    def table(self, name: str) -> str:
        return self.tables.get(name, name)

    def field_here(self, table: str, wire: str) -> str:
        """Our name for a field that the platform names; as it stands where it is none of its names."""
        for (_, name), renames in self.fields.items():
            if name == table:
                for ours, theirs in renames.items():
                    if theirs == wire:
                        return ours
        return wire


def renamed(bodies: Sequence[bytes], renames: Renames) -> list[bytes]:
    """Canonical rows with the platform's names, in the same order; values are not touched."""
    found = []
    for body in bodies:
        row: dict[str, str] = orjson.loads(body)
        wires = ((renames.get(name, name), value) for name, value in row.items())
        found.append(orjson.dumps({wire: value for wire, value in wires if wire is not None}))
    return found


class WirePack:
    """A destination's pack, given rows under our names."""

    def __init__(self, pack: Pack, names: WireNames, edition: str = "") -> None:
        self._pack = pack
        self._names = names
        self._edition = edition

    def of_edition(self, edition: str) -> WirePack:
        """For rows of one edition of the standard."""
        return WirePack(self._pack, self._names, edition)

    def __call__(
        self,
        *,
        message_id: str,
        table: str,
        campus: str,
        org_code: str,
        created_at: datetime,
        bodies: Sequence[bytes],
    ) -> tuple[bytes, str]:
        """See `records.Pack`."""
        renames = self._names.fields.get((self._edition, table))
        return self._pack(
            message_id=message_id,
            table=self._names.table(table),
            campus=campus,
            org_code=org_code,
            created_at=created_at,
            bodies=renamed(bodies, renames) if renames else bodies,
        )


class WiredDestination:
    """A destination that is spoken to in our names and speaks to the platform in its own."""

    def __init__(self, inner: Destination, names: WireNames) -> None:
        self._inner = inner
        self._names = names
        self._pack = WirePack(inner.pack, names)

    @property
    def pack(self) -> Pack:
        return self._pack

    def probe(self) -> list[ProbeFinding]:
        return self._inner.probe()

    def send(self, envelope: Envelope) -> Reply:
        return self._inner.send(replace(envelope, table=self._names.table(envelope.table)))

    def ask(self, message_ids: Sequence[str]) -> Iterator[Reply]:
        return self._inner.ask(message_ids)

    def close(self) -> None:
        self._inner.close()


def receipts_in_our_names(read: ReadReply, names: WireNames) -> ReadReply:
    """Reads what was answered for an envelope; its verdicts name fields as we do."""
    if not names:
        return read
    return lambda reply, envelope: _in_our_names(read(reply, envelope), envelope.table, names)


def answers_in_our_names(read: ReadAnswer, names: WireNames) -> ReadAnswer:
    """The same of what was answered to a question about an envelope."""
    if not names:
        return read

    def answer(reply: Reply, envelope: Envelope) -> Asked:
        asked = read(reply, envelope)
        if asked.receipt is None:
            return asked
        return replace(asked, receipt=_in_our_names(asked.receipt, envelope.table, names))

    return answer


def _in_our_names(receipt: Receipt, table: str, names: WireNames) -> Receipt:
    def told(one: Verdict) -> Verdict:
        return one if one.field is None else replace(one, field=names.field_here(table, one.field))

    verdicts = {at: told(one) for at, one in receipt.verdicts.items()}
    return replace(receipt, verdicts=verdicts, default=told(receipt.default))
