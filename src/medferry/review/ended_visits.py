"""Visits that have ended, reviewed every few minutes: only their rows, by the rules that stay within a visit.

A visit is looked at whenever any of its rows was settled since the last look: what is missing when it ends and comes a
little later is found missing, and found no more when it has come. Rules that compare with other visits wait for the night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import polars as pl

from medferry.catalog.model import KeyKind, Table
from medferry.checks.holding import ORG_CODE
from medferry.config.model import Project
from medferry.errors import MedferryError
from medferry.outbox.outbox import ReviewLedger
from medferry.outbox.reader import ReviewReader
from medferry.outbox.reviews import JUDGED_SCHEMA, REVIEW_SCHEMA, RULES_SCHEMA, AcceptedRows, RecordKey
from medferry.records import State
from medferry.review.end_state import EndState
from medferry.review.judgement import Limits, TableReview
from medferry.review.reads import Plan, Reach, RuleReads, TableReads, plan_of
from medferry.review.review_pass import ReviewFailed, folder_of

VISIT, VISIT_ID = "visit", "visit_id"
VISITS_MAX = 1_000  # looked at in one turn; a back-fill ends more, and is left to the night
VISITS_AT_ONCE = (
    300  # their rows, some tens of thousands, are in memory together; each turn costs about a second besides
)

_ENDS = ("discharge_time", "visit_end_time")
_STATUS, _ENDED = "visit_status_code", "2"


@dataclass(frozen=True, slots=True)
class VisitsLooked:
    """What one look did; `left` visits were too many."""

    visits: int = 0
    rows: int = 0
    findings: int = 0
    left: int = 0


class EndedVisits:
    """Of one project. What it reads of the catalog is worked out at the first look."""

    def __init__(
        self,
        project: Project,
        outbox: ReviewLedger,
        reader: ReviewReader,
        *,
        visits_max: int = VISITS_MAX,
        at_once: int = VISITS_AT_ONCE,
    ) -> None:
        self._project = project
        self._outbox = outbox
        self._reader = reader
        self._visits_max = visits_max
        self._at_once = at_once

    def look(
        self, since: datetime, until: datetime, stopped: Callable[[], bool] = lambda: False
    ) -> VisitsLooked | None:
        """Visits of which a row was settled in that time and that have ended. None: it was stopped before all were seen.

        raises  ReviewFailed, OutboxError
        """
        try:
            ended = self._ended(self._reader.visits_of_settled(since, until))
            done = VisitsLooked(left=max(0, len(ended) - self._visits_max))
            looked_at = self._looked_at() if ended else frozenset()
            ended = ended[: self._visits_max]
            for start in range(0, len(ended), self._at_once):
                if stopped():
                    return None
                some = ended[start : start + self._at_once]
                rows, findings = self._review(some, looked_at)
                done = replace(
                    done,
                    visits=done.visits + len(some),
                    rows=done.rows + rows,
                    findings=done.findings + findings,
                )
        except MedferryError:
            raise
        except (OSError, pl.exceptions.PolarsError) as error:
            raise ReviewFailed(
                "复核已结束的就诊", fix="看账本所在磁盘是否有空间、可写", 原因=type(error).__name__
            ) from error
        return done

    @cached_property
    def _plan(self) -> Plan:
        return within_visits(self._project)

    def _ended(self, visits: Sequence[RecordKey]) -> list[RecordKey]:
        columns = [ORG_CODE, VISIT_ID, *_ENDS, _STATUS]
        found: list[RecordKey] = []
        for rows in self._reader.accepted_among(VISIT, visits, columns):
            over = pl.any_horizontal(pl.col(_ENDS).is_not_null(), pl.col(_STATUS).eq_missing(_ENDED))
            found += [RecordKey(*pair) for pair in rows.frame.filter(over).select(columns[:2]).iter_rows()]
        return found

    def _looked_at(self) -> frozenset[str]:
        """As in a whole review: tables that have rows, and those that a route brings."""
        fed = {table for route in self._project.routes for table in route.tables}
        here = {one.table for one in self._reader.counts() if one.state is State.ACCEPTED}
        return frozenset(here | fed)

    def _review(self, visits: Sequence[RecordKey], looked_at: frozenset[str]) -> tuple[int, int]:
        """How many rows were judged, and how many findings they have."""
        plan = self._plan
        rows = self._reader.accepted_of_visits(visits, plan.columns)
        judged = self._judged(rows)
        with EndState(folder_of(self._project.outbox.path), plan.columns) as end:
            for _ in end.write([*rows, *self._reached(rows)]):
                pass
            found = [
                one
                for name, edition, _ in end.editions()
                if (reads := plan.tables.get((name, edition))) is not None
                for one in TableReview(reads, end, plan.keys, looked_at, Limits()).findings()
                if one.height
            ]
        findings = pl.concat([pl.DataFrame(schema=dict(REVIEW_SCHEMA)), *found])
        # Rows that were only reached belong to other visits, or to none: they are not judged here.
        findings = findings.join(judged, on=list(JUDGED_SCHEMA), how="semi")
        self._outbox.renew_review(judged, _rules(plan), findings)
        return judged.height, findings.unique().height

    def _judged(self, rows: Sequence[AcceptedRows]) -> pl.DataFrame:
        keys, tables = self._plan.keys, self._plan.tables
        frames = [
            one.frame.select(
                pl.lit(one.table).alias("table"), pl.col(ORG_CODE), pl.col(keys[one.table]).alias("key")
            )
            for one in rows
            if (one.table, one.edition) in tables
        ]
        return pl.concat([pl.DataFrame(schema=dict(JUDGED_SCHEMA)), *frames])

    def _reached(self, rows: Sequence[AcceptedRows]) -> Iterator[AcceptedRows]:
        """Records that the visits' rows name by their key and that are not among them: patients, directories."""
        plan = self._plan
        named: dict[str, list[pl.DataFrame]] = {}
        for one in rows:
            reads = plan.tables.get((one.table, one.edition))
            for reach in {reach for rule in reads.rules for reach in rule.reached} if reads else ():
                if _is_key(reach, plan.keys):
                    own = [pl.col(name).alias(f"own {n}") for n, name in enumerate(reach.own)]
                    named.setdefault(reach.table, []).append(one.frame.select(own).drop_nulls().unique())
        for table, frames in named.items():
            have = [
                one.frame.select(pl.col(ORG_CODE).alias("own 0"), pl.col(plan.keys[table]).alias("own 1"))
                for one in rows
                if one.table == table
            ]
            wanted = pl.concat(frames).unique()
            if have:
                wanted = wanted.join(pl.concat(have), on=wanted.columns, how="anti")
            keys = [RecordKey(*pair) for pair in wanted.iter_rows()]
            yield from self._reader.accepted_among(table, keys, plan.columns[table])


def within_visits(project: Project) -> Plan:
    """Of the whole review's plan the tables whose rows name a visit, with the rules that read only a visit's rows and the
    records that these name."""
    whole = plan_of(project.catalog)
    of_table = {name: reads.table for (name, _), reads in whole.tables.items()}
    mine = {place: reads for place, reads in whole.tables.items() if VISIT_ID in reads.table.by_name}
    # Entries of one rule that cannot be told apart in the ledger are judged together or not at all.
    apart = {
        _place(name, rule)
        for (name, _), reads in mine.items()
        for rule in reads.rules
        if not _stays(rule, reads.table, of_table, whole.keys)
    }
    tables = {
        (name, edition): TableReads(
            reads.table, tuple(one for one in reads.rules if _place(name, one) not in apart)
        )
        for (name, edition), reads in mine.items()
    }
    columns: dict[str, set[str]] = {}
    for (name, _), reads in tables.items():
        columns.setdefault(name, set()).update((ORG_CODE, whole.keys[name], VISIT_ID))
        for other, read in reads.columns.items():
            columns.setdefault(other, {ORG_CODE, whole.keys[other]}).update(read)
    return Plan(tables, {name: sorted(read) for name, read in columns.items()}, whole.keys)


def _place(table: str, rule: RuleReads) -> tuple[str, str, str, str]:
    """What findings of a rule have in common: RULES_SCHEMA."""
    return table, rule.rule.mark.check, rule.rule.spec.field, rule.rule.mark.rule_id or ""


def _stays(rule: RuleReads, table: Table, tables: Mapping[str, Table], keys: Mapping[str, str]) -> bool:
    """Everything the rule reads beside the row is of its visit, or named by its key."""
    reached = all(
        _is_key(one, keys) or (one.table in tables and _binds(tables[one.table], one.theirs, tables))
        for one in rule.reached
    )
    return reached and (not rule.grouped_by or _binds(table, rule.grouped_by, tables))


def _is_key(reach: Reach, keys: Mapping[str, str]) -> bool:
    return reach.theirs == (ORG_CODE, keys[reach.table])


def _binds(table: Table, columns: Sequence[str], tables: Mapping[str, Table]) -> bool:
    """Rows of the table that have these columns equal are of one visit: they name it, or a record that names it."""
    if VISIT_ID not in table.by_name:
        return False
    for name in columns:
        key = table.by_name[name].key
        parent = key.table if key and key.kind is KeyKind.PARENT else None
        if name == VISIT_ID or (
            parent and parent != table.name and parent in tables and VISIT_ID in tables[parent].by_name
        ):
            return True
    return False


def _rules(plan: Plan) -> pl.DataFrame:
    rows = {_place(name, rule) for (name, _), reads in plan.tables.items() for rule in reads.rules}
    return pl.DataFrame(sorted(rows), schema=dict(RULES_SCHEMA), orient="row")
