"""The platform over HTTP: who is let in, what is refused as a whole, what happens to a message's records."""

from __future__ import annotations

import gzip
import json
import sqlite3
from typing import Any
from urllib.parse import quote

import pytest
from raw_client import KEY, ORG, SECRET, RawClient, now_text, pack, sign, sm3_hex
from samples import CARD_NO, STANDARD, sample

from medferry_sandbox.platform.access import Call, canonical_query, string_to_sign
from medferry_sandbox.platform.server import RunningSandbox

T1, T2, T3 = "20260115T082000", "20260115T083000", "20260115T084000"


def patient(key: str = "P1", at: str = T1, **changed: str | None) -> dict[str, str]:
    return sample(
        "patient", key=key, only_required=True, created_at="20260115T081000", updated_at=at, **changed
    )


def visit(key: str = "V1", at: str = T1, **changed: str | None) -> dict[str, str]:
    values: dict[str, str | None] = {"patient_id": "P1", "updated_at": at} | changed
    return sample("visit", key=key, only_required=True, **values)


def result(reply: Any) -> tuple[int, int, int, int]:
    counts = reply.json["result"]
    return counts["accepted"], counts["rejected"], counts["warned"], counts["stale"]


def stored(platform: RawClient, table: str, key: str) -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = platform.control("GET", f"/inspect/{table}?key={key}")["versions"]
    return versions


def test_the_string_to_sign_gives_the_golden_signature() -> None:
    headers = {
        "x-org-code": "360100A0001",
        "x-app-key": KEY,
        "x-timestamp": "20260115083000123",
        "x-nonce": "7f3a9c",
    }
    body = b'{"header":{"msg_id":"M1"},"records":[]}'
    text = string_to_sign(Call("POST", "/hip/v1/data/patient", "mode=sync", headers, body), sm3_hex(body))
    assert sign(SECRET, text) == "f2a030d751b4f6a37472f9f79d9e714931efa3d93a8d3812ee1b91a8c9968dbc"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [("", ""), ("b=2&a=1", "a=1&b=2"), ("a=%E4%B8%AD", "a=%E4%B8%AD"), ("a=x+y", "a=x%20y"), ("a=", "a=")],
)
def test_queries_are_signed_sorted_and_encoded(query: str, canonical: str) -> None:
    assert canonical_query(query) == canonical


@pytest.mark.parametrize(
    ("code", "status", "options"),
    [
        ("1001", 401, {"headers": {"Authorization": None}}),
        ("1001", 401, {"headers": {"Authorization": "Bearer wrong"}}),
        ("1003", 403, {"headers": {"X-App-Key": "stranger"}}),
        ("1003", 403, {"headers": {"X-App-Key": None}}),
        ("1004", 401, {"signed_with": "wrong"}),
        ("1004", 401, {"headers": {"X-Sign": None}}),
        ("1004", 401, {"headers": {"X-Sign-Type": "SM2-SM3"}}),
        ("1005", 401, {"headers": {"X-Timestamp": "20200101000000000"}}),
        ("1005", 401, {"headers": {"X-Timestamp": "20260199000000000"}}),
        ("1005", 401, {"headers": {"X-Timestamp": None}}),
        ("1006", 401, {"headers": {"X-Nonce": None}}),
        ("1006", 401, {"headers": {"X-Nonce": "n" * 65}}),
        ("1008", 403, {"headers": {"X-Org-Code": "1" * 23}}),
        ("1008", 403, {"headers": {"X-Org-Code": None}}),
        ("1009", 400, {"headers": {"X-Enc-Type": "SM4-GCM"}}),
        ("2001", 400, {"headers": {"Content-Encoding": "gzip"}}),
        ("2001", 400, {"headers": {"Content-Encoding": "br"}}),
        ("2002", 400, {"headers": {"X-Msg-Id": None}}),
        ("2002", 400, {"headers": {"X-Msg-Id": "other"}}),
        ("2002", 400, {"mode": "later"}),
        ("2002", 400, {"header": {"table": "visit"}}),
        ("2002", 400, {"header": {"op": None}}),
        ("2002", 400, {"header": {"org_code": "OTHER"}}),
        ("2003", 400, {"header": {"record_count": 2}}),
        ("2003", 400, {"header": {"digest": "0" * 64}}),
        ("2004", 400, {"header": {"spec_version": "JX-1999"}}),
        ("2004", 400, {"headers": {"X-Spec-Version": None}}),
    ],
)
def test_a_message_is_refused_whole(
    platform: RawClient, code: str, status: int, options: dict[str, Any]
) -> None:
    reply = platform.send("patient", [patient()], msg_id="REFUSED", **options)
    assert (reply.status, reply.code) == (status, code)
    assert reply.json["message"]
    assert platform.ask("REFUSED")["state"] == "NOT_SEEN"
    assert platform.control("GET", "/stats")["tables"] == {}


def test_other_refusals_of_the_whole_message(platform: RawClient) -> None:
    assert platform.send("nowhere", [{}]).code == "2005"
    assert platform.send("patient", []).code == "2002"
    assert platform.send("patient", [patient(f"P{n}") for n in range(201)]).code == "1103"
    body = pack("patient", [patient()], "J")[:-5]
    assert platform.call("POST", "/data/patient", query="mode=sync", body=body, msg_id="J").code == "2001"
    listed = b'{"header":[],"records":[]}'
    assert platform.call("POST", "/data/patient", query="mode=sync", body=listed, msg_id="J").code == "2002"


def test_bodies_have_limits_on_the_wire_and_unpacked(platform: RawClient) -> None:
    large = platform.call("POST", "/data/patient", body=b" " * 10_000_001, msg_id="L")
    assert (large.status, large.code) == (413, "1103")
    bomb = gzip.compress(b" " * 50_000_001)
    reply = platform.call(
        "POST", "/data/patient", body=bomb, msg_id="L", headers={"Content-Encoding": "gzip"}
    )
    assert (reply.status, reply.code) == (413, "1103")


def test_a_nonce_serves_once_and_a_token_two_hours(platform: RawClient) -> None:
    once = {"X-Nonce": "only-once"}
    assert platform.call("GET", "/receipts", headers=dict(once)).status == 200
    assert platform.call("GET", "/receipts", headers=dict(once)).code == "1006"
    platform.control("POST", "/clock", {"shift_s": 7_201})
    assert platform.call("GET", "/receipts").code == "1002"


def test_a_message_too_early_by_more_than_five_minutes_is_told_the_time(platform: RawClient) -> None:
    platform.control("POST", "/clock", {"shift_s": -301})
    reply = platform.call("GET", "/receipts")
    assert (reply.code, len(reply.json["server_time"])) == ("1005", 17)
    platform.control("POST", "/clock", {"shift_s": -290})
    assert platform.call("GET", "/receipts").code == "0"


def test_hmac_sha256_is_understood_too(platform: RawClient) -> None:
    import hashlib
    import hmac

    timestamp = now_text()
    text = f"GET\n/hip/v1/receipts\n\n{ORG}\n{KEY}\n{timestamp}\nsha\n{sm3_hex(b'')}"
    code = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers: dict[str, str | None] = {"X-Timestamp": timestamp, "X-Nonce": "sha", "X-Sign": code}
    assert platform.call("GET", "/receipts", headers=headers | {"X-Sign-Type": "HMAC-SHA256"}).code == "0"


def test_accepted_records_are_kept_as_sent_and_the_reply_says_so(platform: RawClient) -> None:
    record = patient(patient_name='欧阳"𠮷\\')
    reply = platform.send("patient", [record], msg_id="M-1", headers={"X-Trace-Id": "trace-1"})
    assert reply.status == 200
    assert reply.code == "0"
    assert reply.json["msg_id"] == reply.headers["x-msg-id"] == "M-1"
    assert reply.json["receipt_no"] == reply.headers["x-receipt-no"]
    assert reply.headers["x-trace-id"] == "trace-1"
    assert result(reply) == (1, 0, 0, 0)
    assert reply.json["details"] == []
    (version,) = stored(platform, "patient", "P1")
    assert version["record"] == record
    assert (version["org_code"], version["branch_code"], version["msg_id"]) == (ORG, "01", "M-1")


def test_zipped_is_the_same(platform: RawClient) -> None:
    assert result(platform.send("patient", [patient()], zipped=True)) == (1, 0, 0, 0)


def test_each_record_has_its_own_verdict_and_no_value_comes_back(platform: RawClient) -> None:
    bad_card = patient("P2", id_no="99999919491231002X", id_type_code="01")
    records = [patient("P1"), bad_card, patient("P3", sex_code="Q")]
    reply = platform.send("patient", records)
    assert reply.code == "2"
    assert result(reply) == (1, 2, 0, 0)
    assert [(one["seq"], one["key"], one["status"]) for one in reply.json["details"]] == [
        (2, "P2", "REJECTED"),
        (3, "P3", "REJECTED"),
    ]
    (error,) = reply.json["details"][1]["errors"]
    assert error == {
        "code": "3003",
        "field": "sex_code",
        "rule": "GB/T 2261.1",
        "severity": "ERROR",
        "message": "值不在值域内",
    }
    assert b"99999919491231002X" not in reply.body
    assert stored(platform, "patient", "P2") == []


def test_the_same_message_again_gives_the_old_receipt_and_changes_nothing(platform: RawClient) -> None:
    records = [patient("P1"), patient("P2", sex_code="Q")]
    first = platform.send("patient", records, msg_id="SAME")
    again = platform.send("patient", records, msg_id="SAME", zipped=True)
    assert (again.status, again.code) == (200, "2007")
    for part in ("receipt_no", "received_at", "result", "details"):
        assert again.json[part] == first.json[part]
    assert len(stored(platform, "patient", "P1")) == 1
    other = platform.send("patient", [patient("P9")], msg_id="SAME")
    assert (other.status, other.code) == (409, "2006")
    elsewhere = platform.call(
        "POST", "/data/visit", query="mode=sync", body=pack("patient", records, "SAME"), msg_id="SAME"
    )
    assert elsewhere.code == "2006"


def test_a_child_waits_for_its_parent(platform: RawClient) -> None:
    early = platform.send("visit", [visit()])
    (detail,) = early.json["details"]
    assert ("4001", "patient_id", "patient", "ERROR") in [
        (e["code"], e["field"], e["rule"], e["severity"]) for e in detail["errors"]
    ]
    platform.send("patient", [patient()])
    late = platform.send("visit", [visit()])
    assert late.code == "1"  # directory entries (department, doctor) are missing: warnings only
    assert result(late) == (1, 0, 1, 0)
    (detail,) = late.json["details"]
    assert detail["status"] == "WARNED"
    assert {error["code"] for error in detail["errors"]} == {"4002"}


def test_a_parent_of_another_organisation_is_no_parent(platform: RawClient) -> None:
    other = patient() | {"org_code": "OTHER"}
    reply = platform.send("patient", [other], headers={"X-Org-Code": "OTHER"}, header={"org_code": "OTHER"})
    assert reply.code == "0"
    assert "4001" in str(platform.send("visit", [visit()]).json["details"])


def test_older_is_stale_equal_is_the_same_and_equal_time_with_other_content_is_newer(
    platform: RawClient,
) -> None:
    platform.send("patient", [patient(at=T2)])
    stale = platform.send("patient", [patient(at=T1)])
    assert result(stale) == (0, 0, 0, 1)
    assert stale.json["details"][0]["status"] == "STALE"
    assert stale.json["details"][0]["errors"][0]["code"] == "5002"
    assert result(platform.send("patient", [patient(at=T2)])) == (1, 0, 0, 0)
    # Accepted, and written down again: a doubling must leave a trace for the auditor.
    assert [one["updated_at"] for one in stored(platform, "patient", "P1")] == [T2, T2]
    assert result(platform.send("patient", [patient(at=T2, patient_name="改名")])) == (1, 0, 0, 0)
    assert result(platform.send("patient", [patient(at=T3)])) == (1, 0, 0, 0)
    assert [one["updated_at"] for one in stored(platform, "patient", "P1")] == [T2, T2, T2, T3]


def test_a_digit_in_a_field_of_letters_warns(platform: RawClient) -> None:
    reply = platform.send("patient", [patient(mother_name="李四2")])
    assert result(reply) == (1, 0, 1, 0)
    assert "3002" in str(reply.json["details"])


def test_a_key_twice_in_a_message_refuses_both(platform: RawClient) -> None:
    reply = platform.send("patient", [patient("P1"), patient("P2"), patient("P1", at=T2)])
    assert result(reply) == (1, 2, 0, 0)
    assert [one["errors"][0]["code"] for one in reply.json["details"]] == ["5001", "5001"]


def test_void_is_a_new_version_and_void_of_the_unknown_warns(platform: RawClient) -> None:
    platform.send("patient", [patient(at=T1)])
    keys = [{"patient_id": "P1", "updated_at": T2}, {"patient_id": "P9", "updated_at": T2}]
    reply = platform.send("patient", keys, void=True, msg_id="VOID-1")
    assert result(reply) == (2, 0, 1, 0)
    assert reply.json["details"][0]["errors"][0]["code"] == "5004"
    first, second = stored(platform, "patient", "P1")
    assert second["op"] == "VOID"
    assert second["record"] == first["record"] | {"record_status": "2", "updated_at": T2}
    stale = platform.send("patient", [{"patient_id": "P1", "updated_at": T1}], void=True)
    assert result(stale) == (0, 0, 0, 1)
    nameless = platform.send("patient", keys[:1], void=True, header={"void_reason": None})
    assert nameless.code == "2002"
    assert result(platform.send("patient", [{"patient_id": "P1"}], void=True)) == (0, 1, 0, 0)


def test_asynchronous_messages_are_received_then_judged(platform: RawClient) -> None:
    reply = platform.send("patient", [patient("P1"), patient("P2", sex_code="Q")], mode="async", msg_id="A1")
    assert (reply.status, reply.code, reply.json["state"]) == (202, "0", "RECEIVED")
    assert "result" not in reply.json
    again = platform.send("patient", [patient("P1"), patient("P2", sex_code="Q")], mode="async", msg_id="A1")
    assert (again.status, again.code, again.json["receipt_no"]) == (202, "2007", reply.json["receipt_no"])
    assert platform.ask("A1")["state"] == "RECEIVED"
    assert platform.call("GET", "/receipts").json["receipts"] == []
    assert platform.control("POST", "/settle")["judged"] == 1
    done = platform.ask("A1")
    assert done["state"] == "DONE"
    assert done["receipt"]["result"] == {"accepted": 1, "rejected": 1, "warned": 0, "stale": 0}
    assert platform.call("GET", "/receipts").json["receipts"] == [done["receipt"]]


def test_receipts_come_in_order_after_a_cursor(platform: RawClient) -> None:
    for number in range(5):
        platform.send("patient", [patient(f"P{number}")], msg_id=f"R{number}")
    first = platform.call("GET", "/receipts", query="limit=3").json
    assert [one["msg_id"] for one in first["receipts"]] == ["R0", "R1", "R2"]
    second = platform.call("GET", "/receipts", query=f"cursor={first['next_cursor']}&limit=3").json
    assert [one["msg_id"] for one in second["receipts"]] == ["R3", "R4"]
    third = platform.call("GET", "/receipts", query=f"cursor={second['next_cursor']}").json
    assert (third["receipts"], third["next_cursor"]) == ([], second["next_cursor"])
    assert platform.call("GET", "/receipts", query="cursor=%21").code == "2002"
    assert platform.call("GET", "/receipts", query=f"cursor={'z' * 40}").code == "2002"
    assert platform.call("GET", "/receipts", query=f"limit={'9' * 5000}").code == "2002"


def test_a_storage_that_fails_is_told_apart_from_a_refusal(
    platform: RawClient, shared_sandbox: RunningSandbox
) -> None:
    """Goal: a caller learns that it must ask. Method: another connection holds the file's write lock."""
    with sqlite3.connect(shared_sandbox.storage_path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        reply = platform.send("patient", [patient()], msg_id="BUSY")
        other.execute("ROLLBACK")
    assert (reply.status, reply.code) == (500, "9003")
    assert platform.ask("BUSY")["state"] == "NOT_SEEN"
    assert platform.send("patient", [patient()], msg_id="BUSY").code == "0"


def test_ping_heartbeat_and_the_standard_are_told(platform: RawClient) -> None:
    ping = platform.call("GET", "/ping", headers={"X-App-Key": None, "X-Sign": None}).json
    assert (ping["code"], ping["spec_version"]) == ("0", "JX-2024.1")
    beat = json.dumps({"org_code": ORG, "node": "n1", "queue": 3}).encode()
    assert platform.call("POST", "/heartbeat", body=beat).code == "0"
    assert platform.control("GET", "/stats")["last_heartbeat"]["queue"] == 3
    assert platform.call("POST", "/heartbeat", body=b"{}").code == "2002"
    tables = platform.call("GET", "/meta/tables").json["tables"]
    assert len(tables) == 63
    assert sum(one["fields"] for one in tables) == 3_484
    fields = platform.call("GET", "/meta/tables/visit").json["fields"]
    assert fields[0]["name"] == "org_code"
    assert platform.call("GET", "/meta/tables/nowhere").code == "2005"


def test_every_table_is_accepted_after_its_parents(platform: RawClient) -> None:
    """Goal: none of the 63 tables is refused a sound record. Method: send all until none waits."""
    left = list(STANDARD.table_names)
    for _ in range(8):
        left = [name for name in left if result(platform.send(name, [sample(name)]))[0] == 0]
    assert left == []
    tables = platform.control("GET", "/stats")["tables"]
    assert len(tables) == 63
    assert all(counts["stored"] == 1 for counts in tables.values())


def test_the_file_tells_what_was_taken(platform: RawClient, shared_sandbox: RunningSandbox) -> None:
    platform.send("patient", [patient("P1"), patient("P2", sex_code="Q")], msg_id="F1")
    with sqlite3.connect(f"file:{shared_sandbox.storage_path}?mode=ro", uri=True) as file:
        applied = file.execute(
            "SELECT table_name, org_code, record_key, updated_at, msg_id, record FROM applied"
        ).fetchall()
        current = file.execute("SELECT record_key, seq, version FROM current").fetchall()
        messages = file.execute(
            "SELECT msg_id, state, record_count, accepted, refused FROM messages"
        ).fetchall()
    assert [row[:5] for row in applied] == [("patient", ORG, "P1", T1, "F1")]
    assert json.loads(applied[0][5]) == patient("P1")
    assert current == [("P1", 1, 1)]
    assert messages == [("F1", "DONE", 2, 1, 1)]


def test_a_card_number_is_checked_only_when_the_papers_are_a_card(platform: RawClient) -> None:
    sound = patient("P1", id_type_code="01", id_no=CARD_NO)
    passport = patient("P2", id_type_code="03", id_no="E00000001")
    assert result(platform.send("patient", [sound, passport])) == (2, 0, 0, 0)


@pytest.mark.parametrize("cursor", ["-1", "+1", "_1", "1_0", "%20", "1 ", "Z", "zzzzzzzzzzzz", "１"])
def test_a_cursor_that_the_platform_never_gave_is_refused(platform: RawClient, cursor: str) -> None:
    reply = platform.call("GET", "/receipts", query=f"cursor={quote(cursor)}")
    assert (reply.code, reply.status) == ("2002", 400)
