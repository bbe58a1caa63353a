"""The example rows of the standard's tables: sound under every rule, known by their digests, and taken by the platform."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from examples_from_truth import DIGEST_COLUMNS, DIGESTS, ROWS_MAX, digest_lines, example_path, read_example
from pydantic import SecretStr

from medferry.catalog.load import load_catalog
from medferry.catalog.model import Table
from medferry.catalog.platform import load_profile
from medferry.checks.beside import with_pointers
from medferry.checks.conditions import THERE
from medferry.checks.later import run_later
from medferry.checks.rules import compile_rules, specs_of_book
from medferry.checks.run import run_checks
from medferry.checks.table_checks import compile_checks
from medferry.clock import ZONE, SystemClock
from medferry.crypto.software import SoftwareProvider
from medferry.destinations.rest_settings import RestSettings
from medferry.destinations.settings import Addresses, DestinationTools
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.row_keys import key_rows
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.receipt.reply import read_reply
from medferry.records import CheckedBatch, Family, SourceMarks, StandardBatch, State
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import DEMO_APP_KEY, DEMO_APP_SECRET, SandboxSettings

CATALOG = load_catalog("jiangxi")
CAMPUSES = {"DH-": "donghu", "QS-": "qingshan"}
READ_AT = datetime(2026, 6, 1, 8, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    return {name: read_example(CATALOG.table(name)) for name in CATALOG.table_names}


def test_every_table_has_one_and_no_other_folder_has() -> None:
    found = {path.parent.name for path in example_path("patient").parents[1].glob("*/example.csv")}
    assert found == set(CATALOG.table_names)
    assert len(found) == 63


@pytest.mark.parametrize("name", CATALOG.table_names)
def test_the_file_is_as_promised(name: str) -> None:
    """All fields in catalog order, UTF-8 without mark, line feeds, no cell of blanks, one row per key."""
    data = example_path(name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    table, frame = CATALOG.table(name), read_example(CATALOG.table(name))
    assert tuple(frame.columns) == table.field_names
    assert set(frame.dtypes) == {pl.String}
    assert 1 <= frame.height <= ROWS_MAX
    assert frame[table.key_field].n_unique() == frame.height
    assert not any((frame[field].str.strip_chars() != frame[field]).any() for field in frame.columns)


@pytest.mark.parametrize("name", CATALOG.table_names)
def test_every_parent_is_an_example(name: str, frames: dict[str, pl.DataFrame]) -> None:
    table = CATALOG.table(name)
    pointers = [(field.name, THERE) for field in table.parents]
    beside = with_pointers(frames[name], table, pointers, frames, complete=True)
    lost = [field for field, there in pointers if (beside[f"{field}.{there}"] == "F").any()]
    assert lost == []


@pytest.mark.parametrize("name", CATALOG.table_names)
def test_no_check_and_no_holding_rule_finds_anything(name: str, frames: dict[str, pl.DataFrame]) -> None:
    """Neither errors nor warnings."""
    checked = judged(CATALOG.table(name), frames[name], frames)
    assert checked.findings.select("row", "check", "field", "rule_id").rows() == []
    assert checked.sound.all()


def test_no_later_rule_finds_an_error(frames: dict[str, pl.DataFrame]) -> None:
    """Rules over parents, directories, children and siblings, switched on or not. Warnings there are: not every child
    of a record is an example."""
    assert [compile_rules(CATALOG.table(name), CATALOG)[1] for name in CATALOG.table_names] == [[]] * 63
    found = run_later(frames, CATALOG, active_only=False).filter(pl.col("severity") == "error")
    assert sorted(set(found.select("table", "rule_id", "key", "field").rows())) == []


def test_the_digests_are_the_golden_ones(frames: dict[str, pl.DataFrame]) -> None:
    """A row's bytes must not change with a library or by accident; `examples_from_truth` writes them anew."""
    with DIGESTS.open(encoding="utf-8", newline="") as file:
        golden = [tuple(line) for line in csv.reader(file)]
    found = [line for name in CATALOG.table_names for line in digest_lines(CATALOG.table(name), frames[name])]
    assert golden == [DIGEST_COLUMNS, *found]


def test_the_whole_road(frames: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Goal: what the examples show is what a platform takes, record for record.

    Method: children are put before their parents, so that order is the ledger's work; each envelope goes over HTTP to a
    sandbox of its own; the sandbox's storage is compared with the files.
    """
    rows = sum(frame.height for frame in frames.values())
    tiers = [(name, CATALOG.table(name).tier) for name in CATALOG.table_names]
    outbox = SqliteOutbox(tmp_path / "ledger.sqlite", SystemClock(), tiers, "examples")
    settings = SandboxSettings(tmp_path / "platform", port=0, control_port=0)
    with closing(outbox), running_sandbox(settings) as sandbox:
        for family in families(frames):
            assert not any(result.held for result in outbox.put(family).tables.values())
        assert deliver_all(outbox, sandbox.url) == rows
        states = Counter[State]()
        for count in outbox.counts():
            states[count.state] += count.rows
        assert states == {State.ACCEPTED: rows}
        stored = stored_records(sandbox.storage_path)
    assert_parents_first(stored)
    expected = {
        (name, key): row
        for name, frame in frames.items()
        for key, row in zip(frame[CATALOG.table(name).key_field], filled(frame), strict=True)
    }
    assert len(stored) == rows
    assert {(table, key): record for table, key, record in stored} == expected


def judged(
    table: Table, frame: pl.DataFrame, frames: dict[str, pl.DataFrame], campus: str = ""
) -> CheckedBatch:
    """By every check and every rule that may hold a row, also those of a table whose rules are not switched on."""
    own = () if CATALOG.rule_book(table.name).active else specs_of_book(table, CATALOG)
    checks = compile_checks(table, CATALOG, {}, [spec for spec in own if not spec.by_engine])
    rows = frame.height
    batch = StandardBatch(
        table=table.name,
        campus=campus,
        route=f"examples.{table.name}",
        frame=frame,
        origin=pl.Series("origin", range(rows), dtype=pl.UInt32),
        lookup_miss=pl.Series("lookup_miss", [False] * rows, dtype=pl.Boolean),
    )
    return run_checks(batch, checks, ancestors=frames)


def families(frames: dict[str, pl.DataFrame]) -> Iterator[Family]:
    """One per table and campus, children's tables first."""
    for name in reversed(CATALOG.dependency_order()):
        table = CATALOG.table(name)
        for prefix, campus in CAMPUSES.items():
            frame = frames[name].filter(pl.col(table.key_field).str.starts_with(prefix))
            if frame.height:
                keyed = key_rows(judged(table, frame, frames, campus), table, {})
                yield Family(
                    batch_id=f"{name}-{campus}",
                    route=f"examples.{name}",
                    campus=campus,
                    loop="head",
                    read_at=READ_AT,
                    tables=[keyed],
                    cursor=None,
                    marks=SourceMarks(),
                    rows_read=frame.height,
                    rows_unchanged=0,
                )


def deliver_all(outbox: SqliteOutbox, url: str) -> int:
    """Leases, sends and settles until nothing is left; every row must be accepted at its first try. Returns rows."""
    profile = load_profile()
    codes = profile.load_answer_codes()
    organisation = read_example(CATALOG.table("medical_institution"))["org_code"][0]
    settings = RestSettings(url=url, app_key=DEMO_APP_KEY, app_secret=SecretStr(DEMO_APP_SECRET))
    addresses = Addresses((organisation,), {"donghu": "01", "qingshan": "02"})
    destination = settings.open(DestinationTools(addresses, SystemClock(), SoftwareProvider()))
    accepted = 0
    with closing(destination):
        while leased := outbox.lease(LeaseLimits(envelopes_max=8), destination.pack):
            envelopes = [one.envelope for one in leased]
            receipts = [read_reply(destination.send(sent), sent, profile, codes) for sent in envelopes]
            for sent, result in zip(envelopes, outbox.settle(receipts), strict=True):
                assert result.accepted == sent.record_count, f"{sent.table}: {result}"
                accepted += result.accepted
    return accepted


def stored_records(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    """(table, key, record) in the order in which the sandbox applied them."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT table_name, record_key, record FROM applied ORDER BY seq").fetchall()
    return [(table, key, json.loads(record)) for table, key, record in found]


def assert_parents_first(stored: list[tuple[str, str, dict[str, str]]]) -> None:
    seen: set[tuple[str, str]] = set()
    for name, key, record in stored:
        for field in CATALOG.table(name).parents:
            assert field.key is not None
            if field.name in record and (field.key.table, record[field.name]) != (name, key):
                assert (field.key.table, record[field.name]) in seen, f"{name}.{field.name}"
        seen.add((name, key))


def filled(frame: pl.DataFrame) -> list[dict[str, str]]:
    """Rows without their nulls."""
    return [{name: value for name, value in row.items() if value is not None} for row in frame.to_dicts()]
