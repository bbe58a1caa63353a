"""Goal: what is no whole ledger is refused and left as it is; one ledger has one writer, by whatever name; one that goes
away under a run is noticed. Method: files as people, disks and attackers leave them, opened for writing and for reading."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.errors import OutboxError
from medferry.outbox.errors import LedgerDamaged, LedgerGone, LedgerHeld
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.testing.outbox_world import ORDER, START, Record, family, keyed


def opened(path: Path) -> SqliteOutbox:
    return SqliteOutbox(path, FixedClock(START), ORDER, "test")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def filled(path: Path) -> Path:
    with closing(opened(path)) as outbox:
        outbox.put(family(keyed("parent", [Record(f"k{number}") for number in range(400)])))
    return path


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def header_only(path: Path) -> None:
    os.truncate(path, 60)


def one_page_less(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 8_192)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def without_meta(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DELETE FROM meta")


def rotten_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(5 * 8_192)
        file.write(b"\xff" * 200)


@pytest.mark.parametrize("spoil", [halved, header_only, one_page_less, emptied, without_meta, rotten_page])
def test_what_is_no_whole_ledger_is_not_begun_anew(filled: Path, spoil: Callable[[Path], None]) -> None:
    spoil(filled)
    before = filled.read_bytes()
    with pytest.raises(LedgerDamaged, match="备份恢复"):
        opened(filled)
    assert filled.read_bytes() == before


@pytest.mark.parametrize("spoil", [halved, header_only, one_page_less, emptied, without_meta])
def test_who_reads_is_told_the_same(filled: Path, spoil: Callable[[Path], None]) -> None:
    spoil(filled)
    with pytest.raises(LedgerDamaged, match="备份恢复"):
        SqliteLedgerReader(filled)


def test_a_ledger_that_left_its_log_behind_is_asked_for(filled: Path) -> None:
    filled.with_name("ledger.sqlite-wal").write_bytes(b"x" * 4_096)
    filled.unlink()
    with pytest.raises(LedgerDamaged, match="日志还在"):
        opened(filled)
    assert not filled.exists()


def test_a_table_named_meta_makes_no_ledger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE meta (name, value)")
    with pytest.raises(OutboxError, match="别的数据库"):
        opened(path)


def test_a_making_that_was_cut_off_leaves_nothing(path: Path) -> None:
    path.with_name("ledger.sqlite.new").write_bytes(b"half a ledger")
    path.with_name("ledger.sqlite.new-wal").write_bytes(b"its log")
    opened(path).close()
    assert sorted(one.name for one in path.parent.iterdir()) == ["ledger.sqlite", "ledger.sqlite.lock"]


@pytest.fixture
def held(path: Path) -> Iterator[SqliteOutbox]:
    with closing(opened(path)) as outbox:
        yield outbox


def by_link(path: Path) -> Path:
    (path.parent / "elsewhere").mkdir()
    link = path.parent / "elsewhere" / "other.sqlite"
    link.symlink_to(path)
    return link


def by_folder(path: Path) -> Path:
    (path.parent / "folder").symlink_to(path.parent)
    return path.parent / "folder" / path.name


def by_going_about(path: Path) -> Path:
    return path.parent / ".." / path.parent.name / path.name


@pytest.mark.parametrize("other_name", [by_link, by_folder, by_going_about])
def test_one_ledger_has_one_lock_by_whatever_name(
    held: SqliteOutbox, path: Path, other_name: Callable[[Path], Path]
) -> None:
    with pytest.raises(LedgerHeld, match=f"占用进程={os.getpid()}"):
        opened(other_name(path))


def test_a_relative_name_comes_to_the_same_lock(
    held: SqliteOutbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(LedgerHeld):
        opened(Path(path.name))


def test_a_ledger_of_two_names_is_refused(filled: Path) -> None:
    other = filled.with_name("other.sqlite")
    other.hardlink_to(filled)
    for one in (filled, other):
        with pytest.raises(OutboxError, match="硬链接=2"):
            opened(one)
    other.unlink()
    opened(filled).close()


@pytest.mark.parametrize("make", [Path.symlink_to, Path.hardlink_to])
def test_a_lock_that_is_a_link_leaves_its_target_alone(
    path: Path, make: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    target = tmp_path / "precious"
    target.write_text("of somebody else")
    make(path.with_name("ledger.sqlite.lock"), target)
    with pytest.raises(OutboxError, match="锁文件"):
        opened(path)
    assert target.read_text() == "of somebody else"


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"SQLite format 3\0 of somebody else")


def moved(path: Path) -> None:
    path.rename(path.with_name("kept.sqlite"))


@pytest.mark.parametrize("spoil", [removed, replaced, moved])
def test_a_ledger_that_goes_away_under_a_run_is_noticed(
    held: SqliteOutbox, path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(path)
    with pytest.raises(LedgerGone, match="运行中"):
        held.put(family(keyed("parent", [Record("a")])))


def test_only_the_owner_reads_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "state" / "ledger.sqlite"
        with closing(opened(path)) as outbox:
            outbox.put(family(keyed("parent", [Record("a")])))
            found = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert set(found.values()) == {0o600}
    assert len(found) == 4
    assert path.parent.stat().st_mode & 0o777 == 0o700
