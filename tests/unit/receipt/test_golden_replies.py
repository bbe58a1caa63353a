"""Golden replies of six dialects: the same code reads them all, only data differ."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
import yaml

import medferry.receipt as receipts
from medferry.catalog.platform import AnswerCodes, Profile, load_profile
from medferry.clock import ZONE
from medferry.errors import DeliveryError, MedferryError
from medferry.receipt import Asked, AskedState, read_answer, read_reply
from medferry.records import Envelope, Outcome, Receipt, Reply

GOLDEN = Path(__file__).parents[2] / "golden" / "replies"
SHIPPED = Path(receipts.__file__).parents[1] / "catalog" / "jiangxi"
AT = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
SECRETS = ("张三", "李四", "1234", "XQ", "张 三")


def envelope(records: int = 2) -> Envelope:
    keys = tuple(f"K{number}" for number in range(records))
    return Envelope("M1", "patient", "donghu", "36010", tuple(range(records)), keys, b"", "", AT, 1)


def dialect(name: str, folder: Path) -> tuple[Profile, AnswerCodes]:
    """The shipped profile with the dialect's keys in place of its own, through the real loader."""
    values = yaml.safe_load((SHIPPED / "platform.yaml").read_text(encoding="utf-8"))
    own = yaml.safe_load((GOLDEN / name / "dialect.yaml").read_text(encoding="utf-8"))
    codes = own.pop("codes", None) or (SHIPPED / "answer_codes.csv").read_text(encoding="utf-8")
    (folder / "answer_codes.csv").write_text(codes, encoding="utf-8")
    (folder / "platform.yaml").write_text(
        yaml.safe_dump({**values, **own}, allow_unicode=True), encoding="utf-8"
    )
    profile = load_profile(folder / "platform.yaml")
    return profile, profile.load_answer_codes()


def cases() -> list[object]:
    found = []
    for folder in sorted(path for path in GOLDEN.iterdir() if path.is_dir()):
        for case in yaml.safe_load((folder / "cases.yaml").read_text(encoding="utf-8")):
            found.append(pytest.param(folder.name, case, id=f"{folder.name}: {case['name']}"))
    return found


def outcomes(receipt: Receipt, records: int) -> list[str]:
    return [receipt.verdicts.get(at, receipt.default).outcome.value for at in range(records)]


@pytest.mark.parametrize(("name", "case"), cases())
def test_golden_reply(name: str, case: dict[str, object], tmp_path: Path) -> None:
    profile, codes = dialect(name, tmp_path)
    records = int(str(case.get("records", 2)))
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"], ensure_ascii=False)
    reply = Reply("M1", int(str(case.get("http", 200))), body.encode(), AT, 1.0)
    expected = case.get("receipt")
    if expected is None:
        with pytest.raises(DeliveryError) as caught:
            read_reply(reply, envelope(records), profile, codes)
        assert type(caught.value).__name__ == case["error"]
        assert not [secret for secret in SECRETS if secret in str(caught.value)]
        return
    assert isinstance(expected, dict)
    receipt = read_reply(reply, envelope(records), profile, codes)
    assert receipt.receipt_no == expected["receipt_no"]
    assert receipt.final is expected.get("final", True)
    assert receipt.answered_at == AT
    assert outcomes(receipt, records) == expected["outcomes"]
    assert not [secret for secret in SECRETS if secret in repr(receipt)]
    for at, (code, field, text) in expected.get("verdicts", {}).items():
        verdict = receipt.verdicts[at]
        assert (verdict.code, verdict.field, verdict.text) == (code, field, text)


def asked(document: object, records: int = 2) -> Asked:
    profile = load_profile()
    reply = Reply("M1", 200, json.dumps(document).encode(), AT, 1.0)
    return read_answer(reply, envelope(records), profile, profile.load_answer_codes())


def test_asked_states() -> None:
    assert asked({"code": "0", "state": "NOT_SEEN"}) == Asked(AskedState.NOT_SEEN)
    assert asked({"code": "0", "state": "RECEIVED", "receipt_no": "R1"}) == Asked(AskedState.RECEIVED)
    kept = {"code": "0", "msg_id": "M1", "receipt_no": "R1", "result": {"accepted": 2}}
    done = asked({"code": "0", "state": "DONE", "receipt": kept})
    assert done.state is AskedState.DONE
    assert done.receipt is not None
    assert done.receipt.receipt_no == "R1"
    assert done.receipt.default.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "document",
    [
        {"code": "0"},
        {"code": "0", "state": "PERHAPS"},
        {"code": "0", "state": "DONE"},
        {"code": "0", "state": "DONE", "receipt": {"code": "0", "msg_id": "M2", "receipt_no": "R"}},
        [],
    ],
)
def test_an_answer_that_says_nothing_is_not_understood(document: object) -> None:
    with pytest.raises(MedferryError) as caught:
        asked(document)
    assert isinstance(caught.value, receipts.ReplyNotUnderstood)


def test_a_done_refusal_is_raised_as_the_first_time() -> None:
    with pytest.raises(receipts.EnvelopeRefused):
        asked({"code": "0", "state": "DONE", "receipt": {"code": "2003", "msg_id": "M1"}})
