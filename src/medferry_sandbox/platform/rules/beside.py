"""What rules about other records may look at: all that is held of one organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from medferry_sandbox.platform.standard import Standard

Record = Mapping[str, str]
"""Field -> text; empty texts are left out."""

VOIDED: Final = "2"
_NOTHING: Final[Sequence[Record]] = ()


class Shelf:
    """The newest version of every record, looked up by any field.

    A table that is not among `held` was not looked at: nobody knows what it holds.
    """

    def __init__(self, standard: Standard, held: Mapping[str, Iterable[Record]]) -> None:
        self._standard = standard
        self._held = {table: list(records) for table, records in held.items()}
        self._found: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[Record]]] = {}

    def holds(self, table: str) -> bool:
        return table in self._held

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self._held)

    def all_of(self, table: str) -> Sequence[Record]:
        return self._held[table]

    def where(self, table: str, names: tuple[str, ...], values: tuple[str, ...]) -> Sequence[Record]:
        """Records of a table whose fields have these texts, voided ones too, in the order they came."""
        index = self._found.get((table, names))
        if index is None:
            index = self._found[table, names] = defaultdict(list)
            for record in self._held.get(table, ()):
                texts = tuple(record.get(name, "") for name in names)
                if all(texts):
                    index[texts].append(record)
        return index.get(values, _NOTHING)

    def beside(self, table: str, record: Record) -> Beside:
        return Beside(self, self._standard, table, record)


class Beside:
    """The shelf as seen from one record: only its own organisation's records."""

    def __init__(self, shelf: Shelf, standard: Standard, table: str, record: Record) -> None:
        self._shelf = shelf
        self._standard = standard
        self._table = table
        self._record = record
        self._org = record.get("org_code", "")

    def knows(self, table: str) -> bool:
        """Whether the table was looked at; where it was not, a rule about it says nothing."""
        return self._shelf.holds(table)

    def rows(self, table: str, /, **equal: str | None) -> Sequence[Record]:
        """Its records that are not voided and have these texts; none where a text is absent. Also the record itself,
        when it belongs to that table. An `org_code` among the texts means that organisation's instead of its own.
        """
        return [one for one in self.rows_and_voided(table, **equal) if one.get("record_status") == "1"]

    def rows_and_voided(self, table: str, /, **equal: str | None) -> Sequence[Record]:
        wanted = {"org_code": self._org, **equal}
        texts = tuple(text for text in wanted.values() if text)
        return self._shelf.where(table, tuple(wanted), texts) if len(texts) == len(wanted) else _NOTHING

    def pointed(self, pointer: str) -> Record | None:
        """The record, voided or not, that a pointing field (FK or REF) names; None where there is none at hand."""
        words = self._standard.table(self._table).by_name[pointer]
        key = self._record.get(pointer)
        if words.points_to is None or not key:
            return None
        table = words.points_to[1]
        held = self._shelf.where(table, ("org_code", self._standard.table(table).key_field), (self._org, key))
        return held[0] if held else None

    def points_nowhere(self, pointer: str) -> bool:
        """Whether the field is filled and the record it names is known not to be held."""
        words = self._standard.table(self._table).by_name[pointer]
        if words.points_to is None or not self._record.get(pointer) or not self.knows(words.points_to[1]):
            return False
        return self.pointed(pointer) is None

    def lacks(self, table: str, /, **equal: str | None) -> bool:
        """Whether it is known that the table holds no such record: it was looked at, and no text is absent."""
        return self.knows(table) and all(equal.values()) and not self.rows(table, **equal)

    def told(self, table: str, name: str, /, **equal: str | None) -> str | None:
        """What such a record says in a field: the first of them that says anything."""
        return next((text for one in self.rows(table, **equal) if (text := one.get(name))), None)

    def alike(self, *names: str) -> Sequence[Record]:
        """Records of its own table, itself among them, with the same texts here; none where one of these is absent."""
        if self._record.get("record_status") != "1":
            return _NOTHING
        return self.rows(self._table, **{name: self._record.get(name) for name in names})
