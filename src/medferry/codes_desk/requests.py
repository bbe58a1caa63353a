"""Requests to a running `medferry run`, left as files beside the ledger: the ledger has one writing process.

A request names a code table that has changed. The run reads the project's code tables anew and maps the rows again
that were held for it. A request that cannot be fulfilled now stays and is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from medferry.clock import Clock
from medferry.codes_desk.remap import Healed, LoadsImages, heal
from medferry.config.code_files import read_code_files
from medferry.config.complaint import Complaints, Place, ProjectError
from medferry.config.model import Project
from medferry.errors import OutboxError
from medferry.mapping.model import CodeTable
from medferry.outbox.registry import open_reader

FOLDER = "requests"
_PATTERN = "codes-*.json"
REQUESTS_MAX = 1_000  # taken at once


class TakesCodes(LoadsImages, Protocol):
    """A ferry that code tables can be changed in while it runs."""

    def use_codes(self, codes: Mapping[str, CodeTable]) -> None: ...


@dataclass(frozen=True, slots=True)
class Request:
    """A file of the folder and the code table it names."""

    path: Path
    codes: str


def leave_request(project: Project, codes: str, clock: Clock) -> Path:
    """For the process that holds the ledger, or the next one."""
    folder = _folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"codes-{clock.now():%Y%m%d%H%M%S%f}-{codes}.json"
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"codes": codes}, ensure_ascii=False), encoding="utf-8")
    new.replace(path)
    return path


def is_held_by_another(error: OutboxError) -> bool:
    """The ledger did not open because a running process writes it: its message names that process."""
    return "占用进程" in error.values


def pending(project: Project) -> list[Request]:
    """Requests not yet fulfilled, oldest first; what is no request is left where it is."""
    found = []
    for path in sorted(_folder(project).glob(_PATTERN))[:REQUESTS_MAX]:
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(said, dict) and isinstance(said.get("codes"), str):
            found.append(Request(path, said["codes"]))
    return found


def fulfil(ferry: TakesCodes, requests: Sequence[Request]) -> Healed:
    """Reads the code tables anew, heals what was held for those named, and removes the requests.

    raises  ProjectError for a damaged code table, and what healing raises; then the requests stay
    """
    project = ferry.project
    ferry.use_codes(read_codes(project))
    reader = open_reader(project.outbox.type, project.outbox.path)
    try:
        healed = heal(ferry, reader, dict.fromkeys(one.codes for one in requests))
    finally:
        reader.close()
    for one in requests:
        one.path.unlink(missing_ok=True)
    return healed


def read_codes(project: Project) -> dict[str, CodeTable]:
    """The project's code tables as they are on disk now; mappings are not read anew.

    raises  ProjectError: a table is damaged or gone
    """
    complaints = Complaints()
    code_files = read_code_files(project.folder, complaints)
    for name in project.codes:
        if name not in code_files:
            complaints.error(Place(f"codes/{name}.csv", 1, 1), "代码表不见了", fix="放回这个文件")
    if complaints.has_errors:
        raise ProjectError(complaints.all)
    return {name: one.table for name, one in code_files.items()}


def _folder(project: Project) -> Path:
    return project.outbox.path.parent / FOLDER
