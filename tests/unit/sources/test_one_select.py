"""A query is one SELECT that leaves nothing behind: what is let through, what is refused, in every dialect's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.sources.one_select import not_one_select

ROOT = Path(__file__).parents[3]

FINE = [
    ("mysql", "SELECT '--' AS a, \"/*! x */\" AS b FROM t; "),
    ("mysql", "SELECT 5--1 AS six FROM t # ; DROP TABLE t"),
    (
        "mysql",
        "SELECT GROUP_CONCAT(DISTINCT a ORDER BY b SEPARATOR ';') AS g, REPLACE(x, ';', '') AS r FROM t",
    ),
    ("mysql", "SELECT * FROM t a STRAIGHT_JOIN b USING (x) FORCE INDEX (y)"),
    ("postgresql", "SELECT d::date, j ->> 'a', j #>> '{x,y}', j @> k, E'\\'--', $$ ; $$ FROM t -- COMMIT;"),
    ("postgresql", "(SELECT 1 AS a) UNION ALL (SELECT 2)"),
    ("postgresql", "SELECT 1 AS a /* /* nested */ ; DROP TABLE t */ FROM t"),
    ("sqlite", 'WITH v AS (SELECT 1 AS a) SELECT a AS "commit" FROM v'),
    ("oracle", "SELECT * FROM a, b WHERE a.x = b.y(+) AND a.z = 'DELETE'"),
    ("oracle", "SELECT * FROM t START WITH a = 1 CONNECT BY PRIOR a = b"),
    ("dm", "SELECT TOP 3 * FROM t"),
    ("mssql", "SELECT TOP 5 * FROM t WITH (NOLOCK)"),
]
REFUSED = [
    ("mysql", "SELECT '--' AS a; COMMIT; CREATE TABLE x (a int)", "不止一条"),
    ("mysql", "SELECT 1 -- '\n; COMMIT -- '", "不止一条"),
    ("mysql", "SELECT 1 /*! INTO OUTFILE '/tmp/x' */ FROM t", "/*!"),
    ("mysql", "SELECT 1 /*M!100100 INTO @a */ FROM t", "/*!"),
    ("mysql", "SELECT a INTO OUTFILE '/tmp/x' FROM t", "INTO"),
    ("mysql", "SELECT * FROM t LOCK IN SHARE MODE", "加锁"),
    ("mysql", "SELECT @a := 1", "变量"),
    ("mysql", "SELECT LOAD_FILE('/etc/passwd')", "副作用"),
    ("mysql", "CALL p()", "不是一条 SELECT"),
    ("postgresql", "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "DELETE"),
    ("postgresql", "SELECT * INTO x FROM t", "INTO"),
    ("postgresql", "SELECT * FROM t FOR UPDATE", "加锁"),
    ("postgresql", "SELECT pg_catalog.set_config('default_transaction_read_only', 'off', false)", "副作用"),
    ("postgresql", "SELECT \"set_config\"('a', 'b', false)", "副作用"),
    ("postgresql", "SELECT 1) q; DROP TABLE t; SELECT * FROM (SELECT 2", "不止一条"),
    ("postgresql", "SELECT 1 AS a) x, (SELECT 2 AS b", "成对"),
    ("sqlite", "WITH x AS (SELECT 1 AS a) INSERT INTO t SELECT * FROM x", "不是"),
    ("sqlite", "SELECT 1 AS a /* /* not nested here */ ; DROP TABLE t -- */", "不止一条"),
    ("sqlite", "SELECT 'never closed", "成对"),
    ("sqlite", "-- only a comment", "空的"),
    ("oracle", "SELECT * FROM a WHERE x(+) = y; DELETE FROM a", "不止一条"),
    ("oracle", "SELECT dbms_lock.sleep(3) FROM dual", "副作用"),
    ("oracle", "SELECT * FROM a WHERE b = ANY SOME THE WORDS UPDATE a", "UPDATE"),
]


@pytest.mark.parametrize(("backend", "query"), FINE)
def test_what_only_reads_is_let_through(backend: str, query: str) -> None:
    assert not_one_select(query, backend) is None


@pytest.mark.parametrize(("backend", "query", "says"), REFUSED)
def test_what_could_leave_something_is_refused(backend: str, query: str, says: str) -> None:
    said = not_one_select(query, backend)
    assert said is not None
    assert says in said


def test_every_query_of_the_examples_is_let_through() -> None:
    queries = [one for folder in ("src", "examples") for one in (ROOT / folder).rglob("queries/*/*.sql")]
    assert len(queries) > 100
    refused = {
        str(one): why for one in queries if (why := not_one_select(one.read_text("utf-8-sig"), "sqlite"))
    }
    assert not refused
