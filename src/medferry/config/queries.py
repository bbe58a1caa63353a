"""queries/<system>/<name>.sql: one SELECT each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from medferry.config.complaint import Place
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Node
from medferry.mapping.model import nearest
from medferry.sources.one_select import not_one_select


@dataclass(frozen=True, slots=True)
class Query:
    """`text` without trailing semicolon; `file` relative to the project folder."""

    file: str
    text: str


def backend_of(url: str) -> str:
    """The database family of a URL: `mysql` of `mysql+pymysql://…`."""
    return url.partition("://")[0].partition("+")[0].lower()


def read_query(folder: Path, node: Node, reading: NodeReader, backend: str) -> Query | None:
    """The query that a file name points at; None after a complaint.

    backend  the database family whose SQL it is
    """
    file = reading.text(node, "查询文件 query")
    if file is None:
        return None
    path = folder / file
    if not path.is_file():
        others = [str(one.relative_to(folder)) for one in (folder / "queries").rglob("*.sql")]
        near = nearest(file, others) or ""
        reading.complaints.error(
            node.place, f"查询文件不存在：{file}", near=near, fix="改正路径，或新建该文件"
        )
        return None
    try:
        text = path.read_text(encoding="utf-8-sig").strip().rstrip(";").rstrip()
    except UnicodeDecodeError:
        reading.complaints.error(Place(file, 1, 1), "查询文件不是 UTF-8 编码", fix="请另存为 UTF-8")
        return None
    wrong = not_one_select(text, backend)
    if wrong is not None:
        reading.complaints.error(
            Place(file, 1, 1), wrong, fix="每个文件只写一条 SELECT（或 WITH … SELECT），只读不写"
        )
        return None
    return Query(file, text)
