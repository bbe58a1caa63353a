"""Rows -> the bytes on the wire. Pure: the same rows under the same message id give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from isal import isal_zlib

from medferry.catalog.platform.profile import Profile
from medferry.clock import ZONE
from medferry.crypto.provider import CryptoProvider

_GZIP_WINDOW_BITS = 31  # the gzip frame is written by the library itself, with time 0 in its head
_GZIP_LEVEL = 1  # of ISA-L: a fifth of zlib's time at its level 1, for about as many bytes


def wire_time(at: datetime) -> str:
    """yyyyMMddHHmmssSSS in Asia/Shanghai."""
    local = at.astimezone(ZONE)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


def gzipped(parts: Sequence[bytes]) -> bytes:
    """One gzip member of all parts, without time or name."""
    packer = isal_zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW_BITS)
    return b"".join([*(packer.compress(part) for part in parts), packer.flush()])


class JsonPack:
    """{"header": {…}, "records": [canonical rows]}; `digest` is hex SM3 over the bytes of the records array.

    branch_codes  campus -> the platform's code of the campus; absent: no branch code
    """

    def __init__(self, profile: Profile, crypto: CryptoProvider, branch_codes: Mapping[str, str]) -> None:
        self._profile = profile
        self._crypto = crypto
        self._branch_codes = branch_codes

    def __call__(
        self,
        *,
        message_id: str,
        table: str,
        campus: str,
        org_code: str,
        created_at: datetime,
        bodies: Sequence[bytes],
    ) -> tuple[bytes, str]:
        """See `records.Pack`."""
        records = _array(bodies)
        header = {
            "msg_id": message_id,
            "spec_version": self._profile.spec_version,
            "org_code": org_code,
            "branch_code": self._branch_codes.get(campus, ""),
            "table": table,
            "op": "UPSERT",
            "upload_reason": "NORMAL",
            "biz_date": f"{created_at.astimezone(ZONE):%Y-%m-%d}",
            "send_time": wire_time(created_at),
            "record_count": len(bodies),
            "batch_no": "",
            "part_no": 0,
            "digest": self._crypto.sm3(records).hex(),
        }
        head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
        parts = (b'{"header":' + head + b',"records":', records, b"}")
        gzip_bytes_min = self._profile.codec.gzip_bytes_min
        if gzip_bytes_min is None or sum(map(len, parts)) < gzip_bytes_min:
            return b"".join(parts), ""
        return gzipped(parts), "gzip"


def _array(bodies: Sequence[bytes]) -> bytes:
    """A JSON array in one copy: of hundreds of kilobytes each further one is felt."""
    first, *others = bodies
    if not others:
        return b"[" + first + b"]"
    return b",".join([b"[" + first, *others[:-1], others[-1] + b"]"])
