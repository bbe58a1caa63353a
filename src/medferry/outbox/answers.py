"""What the platform's answers say of our findings: refusals by table, code and field, beside what we had found of the
same rows. Counts and names only, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Refused(NamedTuple):
    """What the platform said; `field` is "" where it named none."""

    table: str
    code: str
    field: str


class Found(NamedTuple):
    """What we had found; rule_id and field are "" for none."""

    table: str
    check: str
    code: str
    field: str
    severity: str
    rule_id: str


class RefusedBeside(NamedTuple):
    """A refusal and a finding of one row."""

    refused: Refused
    found: Found


class Answers(NamedTuple):
    """How many rows each; a row with two findings is counted at both."""

    refused: Mapping[Refused, int]
    beside: Mapping[RefusedBeside, int]
    accepted: Mapping[Found, int]
