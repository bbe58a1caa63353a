"""medferry.yaml `score:` and a mapping file's `read: count:`: what a project says of its own score."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from medferry.catalog.schedule import Schedule
from medferry.catalog.score_policy import Dimension
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Block, Node, Scalar
from medferry.config.queries import JudgeQuery, Query, read_query

KEYS = ("weights", "deadlines")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """What differs from the edition's score.yaml.

    weights    dimension -> points
    deadlines  group of tables -> from the source's commit to the platform's receipt
    """

    weights: Mapping[Dimension, float] = field(default_factory=dict)
    deadlines: Mapping[str, timedelta] = field(default_factory=dict)


def read_score(node: Node, schedules: Mapping[str, Schedule], reading: NodeReader) -> ScoreSettings:
    """The `score:` block."""
    entries = reading.block(node, "score ", KEYS)
    weights: dict[Dimension, float] = {}
    if "weights" in entries:
        names = tuple(one.value for one in Dimension)
        for name, one in reading.block(entries["weights"].value, "score 的 weights ", names).items():
            text = one.value.text if isinstance(one.value, Scalar) else ""
            if _NUMBER.fullmatch(text):
                weights[Dimension(name)] = float(text)
            else:
                reading.complaints.error(one.value.place, f"score 的权重 {name} 应为不小于 0 的数")
        if len(weights) == len(Dimension) and not sum(weights.values()):
            reading.complaints.error(entries["weights"].value.place, "score 的权重全是 0")
    deadlines: dict[str, timedelta] = {}
    if "deadlines" in entries:
        groups = tuple(schedules)
        for name, one in reading.block(entries["deadlines"].value, "score 的 deadlines ", groups).items():
            span = reading.duration(one.value, f"score 的时限 {name}")
            if span is not None:
                deadlines[name] = span
    return ScoreSettings(weights, deadlines)


def read_counts(
    folder: Path, node: Node, tables: tuple[str, ...], reading: NodeReader, judge: JudgeQuery
) -> Mapping[str, Query]:
    """`count: file` of a route with one table, or `count: {table: file}`: how many keys the source should have."""
    if isinstance(node, Block):
        entries = reading.block(node, "read 的 count ", tables)
        found = {name: read_query(folder, one.value, reading, judge) for name, one in entries.items()}
    elif len(tables) == 1:
        found = {tables[0]: read_query(folder, node, reading, judge)}
    else:
        reading.complaints.error(
            node.place, "这条路线供给几张表，count 要写明哪张表", expected="count: {表名: 查询文件}"
        )
        return {}
    return {name: query for name, query in found.items() if query is not None}
