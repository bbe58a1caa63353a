"""A source row comes back from its image with the types it had."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from medferry.errors import OutboxError
from medferry.way_in.source_image import rows_of_images, source_images

MOMENT = datetime.fromisoformat("2026-01-15T08:10:00.123456")


def test_every_type_of_a_source_comes_back() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    rows = pl.DataFrame(
        {
            "text": [' "全角\\ｘ"\n ', None, ""],
            "bytes": ["张三".encode("gb18030"), b"\x00\xff", None],
            "whole": [1, None, -(2**62)],
            "fraction": [0.1, 1.0, 1e300],
            "yes": [True, False, None],
            "money": [Decimal("12.50"), None, Decimal("-3.00")],
            "day": [date(2026, 1, 15), None, date(1, 1, 1)],
            "clock": [time(8, 10, 0, 5), None, time(23, 59, 59)],
            "moment": [MOMENT, None, datetime.fromisoformat("1970-01-01")],
            "aware": [MOMENT.replace(tzinfo=shanghai), None, datetime(2026, 7, 1, tzinfo=shanghai)],
            "took": [timedelta(hours=8, microseconds=1), None, timedelta(days=-1)],
            "nothing": [None, None, None],
        },
        schema_overrides={
            "money": pl.Decimal(12, 2),
            "moment": pl.Datetime("ms") if MOMENT.microsecond == 0 else pl.Datetime("us"),
            "aware": pl.Datetime("us", "Asia/Shanghai"),
        },
    )
    ((positions, back),) = rows_of_images(source_images(rows))
    assert positions == [0, 1, 2]
    assert_frame_equal(back, rows)


@pytest.mark.parametrize("kind", [pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("ns")])
def test_moments_keep_their_unit(kind: pl.Datetime) -> None:
    rows = pl.DataFrame({"at": [datetime.fromisoformat("2026-01-15T08:00:00")]}, schema={"at": kind})
    ((_, back),) = rows_of_images(source_images(rows))
    assert_frame_equal(back, rows)


def test_images_of_different_queries_come_back_apart() -> None:
    images = [
        *source_images(pl.DataFrame({"a": [1]})),
        *source_images(pl.DataFrame({"a": ["x"]})),
        *source_images(pl.DataFrame({"a": [2]})),
    ]
    found = rows_of_images(images)
    assert [positions for positions, _ in found] == [[0, 2], [1]]
    assert found[0][1]["a"].to_list() == [1, 2]


def test_an_image_without_types_is_text_and_lacks_no_needed_column() -> None:
    ((_, back),) = rows_of_images(['{"ID":"7","XM":"甲"}'], ("id", "GXSJ"))
    assert back.to_dicts() == [{"ID": "7", "XM": "甲", "GXSJ": None}]


@pytest.mark.parametrize("text", ["", "[1]", "not JSON"])
def test_what_is_no_image_is_an_error_with_advice(text: str) -> None:
    with pytest.raises(OutboxError, match="清扫"):
        rows_of_images([text])
