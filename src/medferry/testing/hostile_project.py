"""What may lie in a project folder where a text file should be: each is a complaint with its place, and nothing more.

`HOSTILE_FILES` put one thing under a name; `SPOILT_YAML` and `SPOILT_CSV` are texts that a parser of their kind chokes on.
Whoever reads a project's files is held against them: no traceback, no endless wait, no memory without bound.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _gone(path: Path) -> None:
    path.symlink_to("nowhere")


def _bytes(data: bytes) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        path.write_bytes(data)

    return put


def _gigabytes(path: Path) -> None:
    """Without taking the room."""
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


HOSTILE_FILES: Mapping[str, Callable[[Path], None]] = {
    "a folder": _folder,
    "a pipe": _pipe,
    "a device without end": _device,
    "a link to itself": _circle,
    "a link to nothing": _gone,
    "GB 18030": _bytes("名称: 医院\n".encode("gb18030")),
    "UTF-16": _bytes("project: x\n".encode("utf-16")),
    "three gigabytes": _gigabytes,
}
"""Name -> puts it under a path at which nothing lies."""

SPOILT_YAML: Mapping[str, str] = {
    "nothing": "",
    "a comment": "# nothing\n",
    "a NUL": "project: a\0b\n",
    "an open bracket": "project: [\n",
    "nested 100,000 deep": "a: " + "[" * 100_000,
    "nested 100,000 deep, closed": "a: " + "[" * 100_000 + "]" * 100_000,
    "nested 100,000 deep in blocks": "".join(f"{' ' * depth}a:\n" for depth in range(2_000)),
    "itself": "a: &a [*a]\n",
    "itself, further away": "a: &a {b: {c: *a}}\n",
    "aliases that multiply": "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)),
    "an alias of nothing": "a: *b\n",
    "a tag that would run": "a: !!python/object/apply:os.system [true]\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "a list": "- a\n- b\n",
    "a scalar": "x\n",
    "a key that is a list": "? [a, b]\n: c\n",
    "a tab": "a:\n\tb: 1\n",
}

SPOILT_CSV: Mapping[str, str] = {
    "nothing": "",
    "a quote without its second": 'local,standard\n1,01\n2,"02\n' + "3,03\n" * 200_000,
    "a quote in the midst": 'local,standard\n1,"01"x\n',
    "a NUL": "local,standard\n1,0\0001\n",
    "another heading": "a,b\n1,2\n",
    "ragged": "local,standard\n1\n1,2,3\n",
}
