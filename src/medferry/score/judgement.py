"""What each row brings to the score: counts per row, and one loss per thing that is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from medferry.catalog.model import Field, FormatKind, Table
from medferry.catalog.score_policy import Dimension, ScorePolicy
from medferry.checks.moments import readings_of, with_readings
from medferry.checks.placeholder import words_refused
from medferry.outbox.reader import NewestRows
from medferry.records import Severity, State

COUNTED = (Severity.ERROR.value, Severity.WARNING.value)
"""Findings that cost points; what nobody could judge and what is waived costs nothing."""

MISSING, PLACEHOLDER, NO_PARENT = "3001", "3007", "4001"

LOSS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "dimension": pl.String,
    "code": pl.String,
    "check": pl.String,
    "field": pl.String,  # "" for none
    "rule_id": pl.String,  # "" for none
    "sole": pl.Boolean,  # nothing else is wrong with the value (consistency: with the row)
    "frees": pl.Boolean,  # the row is held or refused for nothing else
}
FIX = ("dimension", "code", "check", "field", "rule_id")
"""What is mended together."""

_OWNERS = ("visit_id", "patient_id")
_STAYS = (State.HELD.value, State.REFUSED.value)
_WORDY = (FormatKind.ALNUM, FormatKind.ALPHA, FormatKind.TEXT)


@dataclass(frozen=True, slots=True)
class Judged:
    """rows: one per record: campus, department, day (yyyymmdd), key, of (the visit or else the patient it belongs to,
    "" where it is one itself or belongs to none), accepted, held, late, and the counts required, filled, values,
    conforming, consistent, due, on_time (0 to 1). losses: LOSS_SCHEMA, `row` counts in rows.
    said: the standard rows, all fields, String, placeholders taken out.
    """

    rows: pl.DataFrame
    losses: pl.DataFrame
    said: pl.DataFrame


@dataclass(frozen=True)
class Judge:
    """Judges rows of one table.

    waived  fields whose requiredness the project lifted: neither asked for nor missed
    when    conditionally required field -> where it is required
    """

    table: Table
    policy: ScorePolicy
    waived: frozenset[str]
    when: Mapping[str, pl.Expr]
    now: datetime

    @cached_property
    def _asked(self) -> Mapping[str, pl.Expr]:
        """Field -> where it must be filled."""
        found: dict[str, pl.Expr] = {}
        for field in self.table.fields:
            if field.name in self.waived:
                continue
            if field.required == "R":
                found[field.name] = pl.lit(True)
            elif field.required == "C" and field.name in self.when:
                found[field.name] = self.when[field.name].fill_null(False)
        return found

    @cached_property
    def _said(self) -> list[pl.Expr]:
        """Every field, null where it holds a placeholder."""
        return [
            pl.when(~pl.col(field.name).is_in(nothing(field, self.policy)))
            .then(pl.col(field.name))
            .alias(field.name)
            for field in self.table.fields
        ]

    def judge(self, newest: NewestRows) -> Judged:
        fields = decoded(newest.rows["body"], self.table)
        said = fields.select(self._said)
        findings = newest.findings.filter(pl.col("severity").is_in(list(COUNTED)))
        held = newest.rows["state"].is_in(list(_STAYS))
        required, missing = self._required(fields, said)
        losses = pl.concat([missing, self._from_findings(findings, newest.rows, missing)])
        losses = _marked(losses, findings, held)
        counts = self._counted(losses, fields.height)
        extra = counts["completeness_extra"]
        values = fields.select(pl.sum_horizontal(pl.all().is_not_null())).to_series().cast(pl.Int64)
        rows = newest.rows.select("campus", "org_code", "key", "source_time", "accepted").with_columns(
            self._department(fields),
            self._of(fields),
            self._day(fields, newest.rows["source_time"]),
            held.alias("held"),
            (required + extra).alias("required"),
            (required + extra - counts["completeness"]).alias("filled"),
            values.alias("values"),
            (values - counts["conformity"]).clip(lower_bound=0).alias("conforming"),
            (counts["consistency"] == 0).cast(pl.Int64).alias("consistent"),
            *self._timeliness(newest.rows),
        )
        return Judged(rows, losses, said)

    def _required(self, fields: pl.DataFrame, said: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
        """How many fields each row must fill, and which it does not."""
        fields = with_readings(fields, readings_of(self.when.values()))
        counts = [one.cast(pl.Int64) for one in self._asked.values()]
        required = fields.select(
            pl.repeat(0, pl.len(), dtype=pl.Int64) + pl.sum_horizontal(0, *counts)
        ).to_series()
        empty = {name: said[name].is_null() for name in self._asked}
        where = fields.with_columns(self._asked[name].alias(name) for name in self._asked)
        lost = {name: where[name] & mask for name, mask in empty.items()}
        found = [pl.DataFrame(schema=_BARE)]
        for name, mask in lost.items():
            if not mask.any():
                continue
            wrong = fields.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), pl.col(name)).filter(
                mask
            )
            found.append(
                wrong.select(
                    "row",
                    dimension=pl.lit(Dimension.COMPLETENESS.value),
                    code=pl.when(pl.col(name).is_null()).then(pl.lit(MISSING)).otherwise(pl.lit(PLACEHOLDER)),
                    check=pl.lit("required"), field=pl.lit(name), rule_id=pl.lit(""),
                ).select(list(_BARE))
            )  # fmt: skip
        return required, pl.concat(found)

    def _from_findings(
        self, findings: pl.DataFrame, rows: pl.DataFrame, missing: pl.DataFrame
    ) -> pl.DataFrame:
        """Losses that findings tell; what is missing is told already."""
        dimensions = {code: one.value for code, one in self.policy.codes.items()}
        told = findings.with_columns(
            dimension=pl.col("code").replace_strict(
                dimensions, default=Dimension.CONSISTENCY.value, return_dtype=pl.String
            )
        )
        emptiness = pl.col("dimension") == Dimension.COMPLETENESS.value
        told = told.with_columns(
            check=pl.when(emptiness).then(pl.lit("required")).otherwise(pl.col("check")),
            rule_id=pl.when(emptiness).then(pl.lit("")).otherwise(pl.col("rule_id")),
        ).filter(~(emptiness & pl.col("field").is_in(list(self.waived))))
        twice = told.filter(emptiness).join(missing, on=["row", "field"], how="semi")
        told = told.join(twice, on=["row", "dimension", "field"], how="anti")
        waiting = rows.with_row_index("row").filter(pl.col("state") == State.WAITING_PARENT.value)
        orphans = waiting.select(
            "row",
            dimension=pl.lit(Dimension.CONSISTENCY.value), code=pl.lit(NO_PARENT), check=pl.lit("parent"),
            field=pl.lit(""), rule_id=pl.lit(""),
        )  # fmt: skip
        return pl.concat([told.select(list(_BARE)), orphans.select(list(_BARE))]).unique(maintain_order=True)

    def _counted(self, losses: pl.DataFrame, height: int) -> Mapping[str, pl.Series]:
        """Per row: values lost in each dimension (a value twice wrong is one), and missing ones nobody had asked for."""
        asked = [one.name for one in self.table.fields if one.required == "R" or one.name in self.when]
        index = pl.DataFrame({"row": pl.Series(range(height), dtype=pl.UInt32)})
        found: dict[str, pl.Series] = {}
        for name in ("completeness", "conformity", "consistency"):
            lost = losses.filter(pl.col("dimension") == name)
            found[name] = _per_row(index, lost)
            if name == "completeness":
                found["completeness_extra"] = _per_row(index, lost.filter(~pl.col("field").is_in(asked)))
        return found

    def _department(self, fields: pl.DataFrame) -> pl.Series:
        field = self.policy.department_field(self.table)
        if field is None:
            return pl.Series("department", [""] * fields.height, dtype=pl.String)
        return fields[field.name].fill_null("").alias("department")

    def _of(self, fields: pl.DataFrame) -> pl.Series:
        name = owner_field(self.table)
        if name is None:
            return pl.Series("of", [""] * fields.height, dtype=pl.String)
        return fields[name].fill_null("").alias("of")

    def _day(self, fields: pl.DataFrame, source_time: pl.Series) -> pl.Series:
        """yyyymmdd; "" where neither the row nor its version has a date."""
        own = fields[self.policy.day_field] if self.policy.day_field in fields.columns else source_time
        day = pl.DataFrame({"own": own, "version": source_time}).select(
            pl.when(pl.col("own").str.contains("^[0-9]{8}"))
            .then(pl.col("own"))
            .otherwise(pl.col("version"))
            .str.head(8)
        )
        return day.to_series().fill_null("").alias("day")

    def _timeliness(self, rows: pl.DataFrame) -> list[pl.Series]:
        """due: 1 where the row can be judged for time; on_time: its credit; late: it is past its deadline."""
        deadline_s = self.policy.deadlines[self.table.group].total_seconds()
        at = pl.col("source_time").str.to_datetime("%Y%m%dT%H%M%S", strict=False)
        wall = at.dt.replace_time_zone("Asia/Shanghai", ambiguous="earliest", non_existent="null")
        done = pl.when(pl.col("state") == State.ACCEPTED.value).then(pl.col("state_at"))
        over_s = (done.fill_null(pl.lit(self.now)) - wall).dt.total_milliseconds() / 1000 - deadline_s
        credit = (1 - over_s / (deadline_s * self.policy.decay_deadlines)).clip(0, 1)
        judged = (
            wall.is_not_null()
            & (pl.col("state") != State.SUPERSEDED.value)
            & (done.is_not_null() | (over_s > 0))
        )
        if not self.policy.backfill:
            judged = judged & (wall >= pl.col("began_at").dt.truncate("1s"))  # source times have no less
        frame = rows.select(
            due=judged.fill_null(False).cast(pl.Int64),
            on_time=pl.when(judged.fill_null(False)).then(credit).otherwise(0.0),
            late=(judged & (over_s > 0)).fill_null(False),
        )
        return frame.get_columns()


_BARE: Mapping[str, type[pl.DataType]] = {name: LOSS_SCHEMA[name] for name in ("row", *FIX)}


def owner_field(table: Table) -> str | None:
    """The field that names the visit, else the patient, a record belongs to; None of visits, patients, directories."""
    if table.key_field in _OWNERS:
        return None
    return next((name for name in _OWNERS if name in table.by_name), None)


def decoded(bodies: pl.Series, table: Table) -> pl.DataFrame:
    """Canonical rows as columns, all fields of the table, String; absent is null."""
    shape = pl.Struct(dict.fromkeys(table.field_names, pl.String))
    return bodies.str.json_decode(shape).struct.unnest()


def nothing(field: Field, policy: ScorePolicy) -> list[str]:
    """Texts that say nothing in this field."""
    wordy = field.format.kind in _WORDY and not field.value_set
    return [*policy.empty_values, *(words_refused(field) if wordy else ())]


def _per_row(index: pl.DataFrame, losses: pl.DataFrame) -> pl.Series:
    counts = losses.unique(["row", "field"]).group_by("row").len("lost")
    joined = index.join(counts, on="row", how="left", maintain_order="left")
    return joined["lost"].fill_null(0).cast(pl.Int64)


def _marked(losses: pl.DataFrame, findings: pl.DataFrame, held: pl.Series) -> pl.DataFrame:
    """Adds `sole` and `frees`: what mending this one thing alone brings."""
    unit = (
        pl.when(pl.col("dimension") == Dimension.CONSISTENCY.value)
        .then(pl.lit(""))
        .otherwise(pl.col("field"))
    )
    losses = losses.with_columns(unit=unit)
    losses = losses.with_columns(sole=pl.len().over("row", "dimension", "unit") == 1)
    errors = (
        findings.filter(pl.col("severity") == Severity.ERROR.value).select("row", "field", "code").unique()
    )
    single = errors.group_by("row").agg(
        pl.len().alias("reasons"), pl.col("field").first(), pl.col("code").first()
    )
    standing = pl.DataFrame({"row": pl.Series(range(held.len()), dtype=pl.UInt32), "held": held})
    single = single.join(standing, on="row").filter(pl.col("held") & (pl.col("reasons") == 1))
    freed = single.select("row", "field", "code", frees=pl.lit(True))
    return (
        losses.join(freed, on=["row", "field", "code"], how="left", maintain_order="left")
        .with_columns(frees=pl.col("frees").fill_null(False) & (pl.len().over("row", "field", "code") == 1))
        .select(list(LOSS_SCHEMA))
    )
