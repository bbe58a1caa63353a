"""Goal: what a run counted can be written as JSON, whatever was counted. Method: counts added up, taken apart, written."""

from __future__ import annotations

from dataclasses import asdict

import orjson

from medferry.outbox.outbox import PutResult


def test_counts_with_rival_keys_are_written_as_json() -> None:
    added = PutResult(new=1, rivals={"his.drug": 1}) + PutResult(new=1, rivals={"his.drug": 1, "his.more": 2})
    assert orjson.loads(orjson.dumps(asdict(added)))["rivals"] == {"his.drug": 2, "his.more": 2}
