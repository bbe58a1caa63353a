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

BEGINNING_BYTES = 3  # of a key's name: shared by neighbours
_ENDING = 3  # characters that neighbours differ in: a thousand running numbers
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
    """The 16-byte name of a record everywhere in the ledger: table, organisation, key.

    Keys that differ in their last three characters only, as numbers given one after the other do, begin with the same
    three bytes: what is written together then lies together in an index. The other thirteen are the whole key's hash;
    five of them stand in the eight bytes that the ledger's index holds, so that the thousand keys of one beginning meet
    there no more often than keys at random do. Keys without such neighbours lie where they would: at random.
    """
    return key_hashes(table, [org_code], [key])[0]


def key_hashes(table: str, org_codes: Sequence[str], keys: Sequence[str]) -> list[bytes]:
    """`key_hash` of each pair, in order."""
    head = f"{table}\x1f"
    beginnings: dict[str, bytes] = {}
    names = []
    for org_code, key in zip(org_codes, keys, strict=True):
        place = f"{head}{org_code}\x1f"
        names.append(_name(f"{place}{key[:-_ENDING]}", f"{place}{key}", beginnings))
    return names


def source_names(keys: Sequence[str]) -> list[bytes]:
    """16-byte names of source rows, made like `key_hash`. keys: canonical rows of the key's columns."""
    beginnings: dict[str, bytes] = {}
    return [_name(key[: -_ENDING - len('"}')], key, beginnings) for key in keys]


def _name(stem: str, whole: str, beginnings: dict[str, bytes]) -> bytes:
    begins = beginnings.get(stem)
    if begins is None:
        begins = beginnings[stem] = blake2b(stem.encode(), digest_size=16).digest()[:BEGINNING_BYTES]
    return begins + blake2b(whole.encode(), digest_size=16).digest()[:-BEGINNING_BYTES]
