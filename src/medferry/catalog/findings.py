"""What lint says about the standard's own data: one finding, one place, one way to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from medferry.catalog.files import CatalogFiles, CsvRow
from medferry.errors import CatalogError


@dataclass(frozen=True, slots=True)
class CatalogFinding:
    """An `error` makes checks or delivery wrong; a `warning` should be looked at.

    file   folder of the edition or overlay and the file in it
    line   1 is the header; 0 where the file itself is missing or the matter is of no one line
    check  short name, stable: value_set_unknown, fk_cycle …
    text, fix  Chinese
    """

    file: str
    line: int
    severity: Literal["error", "warning"]
    check: str
    text: str
    fix: str


@dataclass
class Findings:
    """Collects findings, naming places the same way everywhere."""

    files: CatalogFiles
    found: list[CatalogFinding] = field(default_factory=list)

    def error(self, place: CsvRow | Path, check: str, text: str, fix: str) -> None:
        self._add("error", place, check, text, fix)

    def warning(self, place: CsvRow | Path, check: str, text: str, fix: str) -> None:
        self._add("warning", place, check, text, fix)

    @contextmanager
    def instead_of_raising(self, check: str) -> Iterator[None]:
        """A CatalogError inside becomes a finding at the place it names."""
        try:
            yield
        except CatalogError as error:
            path, line = _place(str(error.values.get("file", "")))
            shown = "，".join(f"{k}={v}" for k, v in error.values.items() if k not in ("file", "expected"))
            expected = error.values.get("expected")
            text = "；".join(part for part in (f"应为：{expected}" if expected else "", shown) if part)
            self.found.append(CatalogFinding(self._shown(path), line, "error", check, text, error.fix))

    def _add(
        self, severity: Literal["error", "warning"], place: CsvRow | Path, check: str, text: str, fix: str
    ) -> None:
        path, line = (place.path, place.line) if isinstance(place, CsvRow) else (place, 0)
        self.found.append(CatalogFinding(self._shown(path), line, severity, check, text, fix))

    def _shown(self, path: Path) -> str:
        for folder in self.files.folders:
            if path.is_relative_to(folder):
                return f"{folder.name}/{path.relative_to(folder).as_posix()}"
        return str(path)


def _place(text: str) -> tuple[Path, int]:
    path, _, line = text.rpartition(":")
    return (Path(path), int(line)) if path and line.isascii() and line.isdigit() else (Path(text), 0)
