"""What the platform refuses a record for, by its own reading of the standard's raw files: all else is a warning.

A rule refuses only where an entry of the table's rules.yaml says `holds_because`; a field that must be filled only if a
published document requires it and the table does not say that it may be absent; a code only outside a list that is
complete and names the document that closes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from medferry_sandbox.platform.findings import BROKEN, ERROR, MISSING, WARNING

_READ_FROM_DOCUMENT: Final = "A"
_ALWAYS: Final = ("org_code", "created_at", "updated_at")


@dataclass(frozen=True)
class Severities:
    """How severe what a table's rules find is.

    rules    ids of all its rules
    holding  (rule, field, code) of what refuses; a conditionally required field has no rule: ("", field, 3001)
    keys     those of them without which nobody knows whose record it is
    """

    rules: frozenset[str] = frozenset()
    holding: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    keys: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self.rules

    def of(self, rule_id: str, field_name: str, code: str) -> str:
        return ERROR if (rule_id, field_name, code) in self.holding else WARNING


def holding_of(
    page: Mapping[str, Any], names: Iterable[str], because: str = ""
) -> Iterator[tuple[str, str, str]]:
    """(rule, field, code) of what refuses, from a table's rules.yaml and the names of its fields; for this reason only."""
    own = frozenset(names)
    for entry in page.get("rules") or ():
        if (
            because in ("", entry.get("holds_because"))
            and "holds_because" in entry
            and entry.get("severity") != "warning"
        ):
            (argument,) = entry["check"].values()
            named = [entry["field"]] if "field" in entry else list(_own_names(argument, own))[:1]
            if isinstance(argument, dict) and "same" in entry["check"] and "field" not in argument:
                named = [name for name in argument if name in own]
            code = MISSING if "filled" in entry["check"] else BROKEN
            yield from ((entry["rule"], name, code) for name in named)
    for name, condition in (page.get("required_when") or {}).items():
        if not because and "holds_because" in condition:
            yield "", name, MISSING


def _own_names(argument: object, own: frozenset[str]) -> Iterator[str]:
    """The table's fields that an argument names, in its order."""
    if isinstance(argument, str):
        yield from (argument,) if argument in own else ()
    elif isinstance(argument, dict):
        for name, value in argument.items():
            yield from (name,) if name in own else ()
            yield from _own_names(value, own)
    elif isinstance(argument, list):
        for one in argument:
            yield from _own_names(one, own)


def needed_of(
    fields: Iterable[tuple[str, str, str, str]], key_field: str, may_be_absent: frozenset[str]
) -> frozenset[str]:
    """Fields without which a record is refused; each is given as name, required, key, confidence."""
    given = tuple(fields)
    published = frozenset(
        name
        for name, required, _, confidence in given
        if required == "R" and confidence == _READ_FROM_DOCUMENT and name not in may_be_absent
    )
    return published | identifying(((name, required, key) for name, required, key, _ in given), key_field)


def identifying(fields: Iterable[tuple[str, str, str]], key_field: str) -> frozenset[str]:
    """Fields without which nobody knows which record it is; each is given as name, required, key."""
    pointing = (
        name for name, required, key in fields if required == "R" and (key == "PK" or key[:3] == "FK:")
    )
    return frozenset({key_field, *_ALWAYS, *pointing})
