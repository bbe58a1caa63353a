"""Scales: the least and the most that a number of a name can be at all; outside them a value is impossible, not rare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from medferry.catalog.files import CatalogFiles
from medferry.catalog.model import Catalog, Field

SCALE_COLUMNS = ("name", "least", "most", "why_zh")
_NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")


class Scale(NamedTuple):
    """Ends included; None where it has no end."""

    least: float | None
    most: float | None


@runtime_checkable
class HasScales(Protocol):
    """A catalog that knows scales."""

    @property
    def scales(self) -> Mapping[str, Scale]: ...


def scale_of(field: Field, catalog: Catalog) -> Scale | None:
    """The scale of a field with numbers; None where none is known."""
    if not isinstance(catalog, HasScales) or field.type not in {"decimal", "integer"}:
        return None
    return catalog.scales.get(field.name)


def read_scales(files: CatalogFiles) -> dict[str, Scale]:
    """Reads scales.csv; an edition without the file has none. Raises CatalogError at file:line."""
    path = files.find("scales.csv")
    found: dict[str, Scale] = {}
    for row in files.rows(path, SCALE_COLUMNS) if path else ():
        for column in ("least", "most"):
            if row[column] and not _NUMBER.fullmatch(row[column]):
                row.fault(f"{column} 为数字，或空着", fix=f"改 {column}", name=row["name"])
        found[row["name"]] = Scale(*(float(row[end]) if row[end] else None for end in ("least", "most")))
    return found
