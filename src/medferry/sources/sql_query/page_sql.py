"""The SQL of one page, for every dialect, from SQLAlchemy Core: values are always bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    TextClause,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import NullType

from medferry.sources.source import ReadPlan
from medferry.sources.sql_query.position import Start

PROOF = "medferry_rows"
"""Column in which the database itself counts the page's rows, in the same statement."""

PageForm = Literal["limit", "rownum", "top", "fetch"]
Which = Literal["placed", "no_changed_at", "no_key"]
Bind = Callable[[str, object], object]
_PARAMETER = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|(?<![:\w]):(?P<name>\w+)(?!:)", re.DOTALL
)  # whatever stands before the name's alternative is skipped whole: a colon in it is text


@dataclass(frozen=True, slots=True)
class PageAsk:
    """One page: which rows, from where, how many.

    which  placed: rows with a changed_at and a whole key, in the order of reading; no_changed_at: rows no cursor can
           reach, in key order; no_key: rows without a whole key, as they come
    """

    start: Start
    rows: int
    which: Which = "placed"


class Verbatim(TextClause):
    """A query's text as it was written, with our parameters in their places.

    SQLAlchemy's own text() makes a parameter of every `:word`, also of `':无'` and of `-- 状态:已启用`.
    """

    inherit_cache = False

    def __init__(self, pieces: Sequence[str | BindParameter[Any]]) -> None:
        super().__init__("")
        self.pieces = tuple(pieces)


@compiles(Verbatim)
def _verbatim(clause: Verbatim, compiler: SQLCompiler, **_: object) -> str:
    as_text: Callable[[str], str] = compiler.post_process_text
    return "".join(
        as_text(piece) if isinstance(piece, str) else str(compiler.process(piece)) for piece in clause.pieces
    )


def wrapped(query: str, names: Sequence[str], parameters: Mapping[str, object] | None = None) -> Subquery:
    """The user's SELECT as a derived table: a write has no place there, whatever the account may do.

    A colon in the query is text ('HH24:MI', ':无', x::date), unless it names one of `parameters` outside literals and
    comments. The line break ends a comment.
    """
    known = parameters or {}
    body = query.strip().rstrip(";")
    pieces: list[str | BindParameter[Any]] = []
    at = 0
    for found in _PARAMETER.finditer(body) if known else ():
        name = found["name"]
        if name in known:
            pieces += [body[at : found.start()], bindparam(name, known[name], type_=NullType())]
            at = found.end()
    clause = Verbatim([*pieces, f"{body[at:]}\n"])
    return clause.columns(*(column(quoted_name(name, True)) for name in names)).subquery("q")


def with_nulls(query: str, parameters: Mapping[str, object] | None) -> str:
    """The query with NULL for each parameter: only its columns matter."""
    known = parameters or {}
    return _PARAMETER.sub(lambda m: "NULL" if m["name"] in known else m[0], query)


def described(query: str, parameters: Mapping[str, object] | None = None) -> Select[tuple[object]]:
    """No row of the query: only its columns are asked for."""
    known = wrapped(query, ("medferry_unused",), parameters)
    return select(literal_column("*")).select_from(known).where(literal_column("1") == literal_column("0"))


def page(
    form: PageForm, query: str, names: Sequence[str], plan: ReadPlan, ask: PageAsk, bind: Bind
) -> Select[tuple[object, ...]]:
    """A page in the order (changed_at, key). `bind` brings a cursor's value to what the driver compares with."""
    q = wrapped(query, names)
    keys = [q.c[name] for name in plan.key]
    order = keys if plan.changed_at is None else [q.c[plan.changed_at], *keys]
    whole_key = and_(*(key.is_not(None) for key in keys))
    if ask.which == "no_key":
        return limited(form, select(q).where(or_(*(key.is_(None) for key in keys))), ask.rows)
    if ask.which == "no_changed_at":
        assert plan.changed_at is not None
        found = select(q).where(q.c[plan.changed_at].is_(None), whole_key)
        if ask.start.after is not None:
            found = found.where(_behind(keys, plan.key, ask.start.after.key, bind))
        return limited(form, found.order_by(*keys), ask.rows)
    found = select(q).where(whole_key)
    if plan.changed_at is not None:
        found = found.where(
            q.c[plan.changed_at].is_not(None), *_from(q, plan.changed_at, keys, plan, ask.start, bind)
        )
    elif ask.start.after is not None:
        found = found.where(_behind(keys, plan.key, ask.start.after.key, bind))
    return limited(form, found.order_by(*order), ask.rows)


def _from(
    q: Subquery,
    changed_at: str,
    keys: Sequence[ColumnElement[object]],
    plan: ReadPlan,
    start: Start,
    bind: Bind,
) -> list[ColumnElement[bool]]:
    at = q.c[changed_at]
    if start.after is not None:
        place = (start.after.changed_at, *start.after.key)
        # The first condition says nothing new, but lets every planner enter an index at the right place.
        return [
            at >= _bound(changed_at, place[0], bind),
            _behind([at, *keys], (changed_at, *plan.key), place, bind),
        ]
    if start.from_changed_at is not None:
        return [at >= _bound(changed_at, start.from_changed_at, bind)]
    return []


def _behind(
    columns: Sequence[ColumnElement[object]], names: Sequence[str], place: Sequence[object], bind: Bind
) -> ColumnElement[bool]:
    """(a, b, c) > (x, y, z), spelled out: half of the databases do not know row values."""
    first, value = columns[0], _bound(names[0], place[0], bind)
    if len(columns) == 1:
        return first > value
    again = _bound(names[0], place[0], bind)
    return or_(first > value, and_(first == again, _behind(columns[1:], names[1:], place[1:], bind)))


def _bound(name: str, value: object, bind: Bind) -> ColumnElement[object]:
    # Without a type: the database gives the value the column's own.
    return bindparam(None, bind(name, value), type_=NullType(), unique=True)


def limited(form: PageForm, found: Select[tuple[object, ...]], rows: int) -> Select[tuple[object, ...]]:
    """At most `rows` rows. `limit` leaves it to SQLAlchemy's dialect; Oracle by ROWNUM, for 11g knows no FETCH FIRST."""
    if form == "rownum":
        ordered = found.subquery("p")
        return select(ordered).where(literal_column("ROWNUM") <= literal_column(str(rows)))
    if form == "top":
        return found.prefix_with(text(f"TOP {rows}"))
    if form == "fetch":
        return found.fetch(literal_column(str(rows)))
    return found.limit(rows)


def proved(
    found: Select[tuple[object, ...]],
    order: Sequence[str],
    cast: Callable[[ColumnElement[object]], ColumnElement[object]],
) -> Select[tuple[object, ...]]:
    """The page with its own count beside every row; `cast` brings a column to what the reader can take."""
    p = found.subquery("p")
    shown: list[ColumnElement[Any]] = [cast(c).label(quoted_name(c.name, True)) for c in p.c]
    shown.append(func.count().over().label(PROOF))
    found_and_counted: Select[tuple[object, ...]] = select(*shown)
    return found_and_counted.order_by(*(p.c[name] for name in order))


def whole(
    form: PageForm, query: str, names: Sequence[str], rows: int, parameters: Mapping[str, object] | None
) -> Select[tuple[object, ...]]:
    """A look-up table: everything, `rows` at most."""
    return limited(form, select(wrapped(query, names, parameters)), rows)
