"""The body of a data message taken apart: bytes on the wire -> header and records, or a Refusal."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from medferry.crypto.provider import CryptoProvider
from medferry_sandbox.platform.refusal import Refusal
from medferry_sandbox.platform.settings import Profile

_GZIP_WINDOW_BITS = 31
BEGINNING_BYTES = 4_096
_RECORDS_MARK = b'"records":'
_HEADER_TEXTS = ("msg_id", "spec_version", "org_code", "table", "op")
VOID_TEXTS = ("void_reason", "operator")


@dataclass(frozen=True, slots=True)
class Contents:
    """`records` are objects, 1 to the profile's most of them."""

    header: Mapping[str, Any]
    records: list[dict[str, Any]]


def unpacked(body: bytes, content_encoding: str, profile: Profile) -> bytes:
    """The body after its content encoding; never more than the limit is unpacked."""
    if content_encoding in ("", "identity"):
        return body
    if content_encoding != "gzip":
        raise Refusal("2001", "Content-Encoding 只支持 gzip")
    unpacker = zlib.decompressobj(_GZIP_WINDOW_BITS)
    try:
        data = unpacker.decompress(body, profile.unpacked_bytes_max + 1)
    except zlib.error as error:
        raise Refusal("2001", "gzip 数据损坏") from error
    if len(data) > profile.unpacked_bytes_max:
        raise Refusal("1103", f"解压后超过 {profile.unpacked_bytes_max} 字节")
    if not unpacker.eof:
        raise Refusal("2001", "gzip 数据不完整")
    return data


def beginning(body: bytes, content_encoding: str) -> bytes:
    """The first bytes of a body, where its header stands; the rest is not even unpacked."""
    if content_encoding != "gzip":
        return body[:BEGINNING_BYTES]
    try:
        return zlib.decompressobj(_GZIP_WINDOW_BITS).decompress(body, BEGINNING_BYTES)
    except zlib.error as error:
        raise Refusal("2001", "gzip 数据损坏") from error


def records_digest(data: bytes, crypto: CryptoProvider) -> str:
    """Hex SM3 over the JSON array as sent: the bytes between `"records":` and the last `}`."""
    start = data.find(_RECORDS_MARK)
    return (
        crypto.sm3(data[start + len(_RECORDS_MARK) : data.rstrip().rfind(b"}")]).hex() if start >= 0 else ""
    )


def read_contents(
    data: bytes, *, expected: Mapping[str, str], records_max: int, profile: Profile, crypto: CryptoProvider
) -> Contents:
    """Parses and checks the envelope. `expected`: what the header must say about itself (msg_id, org_code,
    table, op).
    """
    try:
        parsed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Refusal("2001", f"第 {error.lineno} 行第 {error.colno} 列") from error
    header = parsed.get("header") if isinstance(parsed, dict) else None
    if not isinstance(header, dict):
        raise Refusal("2002", "缺少 header")
    missing = [name for name in _HEADER_TEXTS if not isinstance(header.get(name), str) or not header[name]]
    if expected["op"] == "VOID":
        missing += [name for name in VOID_TEXTS if not isinstance(header.get(name), str) or not header[name]]
    if missing:
        raise Refusal("2002", f"header 缺少 {'、'.join(missing)}")
    if header["spec_version"] != profile.spec_version:
        raise Refusal("2004", f"平台支持 {profile.spec_version}")
    different = [name for name, value in expected.items() if header[name] != value]
    if different:
        raise Refusal("2002", f"header 的 {'、'.join(different)} 与请求不一致")
    records = parsed.get("records")
    if (
        not isinstance(records, list)
        or not records
        or not all(isinstance(record, dict) for record in records)
    ):
        raise Refusal("2002", "records 应为至少一个对象的数组")
    if len(records) > records_max:
        raise Refusal("1103", f"至多 {records_max} 条")
    if header.get("record_count") != len(records):
        raise Refusal("2003", "record_count")
    digest = header.get("digest")
    if digest and digest != records_digest(data, crypto):
        raise Refusal("2003", "digest")
    return Contents(header, records)
