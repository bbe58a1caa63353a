"""The hospital's own codes: standard code -> local code, one list per system and subject.

The generator writes local codes from here. `sunshine_hospital/codes/<system>_<name>.csv` beside this package is
the way back, as the hospital's dictionary office would export it (`write_code_files`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from medferry_sandbox.hospital.standard import value_set

CODE_LISTS: dict[tuple[str, str], CodeList] = {}


@dataclass(frozen=True, slots=True)
class CodeList:
    """to_local: standard -> the local code written; rows: every (local, standard); names: local -> local name."""

    system: str
    name: str
    value_set: str
    to_local: dict[str, str]
    rows: list[tuple[str, str]]
    names: dict[str, str]


def code_list(system: str, name: str, standard: str, pairs: str) -> None:
    """Declares a list: `pairs` is "standard=local" or "standard=local:local name", separated by white space.

    The first pair of a standard code is what the generator writes; further local codes only appear in the CSV.
    Raises AssertionError for a code the value set does not have, or a local code with two meanings.
    """
    known = value_set(standard)
    to_local: dict[str, str] = {}
    rows: list[tuple[str, str]] = []
    names: dict[str, str] = {}
    for pair in pairs.split():
        code, _, rest = pair.partition("=")
        local, _, local_name = rest.partition(":")
        assert not known or code in known, f"{system}_{name}: {code} is not in {standard}"
        assert local, f"{system}_{name}: {code} has no local code"
        assert local not in names, f"{system}_{name}: the local code of {code} is used twice"
        to_local.setdefault(code, local)
        rows.append((local, code))
        names[local] = local_name or known.get(code, "")
    assert (system, name) not in CODE_LISTS, f"{system}_{name} is declared twice"
    CODE_LISTS[system, name] = CodeList(system, name, standard, to_local, rows, names)


def write_code_files(folder: Path) -> list[Path]:
    """Writes one CSV per list; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for listed in CODE_LISTS.values():
        known = value_set(listed.value_set)
        path = folder / f"{listed.system}_{listed.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file, lineterminator="\n")
            sheet.writerow(["local", "standard", "local_name", "standard_name", "note"])
            for local, code in listed.rows:
                sheet.writerow([local, code, listed.names[local], known.get(code, ""), ""])
        written.append(path)
    return written
