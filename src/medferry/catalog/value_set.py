"""A value set: its document, its own list, and what else is valid in its place.

A list is seldom the whole truth: ICD-10 is used in two editions at once, an abolished county stays somebody's birthplace,
an extension of a known category may be newer than the list at hand. So a set may name others that are valid beside it
(`also`) and the shape of codes that no list has (`shape`), of which the first `known_places` characters must begin a
listed code.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from medferry.catalog.files import CatalogFiles, CsvRow, value_set_file
from medferry.catalog.valid_codes import CodeShape, ValidCodes

SET_COLUMNS = ("id", "title_zh", "standard", "entries", "complete", "source")
SET_COLUMNS_OPTIONAL = ("edition", "date", "disagrees", "also", "shape", "known_places")
"""What a line of value_sets.csv may leave out, as field books and older projects do."""

Codings = Mapping[str, tuple[str, ...]]
"""Value set -> the sets whose codes are valid in its place, as a project or a campus says."""


class LoadedValueSet:
    """A value set: title and size from the index, codes read when asked for.

    find  the set of an id, for `also`
    said  the sets that the project says are valid in its place; None: those of the data
    """

    def __init__(
        self,
        row: CsvRow,
        files: CatalogFiles,
        find: Callable[[str], LoadedValueSet],
        said: tuple[str, ...] | None = None,
    ) -> None:
        self._files = files
        self._find = find
        self._lock = threading.RLock()
        self.row = row
        self.id = row["id"]
        self.title_zh = row["title_zh"]
        self.standard = row["standard"]
        self.source = row["source"]
        self.edition, self.date, self.disagrees, also, self.shape, known_places = (
            row.values.get(column, "").strip() for column in SET_COLUMNS_OPTIONAL
        )
        self.complete = row["complete"] == "yes"
        for column, text in (("entries", row["entries"]), ("known_places", known_places or "0")):
            if not re.fullmatch("[0-9]+", text):
                fix = "写上该值域的代码个数；未收录的外部目录写 0"
                row.fault(f"{column} 为整数", fix=fix, value_set=self.id)
        self.entries = int(row["entries"])
        self.known_places = int(known_places or "0")
        self.also = ids_of(also)
        self.valid_ids = (self.id, *self.also) if said is None else said
        self.asked_id = self.valid_ids[0]  # the edition that codes are to be found in
        self._is_said = said is not None

    @property
    def is_open(self) -> bool:
        """Nothing to judge by: an external catalogue that is not included."""
        return self.valid_ids == (self.id,) and self.entries == 0 and not self.shape

    @property
    def is_closed(self) -> bool:
        """Complete, and a document is named that closes it; of editions that a project says, each of them."""
        if self.is_open:
            return False
        judged = map(self._one, self.valid_ids) if self._is_said else (self,)
        return all(one.complete and bool(one.standard) for one in judged)

    @property
    def codes(self) -> frozenset[str]:
        """Its own list."""
        return self._codes

    @property
    def names(self) -> Mapping[str, str]:
        """Code -> Chinese name of its own list, in the file's order."""
        with self._lock:
            return self._names

    def name_of(self, code: str) -> str:
        """Chinese name of a code in the first edition valid here that has it; "" where none has."""
        named = (one.names.get(code) for one in map(self._one, self.valid_ids))
        return next((name for name in named if name), "")

    @property
    def valid(self) -> ValidCodes:
        """What may be sent where this set is asked for."""
        with self._lock:
            return self._valid

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {} if self.entries == 0 else {row["code"]: name_zh(row) for row in self.rows()}

    @cached_property
    def _valid(self) -> ValidCodes:
        sets = [self._one(set_id) for set_id in self.valid_ids]
        listed = frozenset().union(*(one.codes for one in sets))
        shapes = []
        for one in sets:
            if one.shape:
                known = frozenset(code[: one.known_places] for code in listed) if one.known_places else listed
                shapes.append(CodeShape(_compiled(one), one.known_places, known))
        return ValidCodes(listed, tuple(shapes))

    def _one(self, set_id: str) -> LoadedValueSet:
        return self if set_id == self.id else self._find(set_id)

    def rows(self) -> Iterable[CsvRow]:
        """Lines of the set's file, read anew: code, name and note; nothing for a set without a file of its own."""
        path = self._files.find(value_set_file(self.id))
        if path is None and self.entries == 0:
            return ()
        return self._files.rows(path or self._files.path(value_set_file(self.id)), ("code", "note"))


def name_zh(row: CsvRow) -> str:
    """Chinese name of a code; the sets with insurance codes beside carry it in a column of another name."""
    return row.values.get("name_zh") or row.values.get("yibao_name_zh", "")


def ids_of(text: str) -> tuple[str, ...]:
    """Ids of value sets written in one cell; they hold blanks and slashes, so a semicolon parts them."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _compiled(one: LoadedValueSet) -> re.Pattern[str]:
    try:
        return re.compile(one.shape)
    except re.error:
        one.row.fault("shape 为正则表达式", fix="改 shape", value_set=one.id, found=one.shape)
