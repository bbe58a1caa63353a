"""Goal: letters come out as they were put in, oldest first, also those of earlier versions; whatever else bears the name of a
letter stops nobody, is set aside and told once. Method: a folder full of what a disk can hold."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from medferry.clock import ZONE, FixedClock
from medferry.errors import OutboxError
from medferry.events import Event, RequestSetAside
from medferry.ferry.mailbox import BYTES_MAX, LETTERS_MAX, ROWS_MAX, HealCodes, Mailbox, Requeue, ReviewNow

AT = datetime(2026, 1, 15, 8, 10, tzinfo=ZONE)


class Told(list[Event]):
    def __call__(self, event: Event) -> None:
        self.append(event)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "requests"
    folder.mkdir()
    return folder


def test_letters_come_out_as_they_went_in_oldest_first(tmp_path: Path) -> None:
    folder, clock, told = tmp_path / "not" / "there" / "yet", FixedClock(AT), Told()
    mailbox = Mailbox(folder)
    assert mailbox.pending(HealCodes, told) == []
    asked = [HealCodes("his_性别"), HealCodes("a"), HealCodes("his_性别")]
    for one in asked:
        mailbox.put(one, clock)
        clock.advance(timedelta(microseconds=1))
    again = mailbox.put(Requeue((3, 1), "王工：平台已补字典"), clock)
    mailbox.put(Requeue((), ""), clock)  # at the same moment
    mailbox.put(ReviewNow(), clock)
    assert [one.request for one in mailbox.pending(HealCodes, told)] == asked
    requeues = mailbox.pending(Requeue, told)
    assert [one.request for one in requeues] == [Requeue((3, 1), "王工：平台已补字典"), Requeue((), "")]
    assert requeues[0].path == again
    assert [one.request for one in mailbox.pending(ReviewNow, told)] == [ReviewNow()]
    mailbox.done(requeues)
    mailbox.done(requeues)
    assert mailbox.pending(Requeue, told) == []
    assert len(list(folder.iterdir())) == 4, "the other letters, and nothing half written"
    assert told == []


def test_letters_of_earlier_versions_are_understood(folder: Path) -> None:
    (folder / "codes-20260115081000000000-his_sex.json").write_text('{"codes": "his_sex"}', encoding="utf-8")
    (folder / "resend-20260115081000000000.json").write_text(
        '{"sequences": [7], "reason": "x"}', encoding="utf-8"
    )
    (folder / "review.request").touch()
    mailbox, told = Mailbox(folder), Told()
    assert [one.request for one in mailbox.pending(HealCodes, told)] == [HealCodes("his_sex")]
    assert [one.request for one in mailbox.pending(Requeue, told)] == [Requeue((7,), "x")]
    reviews = mailbox.pending(ReviewNow, told)
    assert [one.request for one in reviews] == [ReviewNow()]
    mailbox.done(reviews)
    assert not (folder / "review.request").exists()
    assert told == []


BROKEN = {
    "half": b'{"sequences": [1',
    "empty": b"",
    "not UTF-8": b"\xff\xfe{",
    "no object": b"[1, 2]",
    "rows that are no numbers": b'{"sequences": ["1"]}',
    "a row that is a flag": b'{"sequences": [true]}',
    "a row beyond the ledger": b'{"sequences": [9223372036854775808]}',
    "a row before the first": b'{"sequences": [0]}',
    "a reason that is no text": b'{"sequences": [1], "reason": 5}',
    "another kind": b'{"codes": "his_sex"}',
    "nested without end": b"[" * 100_000,
    "a number without end": b'{"sequences": [' + b"1" * 10_000 + b"]}",
    "too many rows": json.dumps({"sequences": [1] * (ROWS_MAX + 1)}).encode(),
    "huge": b'{"sequences": []}' + b" " * BYTES_MAX,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_set_aside_and_told_once(folder: Path, content: bytes) -> None:
    broken = folder / "resend-20260101000000000000-1-1.json"
    broken.write_bytes(content)
    mailbox, told = Mailbox(folder), Told()
    mailbox.put(Requeue((5,), ""), FixedClock(AT))
    for _ in range(2):
        assert [one.request for one in mailbox.pending(Requeue, told)] == [Requeue((5,), "")]
    assert [one.file for one in told if isinstance(one, RequestSetAside)] == [broken.name]
    assert len(told) == 1
    assert (folder / f"{broken.name}.bad").read_bytes() == content
    assert not broken.exists()


def test_what_is_no_file_is_set_aside_too(folder: Path) -> None:
    (folder / "codes-1.json").mkdir()
    os.mkfifo(folder / "codes-2.json")
    (folder / "codes-3.json").symlink_to(folder / "codes-3.json")
    (folder / "codes-4.json").symlink_to("/dev/zero")
    told = Told()
    assert Mailbox(folder).pending(HealCodes, told) == []
    assert len(told) == 4
    assert sorted(one.name for one in folder.iterdir()) == [f"codes-{n}.json.bad" for n in (1, 2, 3, 4)]


def test_what_cannot_even_be_set_aside_is_told_once(folder: Path) -> None:
    broken = folder / ("codes-0" + "x" * 243 + ".json")  # with .bad it is longer than a name may be
    broken.write_bytes(b"{")
    mailbox, told = Mailbox(folder), Told()
    for _ in range(3):
        assert mailbox.pending(HealCodes, told) == []
    assert len(told) == 1
    assert broken.exists()


def test_strangers_are_left_alone(folder: Path) -> None:
    names = ["notes.txt", "codes-1.json.bad", "codes-20260101-1-1.new", "review.json", "recodes-1.json"]
    for name in names:
        (folder / name).write_text("{", encoding="utf-8")
    mailbox, told = Mailbox(folder), Told()
    assert mailbox.pending(HealCodes, told) == []
    assert mailbox.pending(ReviewNow, told) == []
    assert told == []
    assert sorted(one.name for one in folder.iterdir()) == sorted(names)


def test_no_more_are_taken_at_once_than_was_said(folder: Path) -> None:
    for number in range(LETTERS_MAX + 2):
        (folder / f"codes-{number:020}-x.json").write_text('{"codes": "x"}', encoding="utf-8")
    mailbox, told = Mailbox(folder), Told()
    first = mailbox.pending(HealCodes, told)
    assert len(first) == LETTERS_MAX
    mailbox.done(first)
    assert len(mailbox.pending(HealCodes, told)) == 2


def test_a_folder_that_is_none_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "requests").write_text("", encoding="utf-8")
    mailbox = Mailbox(tmp_path / "requests")
    with pytest.raises(OutboxError, match="读取请求"):
        mailbox.pending(HealCodes, Told())
    with pytest.raises(OutboxError, match="留下请求"):
        mailbox.put(ReviewNow(), FixedClock(AT))
