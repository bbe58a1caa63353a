"""The rules as a pandera schema on pandas: every check over a whole column, all findings gathered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import polars as pl

from benchmarks.checkers.numpy_rules import Columns, broken
from benchmarks.checkers.said import CLEAN, FieldSaid, Said, plain_regex
from benchmarks.checkers.verdicts import Checker, Places
from medferry.checks.rules import Rule

_CLEAN = plain_regex(CLEAN)


def checker(said: Said) -> Checker:
    schema = _Schema(said)
    return Checker("pandera", _frame, schema.judge, _places)


def _frame(frame: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(frame[name].to_list(), dtype="str") for name in frame.columns})


@dataclass
class _Batch:
    columns: Columns | None = None


class _Schema:
    """A rule is a check of the column that it names, so that a finding is one value and not a row of 238."""

    def __init__(self, said: Said) -> None:
        self._said, self._batch = said, _Batch()
        checks = {name: _checks(field) for name, field in said.fields.items()}
        for n, rule in enumerate(said.rules):
            checks[rule.spec.field].append(
                pa.Check(self._fine(rule), name=f"rule {n}", ignore_na=False, element_wise=False)
            )
        self.schema = pa.DataFrameSchema(
            {
                name: pa.Column("str", checks=checks[name], nullable=not field.required)
                for name, field in said.fields.items()
            }
        )

    def _fine(self, rule: Rule) -> Callable[[pd.Series], pd.Series]:
        def fine(column: pd.Series) -> pd.Series:
            assert self._batch.columns is not None
            return pd.Series(~broken(rule, self._batch.columns), index=column.index)

        return fine

    def judge(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        self._batch.columns = Columns(self._said, frame)
        try:
            self.schema.validate(frame, lazy=True, inplace=True)
        except pa.errors.SchemaErrors as error:
            found: pd.DataFrame = error.failure_cases
            return found
        return None


def _checks(said: FieldSaid) -> list[pa.Check]:
    if said.codes is not None:
        return [pa.Check.isin(said.codes)]
    if said.pattern is not None:
        return [pa.Check.str_matches(said.pattern)]
    checks = [pa.Check.str_matches(_CLEAN)]
    if said.chars_max is not None:
        checks.append(pa.Check.str_length(said.chars_min, said.chars_max))
    if said.words:
        checks.append(pa.Check.notin(said.words))
    return checks


def _places(found: pd.DataFrame | None) -> Places:
    if found is None:
        return frozenset()
    rows: Any = found["index"].to_numpy(dtype=np.int64)
    return frozenset(zip(rows.tolist(), found["column"].tolist(), strict=True))
