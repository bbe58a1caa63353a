"""Rules about other records, judged over everything held: by their words, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medferry_sandbox.platform.findings import Finding
from medferry_sandbox.platform.holding import Severities
from medferry_sandbox.platform.rules.beside import VOIDED, Beside, Record, Shelf
from medferry_sandbox.platform.rules.book import RuleBook, book_of, found
from medferry_sandbox.platform.standard import Standard


class Reviewed(NamedTuple):
    """A finding about one record held."""

    table: str
    org_code: str
    key: str
    finding: Finding


def review(shelf: Shelf, standard: Standard) -> Iterator[Reviewed]:
    """What the later rules and the rules about parents say of every record that is not voided."""
    for table in shelf.tables:
        book = book_of(table)
        key_field = standard.table(table).key_field
        for record in shelf.all_of(table):
            if record.get("record_status") == VOIDED:
                continue
            beside = shelf.beside(table, record)
            for finding in judged_beside(book, record, beside, standard.severities(table)):
                yield Reviewed(table, record.get("org_code", ""), record.get(key_field, ""), finding)


def judged_beside(
    book: RuleBook, record: Record, beside: Beside, severities: Severities
) -> Iterator[Finding]:
    """What the rules that look beside one record say of it."""
    for written in book.parents:
        parents = [beside.pointed(pointer) for pointer in written.reads]
        if all(parent is not None for parent in parents):
            yield from found(written, written.judge(record, *parents), severities)
    for written in book.laters:
        yield from found(written, written.judge(record, beside), severities)
