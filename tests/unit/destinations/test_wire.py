"""The bytes on the wire and their signature: golden."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from medferry.catalog.platform import load_profile
from medferry.clock import ZONE
from medferry.crypto.software import SoftwareProvider
from medferry.destinations.signature import Call, Signer
from medferry.destinations.wire import JsonPack, wire_time

AT = datetime(2026, 1, 15, 8, 30, 0, 123456, tzinfo=ZONE)
CRYPTO = SoftwareProvider()
PACK = JsonPack(load_profile(), CRYPTO, {"donghu": "01"})
GOLDEN = (
    '{"header":{"msg_id":"M1","spec_version":"JX-2024.1","org_code":"36010","branch_code":"01","table":"patient",'
    '"op":"UPSERT","upload_reason":"NORMAL","biz_date":"2026-01-15","send_time":"20260115083000123","record_count":2,'
    '"batch_no":"","part_no":0,"digest":"DIGEST"},"records":[{"patient_id":"P1","name":"张三"},{"patient_id":"P2"}]}'
)
ROWS = ['{"patient_id":"P1","name":"张三"}', '{"patient_id":"P2"}']


def packed(rows: list[str], message_id: str = "M1") -> tuple[bytes, str]:
    return PACK(
        message_id=message_id,
        table="patient",
        campus="donghu",
        org_code="36010",
        created_at=AT,
        bodies=[row.encode() for row in rows],
    )


def test_golden_body() -> None:
    body, encoding = packed(ROWS)
    digest = CRYPTO.sm3(f"[{','.join(ROWS)}]".encode()).hex()
    assert body.decode() == GOLDEN.replace("DIGEST", digest)
    assert encoding == ""


def test_golden_digest() -> None:
    """SM3 of the records array, computed once and written down: canonical bytes must not drift."""
    header = json.loads(packed(ROWS)[0])["header"]
    assert header["digest"] == "a43748a9b1fd67dc25de37651afb1804b29b6345f5af0eb1fe32a2c197fc016a"


def test_large_bodies_are_gzipped_without_time() -> None:
    rows = [f'{{"patient_id":"P{number}","name":"张三"}}' for number in range(200)]
    body, encoding = packed(rows)
    assert encoding == "gzip"
    assert body[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
    assert json.loads(gzip.decompress(body))["header"]["record_count"] == 200
    assert len(body) < 200 * 30


def test_same_input_same_bytes_in_another_process() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_wire as t;"
        "print(t.CRYPTO.sm3(t.packed(t.ROWS * 100)[0]).hex())"
    )
    here = str(Path(__file__).parent)
    said = [
        subprocess.run(
            [sys.executable, "-c", code, here],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert said == [CRYPTO.sm3(packed(ROWS * 100)[0]).hex()] * 2


def test_another_campus_has_no_branch_code_of_ours() -> None:
    body, _ = PACK(message_id="M", table="patient", campus="x", org_code="1", created_at=AT, bodies=[b"{}"])
    assert json.loads(body)["header"]["branch_code"] == ""


def test_wire_time_is_local() -> None:
    assert wire_time(AT) == "20260115083000123"


def test_signature_vector_of_the_interface_draft() -> None:
    signer = Signer(load_profile(), CRYPTO, "jxsb-demo", "jxsb-demo-secret")
    body = b'{"header":{"msg_id":"M1"},"records":[]}'
    call = Call("POST", "/hip/v1/data/patient", {"mode": "sync"}, body, org_code="360100A0001")
    headers = signer.headers(call, timestamp="20260115083000123", nonce="7f3a9c", token="")
    assert headers["X-Sign"] == "f2a030d751b4f6a37472f9f79d9e714931efa3d93a8d3812ee1b91a8c9968dbc"
    assert CRYPTO.sm3(body).hex() == "f6b855bb9243f5bffa3f2169c39bf4356c7e2ed587ae5061227f7b1e59482be8"


def test_canonical_query_is_sorted_and_encoded() -> None:
    assert Call("GET", "/x", {"b": "2 +", "a": "中"}).target == "/x?a=%E4%B8%AD&b=2%20%2B"


def test_empty_values_leave_their_header_out() -> None:
    signer = Signer(load_profile(), CRYPTO, "k", "s")
    headers = signer.headers(Call("GET", "/x", org_code="1"), timestamp="2", nonce="n", token="")
    assert "Authorization" not in headers
    assert "X-Msg-Id" not in headers
    assert headers["X-Org-Code"] == "1"
