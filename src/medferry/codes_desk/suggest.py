"""Suggestions for a local code: the names of the value set and the other editions, put together."""

from __future__ import annotations

from medferry.catalog.model import Catalog
from medferry.codes_desk.crosswalk import Crosswalk, crosswalk_to
from medferry.codes_desk.matching import NameIndex, Suggestion

LIMIT = 5


class Suggester:
    """Asks the value sets of a catalog; an index is made when a set is first asked for and kept."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._indexes: dict[str, tuple[NameIndex, Crosswalk | None]] = {}

    def suggest(self, set_id: str, name: str, local_code: str = "", limit: int = LIMIT) -> list[Suggestion]:
        """Standard codes for a local code and its name, best first; each code once, with its strongest reason.

        name    as the hospital writes it; "" when only the code is known
        raises  CatalogError for an unknown value set
        """
        index, crosswalk = self._index(set_id)
        return combined(index, crosswalk, name, local_code, limit)

    def _index(self, set_id: str) -> tuple[NameIndex, Crosswalk | None]:
        if set_id not in self._indexes:
            index = NameIndex(self._catalog.value_set(set_id).names)
            index.warm()
            self._indexes[set_id] = index, crosswalk_to(self._catalog, set_id, index)
        return self._indexes[set_id]


def combined(
    index: NameIndex, crosswalk: Crosswalk | None, name: str, local_code: str, limit: int
) -> list[Suggestion]:
    """The suggestions of both, each code once."""
    found = index.suggest(name, local_code, limit)
    if crosswalk is not None:
        found += crosswalk.suggest(name, local_code, limit)
    best: dict[str, Suggestion] = {}
    for one in sorted(found, key=lambda one: -one.score):
        best.setdefault(one.code, one)
    return list(best.values())[:limit]
