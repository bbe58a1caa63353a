"""The exercise suite of sources: whatever reads a database passes all of it, on every path it may take.

A world is a real database with a table that the suite fills; `make_source` opens the source under test on it. Each
exercise is a function of (world, make_source); `EXERCISES` lists them for parametrised tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import polars as pl

from medferry.clock import ZONE, Clock, FixedClock
from medferry.errors import Next, SourceError
from medferry.records import Cursor, RawBatch
from medferry.sources.source import ReadPlan, Source

__all__ = ["EXERCISES", "Bench", "World"]

NOW = datetime(2026, 1, 20, 12, 0, 0, tzinfo=ZONE)
QUERY = "SELECT id, code, note, amount, changed FROM exercise_rows"
DIGITS_38 = "12345678901234567890123456789012345678"
TEXTS = {
    "empty": "", "space": "  x  ", "emoji": "😀张三", "wide": "１２３４", "quote": "a'b\"c\\d%s:x", "long": "长" * 350_000,
    "rare": "𠮷䶮", "tab": "a\tb\r\nc",
}  # fmt: skip


class World(Protocol):
    """A database under the suite's hand. Table `exercise_rows`: id integer, code and note text, amount decimal(38, 0)
    or text, changed date-time (may be null)."""

    @property
    def url(self) -> str:
        """With the password "geheim" where the database takes one."""
        ...

    @property
    def closed_port_url(self) -> str | None:
        """Nobody answers there, the password is "geheim"; None for a file."""
        ...

    @property
    def slow_query(self) -> str:
        """A SELECT giving id and code that takes many seconds."""
        ...

    @property
    def writing_query(self) -> str:
        """A text that would write if it were run as it stands."""
        ...

    @property
    def takes_nul(self) -> bool: ...
    @property
    def odd_times(self) -> Mapping[int, tuple[str, str]]:
        """id -> (text to write into `changed`-like column `odd`, text expected back)."""
        ...

    def put(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Inserts rows; absent columns are null."""
        ...

    def run(self, sql: str) -> None: ...


MakeSource = Callable[[str, Clock, Mapping[str, object]], Source]
"""(url, clock, further settings) -> source."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One exercise's means."""

    world: World
    make_source: MakeSource
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    def source(self, **settings: object) -> Source:
        return self.make_source(self.world.url, self.clock, settings)


def plan(**changes: object) -> ReadPlan:
    base = ReadPlan(
        route="exercise.rows", campus="east", query=QUERY, key=("id",), changed_at="changed",
        overlap=timedelta(0), window=timedelta(days=3), rows_max=7,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # replace() checks the names at run time


def at(minute: int, second: int = 0) -> str:
    return str(datetime(2026, 1, 20, 8) + timedelta(minutes=minute, seconds=second))  # noqa: DTZ001 - wall time


def ids(batches: Sequence[RawBatch]) -> list[int]:
    return [value for batch in batches for value in batch.frame["id"].to_list()]


def last_cursor(batches: Sequence[RawBatch], before: Cursor | None = None) -> Cursor | None:
    """What an outbox would hold: None keeps the old one."""
    for batch in batches:
        before = batch.cursor or before
    return before


def pages_over_ties(bench: Bench) -> None:
    """More rows with one changed_at than fit in a batch: each comes once, in order, never more than rows_max."""
    bench.world.put([{"id": i, "changed": at(0 if i < 40 else 1)} for i in range(60)])
    batches = list(bench.source().read(plan(), None, "head"))
    assert ids(batches) == list(range(60))
    assert max(batch.frame.height for batch in batches) <= 7
    assert list(bench.source().read(plan(), last_cursor(batches), "head")) == []


def goes_on_from_any_batch(bench: Bench) -> None:
    """Killed after any batch: reading on from its cursor gives exactly the rest."""
    bench.world.put([{"id": i, "changed": at(i // 9)} for i in range(50)])
    source = bench.source()
    batches = list(source.read(plan(), None, "head"))
    for number, batch in enumerate(batches, 1):
        rest = ids(list(source.read(plan(), batch.cursor, "head")))
        assert rest == ids(batches[number:])


def reads_late_rows_in_the_overlap(bench: Bench) -> None:
    """A row committed late, with an older changed_at, is read by the head loop when the overlap reaches it."""
    bench.world.put([{"id": i, "changed": at(i)} for i in range(30)])
    source, overlapping = bench.source(), plan(overlap=timedelta(minutes=5))
    cursor = last_cursor(list(source.read(overlapping, None, "head")))
    bench.world.put(
        [{"id": 100, "changed": at(26)}, {"id": 101, "changed": at(3)}, {"id": 102, "changed": at(31)}]
    )
    batches = list(source.read(overlapping, cursor, "head"))
    assert 100 in ids(batches)
    assert 102 in ids(batches)
    assert 101 not in ids(batches), "before the overlap: the sweep's business"
    assert last_cursor(batches, cursor) != cursor
    again = list(source.read(overlapping, last_cursor(batches), "head"))
    assert 102 in ids(again)
    assert last_cursor(again, last_cursor(batches)) == last_cursor(batches), "the cursor never goes back"
    assert ids(list(source.read(plan(), last_cursor(again), "head"))) == []


def sweeps_the_window(bench: Bench) -> None:
    """The sweep reads from `window` before now, also what no overlap reached, and rows without changed_at; these come with
    the head's beginning too, before any cursor: a first run to the end has no sweep."""
    old = str(datetime(2026, 1, 10))  # noqa: DTZ001 - wall time
    bench.world.put([{"id": 1, "changed": old}, {"id": 2, "changed": at(1)}, {"id": 3, "changed": at(2)}])
    bench.world.put([{"id": i} for i in range(50, 60)])
    batches = list(bench.source().read(plan(), None, "head"))
    cursor = last_cursor(batches)
    assert ids(batches) == [*range(50, 60), 1, 2, 3]
    assert batches[0].cursor is None
    assert ids(list(bench.source().read(plan(), cursor, "head"))) == []
    swept = list(bench.source().read(plan(), cursor, "sweep"))
    assert ids(swept) == [*range(50, 60), 2, 3]
    assert all(batch.loop == "sweep" for batch in swept)
    assert last_cursor(swept) == cursor


def reads_a_snapshot_whole(bench: Bench) -> None:
    """Without changed_at every read gives everything, by key, without a cursor."""
    bench.world.put([{"id": i, "code": f"c{i}"} for i in range(25)])
    for _ in range(2):
        batches = list(bench.source().read(plan(changed_at=None), None, "head"))
        assert ids(batches) == list(range(25))
        assert {batch.cursor for batch in batches} == {None}


def a_row_from_the_future_blinds_nobody(bench: Bench) -> None:
    """changed_at 9999-12-31 in one row: it is read, and the cursor does not follow it."""
    bench.world.put([{"id": 1, "changed": at(1)}, {"id": 2, "changed": "9999-12-31 23:59:59"}])
    source = bench.source()
    batches = list(source.read(plan(), None, "head"))
    assert ids(batches) == [1, 2]
    bench.world.put([{"id": 3, "changed": at(5)}])
    assert 3 in ids(list(source.read(plan(), last_cursor(batches), "head")))


def doubled_keys_are_not_cut_apart(bench: Bench) -> None:
    """Rows with one and the same place stay in one batch; more of them than a batch holds are refused, by name."""
    bench.world.put([{"id": i // 3, "code": str(i), "changed": at(0)} for i in range(30)])
    batches = list(bench.source().read(plan(), None, "head"))
    assert ids(batches) == [i // 3 for i in range(30)]
    _refused(bench, plan(rows_max=2), Next.STOP, "changed", "id")


def carries_hostile_values(bench: Bench) -> None:
    """Text, NUL, digits and nulls come as they are, whatever page they fall on."""
    world = bench.world
    texts = {**TEXTS, **({"nul": "a\0b"} if world.takes_nul else {})}
    rows: list[dict[str, object]] = [
        {"id": i, "code": name, "note": value, "amount": DIGITS_38, "changed": at(i)}
        for i, (name, value) in enumerate(texts.items())
    ]
    rows.append({"id": 90, "changed": at(90)})
    rows.append({"id": 91, "amount": "-" + DIGITS_38, "changed": at(91)})
    world.put(rows)
    for rows_max in (2, 100):
        batches = list(bench.source().read(plan(rows_max=rows_max), None, "head"))
        frame = pl.concat([batch.frame for batch in batches])
        assert dict(frame.filter(pl.col("id") < 90).select("code", "note").iter_rows()) == texts
        assert frame["amount"].to_list() == [DIGITS_38] * len(texts) + [None, "-" + DIGITS_38]
        assert frame["note"].to_list()[-2:] == [None, None]
        assert frame.schema["note"] == pl.String


def carries_odd_times(bench: Bench) -> None:
    """0000-00-00, year 1, year 9999, infinity: whatever the database holds arrives, as text if it must."""
    world = bench.world
    for row, (written, _) in world.odd_times.items():
        world.put([{"id": row, "odd": written, "changed": at(row)}])
    query = "SELECT id, odd, changed FROM exercise_rows"
    expected = {row: text for row, (_, text) in world.odd_times.items()}
    for rows_max in (1, 50):
        batches = list(bench.source().read(plan(query=query, rows_max=rows_max), None, "head"))
        seen = {
            row[0]: str(row[1]) for batch in batches for row in batch.frame.select("id", "odd").iter_rows()
        }
        assert seen == expected


def keeps_types_between_pages(bench: Bench) -> None:
    """A page of nulls and a page of text have the same columns and types, so they concatenate."""
    bench.world.put(
        [{"id": i, "changed": at(i), **({"note": "x", "amount": 5} if i > 10 else {})} for i in range(20)]
    )
    frames = [batch.frame for batch in bench.source().read(plan(rows_max=5), None, "head")]
    assert pl.concat(frames).height == 20
    assert len({str(frame.schema) for frame in frames}) == 1


def reads_nothing_from_an_empty_table(bench: Bench) -> None:
    assert list(bench.source().read(plan(), None, "head")) == []
    assert list(bench.source().read(plan(), None, "sweep")) == []
    assert bench.source().lookup_table(QUERY).columns == ["id", "code", "note", "amount", "changed"]


def rows_deleted_between_pages(bench: Bench) -> None:
    """Rows that vanish under way, the page's last one too, take no neighbour with them."""
    bench.world.put([{"id": i, "changed": at(i)} for i in range(30)])
    pages = bench.source().read(plan(), None, "head")
    seen = [next(pages)]
    bench.world.run("DELETE FROM exercise_rows WHERE id IN (6, 7, 8, 20)")
    seen += list(pages)
    assert ids(seen) == [i for i in range(30) if i not in (7, 8, 20)]


def lookup_tables_take_parameters(bench: Bench) -> None:
    """A colon that is no parameter is text."""
    bench.world.put([{"id": i, "code": f"k:{i}", "changed": at(0)} for i in range(5)])
    found = bench.source().lookup_table(
        "SELECT id, code, 'HH24:MI' AS fmt FROM exercise_rows WHERE code = :wanted", {"wanted": "k:3"}
    )
    assert found["id"].to_list() == [3]
    assert found["fmt"].to_list() == ["HH24:MI"]
    narrow = bench.source(lookup_rows_max=2)
    assert "lookup_rows_max" in str(_raised(lambda: narrow.lookup_table(QUERY)))


def comments_and_percents_survive(bench: Bench) -> None:
    bench.world.put([{"id": 1, "code": "a%b", "changed": at(0)}])
    query = "SELECT id, code, changed FROM exercise_rows WHERE code LIKE '%a%' -- 注释 :x"
    assert ids(list(bench.source().read(plan(query=query), None, "head"))) == [1]


def a_colon_is_text(bench: Bench) -> None:
    """A colon before any letter stays what it is: in a literal, in a comment, in a time, beside a parameter of ours."""
    bench.world.put([{"id": i, "code": f":甲{i}", "changed": at(i)} for i in range(3)])
    query = (
        "SELECT id, code, ':无' AS a, '12:30' AS b, 'D:数据' AS c, changed -- 状态(ZT):已启用\n"
        "FROM exercise_rows /* :wanted */ WHERE code <> ':甲0'"
    )
    for frame in (
        pl.concat(batch.frame for batch in bench.source().read(plan(query=query, rows_max=1), None, "head")),
        bench.source().lookup_table(f"{query} AND id > :wanted", {"wanted": 0}),
    ):
        assert frame["id"].to_list() == [1, 2]
        assert frame.select("code", "a", "b", "c").row(0) == (":甲1", ":无", "12:30", "D:数据")


def a_slow_statement_is_ended(bench: Bench) -> None:
    """The statement time-out ends it: RETRY, and the source is usable afterwards."""
    source = bench.source(statement_timeout_s=1.0)
    slow = plan(query=bench.world.slow_query, changed_at=None)
    error = _raised(lambda: list(source.read(slow, None, "head")))
    assert error.next is Next.RETRY
    assert "超时" in str(error)
    bench.world.put([{"id": 1, "changed": at(0)}])
    assert ids(list(source.read(plan(), None, "head"))) == [1]


def a_write_is_refused(bench: Bench) -> None:
    """A text that writes does nothing, whatever the account may do."""
    bench.world.put([{"id": 1, "changed": at(0)}])
    _refused(bench, plan(query=bench.world.writing_query), Next.STOP)
    assert ids(list(bench.source().read(plan(), None, "head"))) == [1]


def mistakes_are_named(bench: Bench) -> None:
    """An unknown table or column is named; a key that the query does not give is answered with what it does give."""
    bench.world.put([{"id": 1, "code": "王小明", "changed": at(0)}])
    _refused(
        bench, plan(query="SELECT id, nosuchcolumn, changed FROM exercise_rows"), Next.STOP, "nosuchcolumn"
    )
    _refused(bench, plan(query="SELECT * FROM nosuchtable"), Next.STOP, "nosuchtable")
    _refused(bench, plan(key=("idd",)), Next.STOP, "idd", "最接近的是 id", "amount")
    _refused(bench, plan(query="SELECT id, id, changed FROM exercise_rows"), Next.STOP, "同名", "id")
    assert "同名" in str(_raised(lambda: bench.source().lookup_table("SELECT id, id FROM exercise_rows")))
    _refused(bench, plan(query="SELECT id, changed FROM WHERE code = '王小明'"), Next.STOP)


def a_server_that_is_down_is_named(bench: Bench) -> None:
    """RETRY, with the place and without the password."""
    url = bench.world.closed_port_url
    if url is None:
        return
    source = bench.make_source(url, bench.clock, {"connect_timeout_s": 2.0})
    error = _raised(lambda: list(source.read(plan(), None, "head")))
    assert error.next is Next.RETRY
    assert "geheim" not in str(error)
    assert error.__cause__ is None, "a traceback would print the driver's own text"
    assert "127.0.0.1" in str(error)
    findings = source.probe(plan())
    assert not all(finding.ok for finding in findings)
    assert not any("geheim" in finding.text + finding.fix for finding in findings)


def a_probe_tells_what_hurts(bench: Bench) -> None:
    """Rows no cursor reaches, doubled keys and a missing index are found; with an index nothing is said of it."""
    bench.world.put([{"id": i // 2, "changed": at(i)} for i in range(20)])
    bench.world.put([{"id": 50}, {"id": None, "changed": at(3)}])
    found = {finding.subject: finding for finding in bench.source().probe(plan())}
    for subject in ("空主键", "空变更时间", "主键", "索引"):
        assert not found[subject].ok, subject
        assert found[subject].fix
    assert found["连接"].ok
    assert "只读" in found
    bench.world.run("DELETE FROM exercise_rows")
    bench.world.run("CREATE INDEX exercise_place ON exercise_rows (changed, id)")
    bench.world.put([{"id": i, "changed": at(i)} for i in range(500)])
    found = {finding.subject: finding for finding in bench.source().probe(plan())}
    assert found["主键"].ok
    assert found["索引"].ok, found["执行计划"].text


def _refused(bench: Bench, asked: ReadPlan, then: Next, *words: str) -> None:
    error = _raised(lambda: list(bench.source().read(asked, None, "head")))
    text = str(error)
    assert error.next is then, text
    assert all(word in text for word in words), text
    assert "王小明" not in text
    assert error.fix


def _raised(work: Callable[[], object]) -> SourceError:
    try:
        work()
    except SourceError as error:
        return error
    raise AssertionError("it was read")


EXERCISES: tuple[Callable[[Bench], None], ...] = (
    a_colon_is_text,
    a_probe_tells_what_hurts,
    a_row_from_the_future_blinds_nobody,
    a_server_that_is_down_is_named,
    a_slow_statement_is_ended,
    a_write_is_refused,
    carries_hostile_values,
    carries_odd_times,
    comments_and_percents_survive,
    doubled_keys_are_not_cut_apart,
    lookup_tables_take_parameters,
    goes_on_from_any_batch,
    keeps_types_between_pages,
    mistakes_are_named,
    pages_over_ties,
    reads_a_snapshot_whole,
    reads_late_rows_in_the_overlap,
    reads_nothing_from_an_empty_table,
    rows_deleted_between_pages,
    sweeps_the_window,
)
