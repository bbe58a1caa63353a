"""What the last review found costs points like what was found on the way in."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from medferry.outbox.reader import NEWEST_FINDINGS_SCHEMA, NewestRows
from medferry.records import State


def with_review(newest: NewestRows, found: pl.DataFrame) -> NewestRows:
    """The rows with the review's findings beside their own.

    found  REVIEW_SCHEMA, of the rows' table. A record whose newest version is not accepted is left as it is: the review saw
           the version before
    """
    if not found.height:
        return newest
    rows = newest.rows.with_row_index("row").filter(pl.col("state") == State.ACCEPTED.value)
    told = found.join(rows.select("row", "org_code", "key"), on=["org_code", "key"], maintain_order="right")
    return replace(newest, findings=pl.concat([newest.findings, told.select(list(NEWEST_FINDINGS_SCHEMA))]))
