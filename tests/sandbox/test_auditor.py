"""Goal: each kind of harm at the platform is seen, and nothing else is.
Method: a truth and a platform that agree; one stored row is deleted, doubled, aged or altered at a time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from medferry_sandbox.auditor import AuditReport, audit
from medferry_sandbox.hospital.truth import _TABLE
from medferry_sandbox.platform.storage import _SCHEMA

ORG = "12360100A00000001X"
T1, T2, T3 = "20260115T080000", "20260115T090000", "20260115T100000"


def row(key: str, time: str, name: str = "张三") -> dict[str, str]:
    return {"org_code": ORG, "patient_id": key, "patient_name": name, "updated_at": time}


@pytest.fixture
def world(tmp_path: Path) -> tuple[Path, Path]:
    """P1 with two versions of which both arrived, P2 with one, P3 held, P4 waiting."""
    truth, platform = tmp_path / "truth.sqlite", tmp_path / "platform.sqlite"
    with closing(sqlite3.connect(truth)) as database, database:
        database.execute(_TABLE)
        lines = [
            ("P1", T1, 1, "superseded", row("P1", T1)),
            ("P1", T2, 2, "accepted", row("P1", T2, "李四")),
            ("P2", T1, 1, "accepted", row("P2", T1)),
            ("P3", T1, 1, "held", row("P3", T1)),
            ("P4", T1, 1, "waiting", row("P4", T1)),
        ]
        for key, time, ordinal, state, content in lines:
            database.execute(
                "INSERT INTO expected VALUES ('patient', 'donghu', ?, ?, ?, ?, ?, '', ?, 1, '')",
                (ORG, key, time, ordinal, state, json.dumps(content, ensure_ascii=False)),
            )
    with closing(sqlite3.connect(platform)) as database, database:
        database.executescript(_SCHEMA)
    for seq, (key, time, name) in enumerate([("P1", T1, "张三"), ("P1", T2, "李四"), ("P2", T1, "张三")], 1):
        apply(platform, seq, row(key, time, name), f"M{seq}")
    return truth, platform


def apply(platform: Path, seq: int, record: dict[str, str], message_id: str) -> None:
    change(
        platform,
        "INSERT INTO applied VALUES (?, 'patient', ?, '', ?, 'UPSERT', ?, ?, ?, '20260115100000000')",
        seq,
        ORG,
        record["patient_id"],
        record["updated_at"],
        json.dumps(record, ensure_ascii=False),
        message_id,
    )


def change(platform: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(platform)) as database, database:
        assert database.execute(statement, values).rowcount == 1


def counts(report: AuditReport) -> tuple[int, int, int, int]:
    return report.lost, report.doubled, report.reversed, report.mismatches


def test_an_agreeing_world_is_clean(world: tuple[Path, Path]) -> None:
    report = audit(*world)
    assert report.clean
    assert counts(report) == (0, 0, 0, 0)
    assert (report.expected["patient"], report.arrived["patient"]) == (2, 2)


def test_a_deleted_row_is_lost(world: tuple[Path, Path]) -> None:
    change(world[1], "DELETE FROM applied WHERE record_key = 'P2'")
    assert counts(audit(*world)) == (1, 0, 0, 0)


def test_a_superseded_version_need_not_have_arrived(world: tuple[Path, Path]) -> None:
    change(world[1], "DELETE FROM applied WHERE seq = 1")
    assert audit(*world).clean


def test_a_version_under_two_message_ids_is_doubled(world: tuple[Path, Path]) -> None:
    apply(world[1], 9, row("P2", T1), "M9")
    assert counts(audit(*world)) == (0, 1, 0, 0)


def test_an_old_version_on_a_newer_one_is_reversed(world: tuple[Path, Path]) -> None:
    change(world[1], "UPDATE applied SET seq = 99 WHERE seq = 1")
    assert counts(audit(*world)) == (0, 0, 1, 0)


def test_an_altered_field_is_a_mismatch_that_names_the_field(world: tuple[Path, Path]) -> None:
    altered = json.dumps(row("P2", T1, "王五"), ensure_ascii=False)
    change(world[1], "UPDATE applied SET record = ? WHERE record_key = 'P2'", altered)
    report = audit(*world)
    assert counts(report) == (0, 0, 0, 1)
    assert report.differences[0].fields == ("patient_name",)
    assert "王五" not in repr(report.differences)


@pytest.mark.parametrize("key", ["P3", "P4", "P5"])
def test_a_row_that_must_not_be_there_is_a_mismatch(world: tuple[Path, Path], key: str) -> None:
    apply(world[1], 9, row(key, T1), "M9")
    assert counts(audit(*world)) == (0, 0, 0, 1)


def test_a_time_that_the_truth_does_not_know_is_a_mismatch_and_the_true_one_is_lost(
    world: tuple[Path, Path],
) -> None:
    aged = json.dumps(row("P2", T3), ensure_ascii=False)
    change(world[1], "UPDATE applied SET updated_at = ?, record = ? WHERE record_key = 'P2'", T3, aged)
    assert counts(audit(*world)) == (1, 0, 0, 1)
