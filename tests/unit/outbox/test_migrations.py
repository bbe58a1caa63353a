"""Goal: a ledger of every version there has been becomes what a new one is, and nothing in it is lost.
Method: `older_ledgers/version_<n>.sql` is a ledger as the program of that version wrote it: a row in every state that lasts,
a journal of outages and failures over two days. It is opened by the program of today and compared with a new one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import pytest

from medferry.canonical import key_hash, source_names
from medferry.clock import FixedClock
from medferry.errors import OutboxError
from medferry.events import Job, RouteNoticed
from medferry.outbox.run_state import RunState, Trouble, VisitsLook
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.migrations import SCHEMA_VERSION, SCHEMA_VERSION_LEAST, VERSIONS
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import SourceMarks, State
from medferry.testing.outbox_world import (
    ORDER,
    ORG,
    START,
    Record,
    family,
    keyed,
    lease,
    rows_by_state,
    settle,
)

OLDER = Path(__file__).parent / "older_ledgers"
EVERY_VERSION = range(SCHEMA_VERSION_LEAST, SCHEMA_VERSION)
TWO_DAYS_LATER = START + timedelta(days=1, hours=1)  # on the second day of the older ledgers
MOVED_FROM = {1: {"streams"}}  # tables whose columns a step changed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(TWO_DAYS_LATER)


@pytest.fixture(params=EVERY_VERSION)
def version(request: pytest.FixtureRequest, path: Path) -> int:
    """A ledger of this version lies at the path."""
    number = int(request.param)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript((OLDER / f"version_{number}.sql").read_text(encoding="utf-8"))
    return number


@pytest.fixture
def migrated(version: int, path: Path, clock: FixedClock) -> Iterator[SqliteOutbox]:
    outbox = SqliteOutbox(path, clock, ORDER, "test")
    yield outbox
    outbox.close()


def shape(path: Path) -> set[str]:
    """Every table and index with its columns, keys and checks, without comments, spaces and days."""
    with closing(sqlite3.connect(path)) as base:
        texts = [str(row[0]) for row in base.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")]
    return {
        re.sub(r"_[0-9]{8}", "_day", re.sub(r"[\s\"]+", "", re.sub(r"--[^\n]*", "", text))) for text in texts
    }


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as base:
        names = [row[0] for row in base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: base.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def test_there_is_a_ledger_of_every_older_version() -> None:
    assert list(VERSIONS) == list(range(SCHEMA_VERSION_LEAST + 1, SCHEMA_VERSION + 1))
    assert {path.name for path in OLDER.iterdir()} == {f"version_{one}.sql" for one in EVERY_VERSION}


def test_it_becomes_what_a_new_one_is(version: int, path: Path, clock: FixedClock, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite"
    fresh = SqliteOutbox(new, clock, ORDER, "test")
    fresh.put(family(keyed("parent", [Record("a")])))
    fresh.close()
    assert shape(path) != shape(new)
    SqliteOutbox(path, clock, ORDER, "test").close()
    assert shape(path) == shape(new)
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT schema_version FROM meta").fetchall() == [(SCHEMA_VERSION,)]
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_its_rows_are_what_they_were(version: int, path: Path, clock: FixedClock) -> None:
    before = rows_of(path)
    SqliteOutbox(path, clock, ORDER, "test").close()
    after = rows_of(path)
    own = {"meta", *MOVED_FROM.get(version, ())}
    for name in [one for one in after if one.startswith("versions_") and version < 5]:
        after[name] = [
            (*row[:-1],) for row in after[name] if row[-1] is None
        ]  # nobody knows their source rows
    assert {name: after[name] for name in before if name not in own} == {
        name: rows for name, rows in before.items() if name not in own
    }
    if version == 1:
        assert after["streams"] == [(*row, "jiangxi") for row in before["streams"]]


def test_it_goes_on_where_it_stood(migrated: SqliteOutbox, clock: FixedClock) -> None:
    assert rows_by_state(migrated) == {
        State.ACCEPTED: 1,
        State.REFUSED: 1,
        State.UNKNOWN: 1,
        State.HELD: 1,
        State.READY: 2,
        State.WAITING_PARENT: 1,
    }
    (lost,) = migrated.unknown(9)
    settle(migrated, [lost.envelope])
    assert sorted(key for one in lease(migrated) for key in one.keys) == ["goes", "ready", "waits"]
    again = migrated.put(family(keyed("parent", [Record("held", sound=False)]), batch_id="B9"))
    assert again.tables["parent"].new == 0


def old_name(table: str, key: str) -> bytes:
    """What the program called a key up to version 5."""
    return blake2b(f"{table}\x1f{ORG}\x1f{key}".encode(), digest_size=16).digest()


def heads(path: Path) -> dict[bytes, int]:
    """Number by name; of the short names, that they are the beginnings."""
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT key_hash, head_id, short_hash FROM heads").fetchall()
    assert all(int.from_bytes(name[:8], signed=True) == short for name, _, short in rows)
    return {name: number for name, number, _ in rows}


def test_a_head_bears_its_older_name_until_it_is_met(version: int, path: Path, clock: FixedClock) -> None:
    """Goal: nothing is sent twice or forgotten because a key's name changed, though no version tells the key any more."""
    with closing(sqlite3.connect(path)) as base, base:
        number = base.execute("SELECT next_head FROM meta").fetchone()[0]
        never = old_name("parent", "never came")
        base.execute(
            "INSERT INTO heads (head_id, short_hash, key_hash) VALUES (?, ?, ?)",
            (number, int.from_bytes(never[:8], signed=True), never),
        )
        base.execute("UPDATE meta SET next_head = next_head + 1")
        base.execute("DELETE FROM versions_20260115 WHERE key = 'accepted'")
    before = heads(path)
    assert {old_name("parent", key) for key in ("accepted", "never came", "ready")} <= before.keys()
    with closing(SqliteOutbox(path, clock, ORDER, "test")) as outbox:
        assert heads(path) == before
        again = outbox.put(family(keyed("parent", [Record("accepted")]), batch_id="B8"))
        assert (again.tables["parent"].new, again.tables["parent"].unchanged) == (0, 1)
        child = Record("child", parents=(("parent", "never came"), ("parent", "accepted")))
        assert outbox.put(family(keyed("child", [child]), batch_id="B9")).tables["child"].waiting == 1
        assert (
            outbox.put(family(keyed("parent", [Record("never came")]), batch_id="B10")).tables["parent"].new
            == 1
        )
        after = heads(path)
        assert outbox.parents("parent", [key_hash("parent", ORG, "ready")], ["visit_id"]).height == 1
    met = ("accepted", "never came")
    assert {key: after[key_hash("parent", ORG, key)] for key in met} == {
        key: before[old_name("parent", key)] for key in met
    }
    assert not {old_name("parent", key) for key in met} & after.keys()
    assert after[old_name("parent", "ready")] == before[old_name("parent", "ready")]
    assert len(after) == len(before) + 1  # the child


def test_marks_of_before_are_found(version: int, path: Path, clock: FixedClock) -> None:
    """Goal: no row is mapped again, and none behind the window is taken for new, because names changed."""
    (name,) = source_names(['{"id":"17"}'])
    older = blake2b(b'{"id":"17"}', digest_size=16).digest()
    mixed = blake2b(b"his.visit", digest_size=16).digest()
    place = int.from_bytes(older[:8]) ^ int.from_bytes(mixed[:8])
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "INSERT INTO source_marks VALUES (?, ?)",
            (int.from_bytes(place.to_bytes(8), signed=True), 5),
        )
    five, six = (number.to_bytes(8) + bytes(8) for number in (5, 6))
    with closing(SqliteOutbox(path, clock, ORDER, "test")) as outbox:
        assert outbox.unchanged("his.visit", [name], [five]) == [True]
        assert (outbox.knows("his.visit", [name]), outbox.knows("other", [name])) == ([True], [False])
        outbox.put(
            replace(
                family(keyed("parent", [Record("17")])), route="his.visit", marks=SourceMarks([name], [six])
            )
        )
        assert outbox.unchanged("his.visit", [name], [six]) == [True]
        assert outbox.unchanged("his.visit", [name], [five]) == [False]


def test_an_older_name_that_begins_alike_is_a_strangers(path: Path, clock: FixedClock) -> None:
    """Method: the eight bytes that the index holds are forced to be the same; the names differ after them."""
    hashed = key_hash("parent", ORG, "a")
    stranger = hashed[3:11] + bytes(8)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript((OLDER / "version_5.sql").read_text(encoding="utf-8"))
        base.execute(
            "UPDATE heads SET short_hash = ?, key_hash = ? WHERE key_hash = ?",
            (int.from_bytes(stranger[:8], signed=True), stranger, old_name("parent", "accepted")),
        )
    with closing(SqliteOutbox(path, clock, ORDER, "test")) as outbox:
        assert outbox.put(family(keyed("parent", [Record("a")]))).tables["parent"].new == 1
    assert {stranger, hashed} <= heads(path).keys()


def test_what_a_run_must_remember_is_read_out_of_its_journal(
    version: int, migrated: SqliteOutbox, path: Path
) -> None:
    reader = SqliteLedgerReader(path)
    state = reader.run_state()
    versions = reader.versions_of("parent", ORG, "accepted")
    reader.close()
    assert [one.state for one in versions] == [State.ACCEPTED]
    assert state == expected(version)


def expected(version: int) -> RunState:
    """Version 1 had no line that says that a route is well again; version 2 knew no jobs that failed."""

    def at(minute: int, *, day: int = 0) -> datetime:
        return START + timedelta(days=day, minutes=minute)

    never_back = version == 1
    first, jobs = (4, version >= 3) if never_back else (5, version >= 3)
    last = {1: 5, 2: 6, 3: 9, 4: 9, 5: 9}[version]
    lis = Trouble(at(first), at(last, day=1), "source.refused", "路线 lis.report 未能完成：第二次")
    lost = Trouble(
        at(last + 1, day=1),
        at(last + 1, day=1),
        "deliver.unreachable",
        "平台不可达，数据留在本地等待：还没有恢复",
    )
    his = Trouble(at(3), at(3), "source", "路线 his.visit 未能完成：已经好了")
    return RunState(
        platform=lost,
        routes={"his.visit": his, "lis.report": lis} if never_back else {"lis.report": lis},
        jobs={Job.REQUESTS: Trouble(at(6), at(6), "outbox", "路线 codes 未能完成：办不成")} if jobs else {},
        visits_look=VisitsLook(
            datetime(2026, 1, 15, 8, 41, 50, 250_000, START.tzinfo),
            at(8),
            "已复核 3 次已结束的就诊（40 条记录），发现 2 处，用时 1.5 秒",
        )
        if jobs
        else None,
    )


def test_a_ledger_made_before_routes_had_notices_takes_them(path: Path, clock: FixedClock) -> None:
    text = (OLDER / "version_4.sql").read_text(encoding="utf-8")
    assert ", 'notice'" in text
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(text.replace(", 'notice'", ""))
    with closing(SqliteOutbox(path, clock, ORDER, "test")) as outbox:
        outbox.record([RouteNoticed("his.visit", ("0 行就绪",))])
    reader = SqliteLedgerReader(path)
    assert set(reader.run_state().routes) == {"lis.report"}
    assert reader.run_state().notices["his.visit"].text.endswith("0 行就绪")
    reader.close()


def test_who_only_reads_leaves_an_older_ledger_alone(version: int, path: Path) -> None:
    before = rows_of(path)
    with pytest.raises(OutboxError, match="先运行一次 medferry run"):
        SqliteLedgerReader(path)
    assert rows_of(path) == before


def test_a_step_that_breaks_changes_nothing(
    version: int, path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before, shaped = rows_of(path), shape(path)
    with monkeypatch.context() as broken:
        broken.setitem(VERSIONS, SCHEMA_VERSION, (*VERSIONS[SCHEMA_VERSION], full))  # type: ignore[arg-type]
        with pytest.raises(OutboxError, match="打开账本"):
            SqliteOutbox(path, clock, ORDER, "test")
    assert (rows_of(path), shape(path)) == (before, shaped)
    SqliteOutbox(path, clock, ORDER, "test").close()


@pytest.mark.parametrize(("number", "words"), [(0, "账本太旧"), (SCHEMA_VERSION + 1, "升级 medferry")])
def test_a_ledger_of_a_version_it_does_not_know_is_left_alone(
    path: Path, clock: FixedClock, number: int, words: str
) -> None:
    SqliteOutbox(path, clock, ORDER, "test").close()
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE meta SET schema_version = ?", (number,))
    with pytest.raises(OutboxError, match=rf"账本版本={number}.*{words}"):
        SqliteOutbox(path, clock, ORDER, "test")
    with pytest.raises(OutboxError, match=rf"账本版本={number}.*{words}"):
        SqliteLedgerReader(path)


def test_the_first_forms_of_version_1_are_refused(path: Path, clock: FixedClock) -> None:
    text = (OLDER / "version_1.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(text)
        base.execute("DROP INDEX heads_hash")
        base.execute("ALTER TABLE heads DROP COLUMN short_hash")
    before = rows_of(path)
    with pytest.raises(OutboxError, match=r"账本太旧"):
        SqliteOutbox(path, clock, ORDER, "test")
    assert rows_of(path) == before
