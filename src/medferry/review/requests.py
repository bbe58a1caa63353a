"""A review asked for while `medferry run` writes the ledger: a file beside it, that the run takes away."""

from __future__ import annotations

from pathlib import Path

from medferry.config.model import Project

_NAME = "review.request"


def leave_request(project: Project) -> None:
    """For the process that writes the ledger, or the next one."""
    path = _path(project)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def is_requested(project: Project) -> bool:
    return _path(project).exists()


def take_request(project: Project) -> None:
    _path(project).unlink(missing_ok=True)


def _path(project: Project) -> Path:
    return project.outbox.path.parent / "requests" / _NAME
