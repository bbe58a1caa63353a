"""A row is its canonical bytes: one JSON text per row, built once, from which digest, payload and wire all come.

Canonical form: a JSON object, members in the order of the columns given, nulls absent, every value a string, UTF-8
unescaped, only `"`, `\\` and control characters escaped, no white space. No library's hash, float format or version
enters; a golden test holds the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import polars as pl

_NEEDS_ESCAPE = r'["\\\x00-\x1f]'


def canonical_rows(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The canonical text of each row.

    frame    columns named in `columns` are String, in any order
    returns  String series as long as the frame, no nulls
    """
    if frame.height == 0:
        return pl.Series("canonical", [], dtype=pl.String)
    dirty = _columns_to_escape(frame, columns)
    begins = (
        frame[columns[0]].null_count() == 0
    )  # else any member may be the first: its comma is cut off afterwards
    pieces: list[pl.Expr] = []
    due = "{" if begins else ""  # literal text that goes before the next piece
    for number, name in enumerate(columns):
        nulls = frame[name].null_count()
        if nulls == frame.height:
            continue
        value = pl.col(name)
        if name in dirty:
            value = value.map_elements(_escaped, return_dtype=pl.String, skip_nulls=True)
        opening = f'"{name}":"' if begins and number == 0 else f',"{name}":"'
        if nulls:
            # One piece, null as a whole: concat_str leaves it out.
            pieces += [pl.lit(due), pl.lit(opening) + value + pl.lit('"')]
            due = ""
        else:
            pieces += [pl.lit(due + opening), value]
            due = '"'
    if not pieces:
        return pl.Series("canonical", ["{}"]).new_from_index(0, frame.height)
    rows = pl.concat_str([*pieces, pl.lit(due + "}" if begins else due)], ignore_nulls=True)
    if not begins:
        rows = pl.lit("{") + rows.str.slice(1) + pl.lit("}")
    return frame.select(rows.alias("canonical")).to_series()


def _columns_to_escape(frame: pl.DataFrame, columns: Sequence[str]) -> set[str]:
    found = frame.select(pl.col(name).str.contains(_NEEDS_ESCAPE).any().alias(name) for name in columns)
    return {name for name in columns if found[name][0]}


def _escaped(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def digest(text: str | bytes) -> bytes:
    """16 bytes of BLAKE2b over the UTF-8 bytes."""
    data = text.encode() if isinstance(text, str) else text
    return blake2b(data, digest_size=16).digest()


def digests(texts: Iterable[str]) -> list[bytes]:
    """`digest` of each text."""
    return [blake2b(text.encode(), digest_size=16).digest() for text in texts]


def byte_digests(rows: Iterable[bytes]) -> list[bytes]:
    """`digest` of each row."""
    return [blake2b(row, digest_size=16).digest() for row in rows]


def key_hash(table: str, org_code: str, key: str) -> bytes:
    """The 16-byte name of a record everywhere in the ledger: table, organisation, key."""
    return blake2b(f"{table}\x1f{org_code}\x1f{key}".encode(), digest_size=16).digest()


def key_hashes(table: str, org_codes: Sequence[str], keys: Sequence[str]) -> list[bytes]:
    """`key_hash` of each pair, in order."""
    head = f"{table}\x1f"
    return [
        blake2b(f"{head}{org_code}\x1f{key}".encode(), digest_size=16).digest()
        for org_code, key in zip(org_codes, keys, strict=True)
    ]
