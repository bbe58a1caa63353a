"""queries/<system>/<name>.sql: one SELECT each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from medferry.config.complaint import Place
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Node
from medferry.config.text_file import is_there, read_text_file
from medferry.mapping.model import nearest


@dataclass(frozen=True, slots=True)
class Query:
    """`text` without trailing semicolon; `file` relative to the project folder. Both empty where a source takes none."""

    file: str
    text: str


JudgeQuery = Callable[[str], tuple[str, str] | None]
"""What is wrong with a query and how to go on, in Chinese, as the source that it is for sees it."""


def unjudged(_: str) -> None:
    """Of a source that is itself complained of."""


def read_query(folder: Path, node: Node, reading: NodeReader, judge: JudgeQuery) -> Query | None:
    """The query that a file name points at; None after a complaint."""
    file = reading.text(node, "查询文件 query")
    if file is None:
        return None
    path = folder / file
    if not is_there(path):
        others = [str(one.relative_to(folder)) for one in (folder / "queries").rglob("*.sql")]
        near = nearest(file, others) or ""
        reading.complaints.error(
            node.place, f"查询文件不存在：{file}", near=near, fix="改正路径，或新建该文件"
        )
        return None
    whole = read_text_file(path, file, reading.complaints, encoding_fix="查询文件请另存为 UTF-8")
    if whole is None:
        return None
    text = whole.strip().rstrip(";").rstrip()
    wrong = judge(text)
    if wrong is not None:
        said, fix = wrong
        reading.complaints.error(Place(file, 1, 1), said, fix=fix)
        return None
    return Query(file, text)
