"""From a checked batch to what the ledger keeps: keys, bytes, digests, parents. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from medferry.canonical import byte_digests, canonical_rows, digest, key_hash, key_hashes
from medferry.catalog.model import Table
from medferry.records import CheckedBatch, KeyedRows

_SOURCE_TIME = "updated_at"


def key_rows(
    checked: CheckedBatch, table: Table, images: Mapping[int, str], source_keys: Sequence[bytes] = ()
) -> KeyedRows:
    """Keys every row of a checked batch.

    checked  no dropped rows left in it: rows the dedupe of the checks removed are gone
    table    the batch's table
    images   source rows as medferry.way_in.source_image keeps them, at least for the held ones: row -> text
    source_keys   hash of the key of each source row, in the order that the batch's `origin` counts; () where unknown
    returns  parallel sequences in the frame's order. A row without key or organisation (always held) gets a hash of its
             own from its bytes, so two such rows never meet in one key
    """
    frame = checked.batch.frame
    bodies = canonical_rows(frame, table.field_names).cast(pl.Binary).to_list()
    body_digests = byte_digests(bodies)
    organisations = frame["org_code"].fill_null("").to_list()
    keys = frame[table.key_field].fill_null("").to_list()
    hashes = key_hashes(table.name, organisations, keys)
    for row, key in enumerate(keys):
        if not key or not organisations[row]:
            hashes[row] = digest(b"without key\x1f" + table.name.encode() + b"\x1f" + body_digests[row])
    sound = checked.sound.to_list()
    return KeyedRows(
        table=table.name,
        campus=checked.batch.campus,
        org_code=next((code for code in organisations if code), ""),
        keys=keys,
        key_hashes=hashes,
        bodies=bodies,
        digests=body_digests,
        source_times=frame[_SOURCE_TIME].fill_null("").to_list(),
        sound=sound,
        parents=_parents(frame, table, organisations, keys),
        patient_keys=_column(frame, table, "patient_id"),
        visit_keys=_column(frame, table, "visit_id"),
        findings=checked.findings,
        images={row: images[row] for row, fine in enumerate(sound) if not fine and row in images},
        edition=table.edition,
        key_field=table.key_field,
        source_rows=[source_keys[row] for row in checked.batch.origin.to_list()] if source_keys else (),
    )


def _parents(
    frame: pl.DataFrame, table: Table, organisations: list[str], keys: list[str]
) -> list[tuple[bytes, ...]]:
    """Per row the hashes of the records named by its FK columns; a row that names itself does not wait for itself."""
    if not table.parents:
        return [()] * frame.height
    columns: list[list[bytes | None]] = []
    for field in table.parents:
        assert field.key is not None
        parent = field.key.table
        assert parent is not None, f"{table.name}.{field.name} names no parent table"
        known: dict[tuple[str, str], bytes] = {}
        hashes: list[bytes | None] = []
        for organisation, value, own in zip(organisations, frame[field.name].to_list(), keys, strict=True):
            if value is None or (parent == table.name and value == own):
                hashes.append(None)
                continue
            pair = (organisation, value)
            found = known.get(pair)
            if found is None:
                found = known[pair] = key_hash(parent, organisation, value)
            hashes.append(found)
        columns.append(hashes)
    if len(columns) == 1:
        return [() if only is None else (only,) for only in columns[0]]
    return [tuple(dict.fromkeys(h for h in row if h is not None)) for row in zip(*columns, strict=True)]


def _column(frame: pl.DataFrame, table: Table, name: str) -> list[str | None]:
    return frame[name].to_list() if name in table.by_name else [None] * frame.height
