"""medferry.yaml `codings:`: which edition of a list of codes this hospital codes by, for all campuses or each by itself.

A list often has several editions in use at once (ICD-10 of the national clinical edition and of the insurance). The
standard takes each of them; a hospital that codes by one says so, and codes of the others are then found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Catalog
from medferry.catalog.value_set import Codings
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Block, Node


def read_codings(
    node: Node | None, catalog: Catalog, campuses: Iterable[str], reading: NodeReader
) -> dict[str, Codings]:
    """Campus -> value set -> the editions valid in its place; a wrong entry is complained of and left out."""
    said: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in campuses}
    if node is None or not isinstance(catalog, LoadedCatalog | SwitchedCatalog):
        return {}
    for set_id, entry in reading.block(node, "codings ").items():
        if set_id not in catalog.value_set_ids:
            reading.complaints.unknown(entry.key.place, "值域", set_id, catalog.value_set_ids)
            continue
        if isinstance(entry.value, Block):
            each = reading.block(entry.value, f"codings 的 {set_id} 的院区", tuple(said))
            found = {name: _editions(set_id, one.value, catalog, reading) for name, one in each.items()}
        else:
            found = dict.fromkeys(said, _editions(set_id, entry.value, catalog, reading))
        for campus, editions in found.items():
            if editions:
                said[campus][set_id] = editions
    return {campus: codings for campus, codings in said.items() if codings}


def _editions(
    set_id: str, node: Node, catalog: LoadedCatalog | SwitchedCatalog, reading: NodeReader
) -> tuple[str, ...] | None:
    """The editions named for a list; None after a complaint."""
    complaints = reading.complaints
    names = reading.texts(node, f"codings 的 {set_id}")
    if names is None:
        return None
    for name in names:
        if name not in catalog.value_set_ids:
            complaints.unknown(node.place, "值域的版本", name, catalog.value_set_ids)
            return None
        one = catalog.value_set(name)
        if not one.entries and not one.shape:
            complaints.error(
                node.place, f"{name} {one.title_zh} 没有收录代码，无从判断", fix="删去，或先导入这份代码"
            )
            return None
    own = catalog.value_set(set_id)
    if set(names) == {set_id, *own.also}:
        complaints.warning(node.place, f"codings 的 {set_id} 与标准相同，这一项多余", fix="删去这一项")
    return tuple(dict.fromkeys(names))


def campus_catalogs(catalog: Catalog, codings: Mapping[str, Codings]) -> dict[str, Catalog]:
    """Campus -> the standard as it codes; campuses that say the same share one, so that checks are made once."""
    made: dict[tuple[tuple[str, tuple[str, ...]], ...], Catalog] = {}
    found: dict[str, Catalog] = {}
    for campus, said in codings.items():
        key = tuple(sorted(said.items()))
        if key not in made and isinstance(catalog, LoadedCatalog | SwitchedCatalog):
            made[key] = catalog.with_codings(said)
        found[campus] = made.get(key, catalog)
    return found
