"""What a hospital's programmer writes in an afternoon: read a row, convert its fields, sign it, post it, next row.

It does the same work on a row and puts the same record on the wire as the project of purchases.py; it keeps no ledger.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime

import httpx
from cryptography.hazmat.primitives import hashes, hmac

from benchmarks.ground import Ground, platform_cpu_seconds, rows_at
from benchmarks.meter import Measured, Meter
from benchmarks.purchases import FILLED_ANYWAY, SOURCE_TABLE, TABLE, column_of, standard_codes
from medferry.catalog.load import load_catalog
from medferry.catalog.model import Catalog, Field, FormatKind
from medferry.clock import ZONE
from medferry_sandbox.platform.settings import DEMO_APP_KEY, DEMO_APP_SECRET

ORG_CODE, ORG_NAME, PREFIX = "12360100A00000001X", "阳光医院", "BB-"
PATH = f"/hip/v1/data/{TABLE}"

Convert = Callable[[object], str]


def converters(catalog: Catalog) -> Mapping[str, tuple[str, Convert]]:
    """Field -> its source column, and the function that makes the standard's text."""
    table = catalog.table(TABLE)
    found = {
        field.name: (column_of(field), _converter(field, catalog))
        for field in table.fields
        if field.name not in FILLED_ANYWAY
    }
    # One organisation code for the campus: the key carries the campus prefix, as all keys and pointers do.
    for field in table.fields:
        if field.key is not None and field.name in found:
            column, convert = found[field.name]
            found[field.name] = (column, _prefixed(convert))
    return found


def _prefixed(convert: Convert) -> Convert:
    return lambda value: PREFIX + convert(value)


def _converter(field: Field, catalog: Catalog) -> Convert:  # noqa: PLR0911  one per kind
    kind = field.format.kind
    if field.value_set and not catalog.value_set(field.value_set).is_open:
        codes = {code: code for code in standard_codes(field, catalog)}
        return lambda value: codes[str(value)]
    if kind is FormatKind.DATE:
        return lambda value: datetime.strptime(str(value), "%Y/%m/%d").strftime("%Y%m%d")  # noqa: DTZ007  wall time
    if field.name in ("created_at", "updated_at"):
        return lambda value: _moment(str(value), "%Y-%m-%d %H:%M:%S")
    if kind is FormatKind.DATETIME:
        return lambda value: _moment(str(value), "%Y%m%d%H%M%S")
    if kind is FormatKind.LOGICAL:
        return lambda value: "T" if value == "是" else "F"
    if field.type == "decimal":
        scale = field.format.scale
        return lambda value: f"{int(str(value)) / 100:.{scale}f}"
    return lambda value: str(value).strip()


def _moment(text: str, form: str) -> str:
    return datetime.strptime(text, form).strftime("%Y%m%dT%H%M%S")  # noqa: DTZ007  record times are wall time


def record_of(row: sqlite3.Row, fields: Mapping[str, tuple[str, Convert]]) -> dict[str, str]:
    """The standard record of a source row; what is not known is absent."""
    record = {"org_code": ORG_CODE, "org_name": ORG_NAME}
    for name, (column, convert) in fields.items():
        value = row[column]
        if value is not None and value != "":
            record[name] = convert(value)
    return record


def measure_plain_client(ground: Ground, rows: int) -> Measured:
    """One row at a time over one kept connection, to a platform that verifies and accepts everything."""
    with ground.platform() as sandbox:
        meter = Meter()
        with meter.running():
            _post_all(ground, rows, sandbox.url)
        arrived = rows_at(sandbox)
        assert arrived == rows, f"the platform has {arrived} rows of {rows}"
        return meter.measured("plain_client", rows, {"platform_cpu_seconds": platform_cpu_seconds(sandbox)})


def _post_all(ground: Ground, rows: int, url: str) -> None:
    fields = converters(load_catalog())
    with closing(sqlite3.connect(ground.source(rows))) as database, httpx.Client(base_url=url) as client:
        database.row_factory = sqlite3.Row
        token = _token(client)
        for number, row in enumerate(database.execute(f"SELECT * FROM {SOURCE_TABLE} ORDER BY gxsj")):
            body = _body(number, record_of(row, fields))
            headers = _headers("POST", PATH, "mode=sync", body) | {
                "Authorization": f"Bearer {token}",
                "X-Msg-Id": f"PLAIN{number:012d}",
            }
            answer = client.post(f"{PATH}?mode=sync", content=body, headers=headers)
            assert answer.json()["code"] == "0", f"the platform answered {answer.status_code}"


def _token(client: httpx.Client) -> str:
    body = json.dumps({"app_key": DEMO_APP_KEY, "timestamp": _now()}).encode()
    answer = client.post(
        "/hip/v1/auth/token", content=body, headers=_headers("POST", "/hip/v1/auth/token", "", body)
    )
    return str(answer.json()["access_token"])


def _body(number: int, record: Mapping[str, str]) -> bytes:
    records = [record]
    written = json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()
    header = {
        "msg_id": f"PLAIN{number:012d}",
        "org_code": ORG_CODE,
        "table": TABLE,
        "op": "UPSERT",
        "send_time": _now(),
        "record_count": 1,
        "digest": _sm3(written),
    }
    message = {"header": header, "records": records}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _headers(method: str, path: str, query: str, body: bytes) -> dict[str, str]:
    at, nonce = _now(), secrets.token_hex(16)
    text = "\n".join((method, path, query, ORG_CODE, DEMO_APP_KEY, at, nonce, _sm3(body)))
    code = hmac.HMAC(DEMO_APP_SECRET.encode(), hashes.SM3())
    code.update(text.encode())
    return {
        "X-App-Key": DEMO_APP_KEY,
        "X-Org-Code": ORG_CODE,
        "X-Timestamp": at,
        "X-Nonce": nonce,
        "X-Sign-Type": "HMAC-SM3",
        "X-Sign": code.finalize().hex(),
        "Content-Type": "application/json; charset=utf-8",
    }


def _sm3(data: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def _now() -> str:
    at = datetime.now(tz=ZONE)
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
