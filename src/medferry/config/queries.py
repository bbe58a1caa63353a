"""queries/<system>/<name>.sql: one SELECT each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from medferry.config.complaint import Place
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Node
from medferry.mapping.model import nearest

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERALS = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Query:
    """`text` without trailing semicolon; `file` relative to the project folder."""

    file: str
    text: str


def read_query(folder: Path, node: Node, reading: NodeReader) -> Query | None:
    """The query that a file name points at; None after a complaint."""
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
    bare = _LITERALS.sub("''", _COMMENTS.sub(" ", text)).strip()
    if not re.match(r"(?i)(select|with)\b", bare):
        reading.complaints.error(
            Place(file, 1, 1), "查询文件不是一条 SELECT", fix="只写一条 SELECT（或 WITH … SELECT）"
        )
        return None
    if ";" in bare:
        reading.complaints.error(Place(file, 1, 1), "查询文件里不止一条语句", fix="每个文件只写一条 SELECT")
        return None
    return Query(file, text)
