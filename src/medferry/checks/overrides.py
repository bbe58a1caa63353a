"""What a project changes in the policy of holding: a check or rule raised to holding, or lowered to a warning.

decisions/0007-what-may-hold.md says what holds by itself. A province may be stricter (its platform refuses what we only
warn of) or milder; the project says so with a reason, in `checks:` of medferry.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from medferry.checks.findings import key_of

Wish = Literal["hold", "warn"]
WISHES: tuple[Wish, ...] = ("hold", "warn")


@dataclass(frozen=True, slots=True)
class Override:
    """One thing that the project changes.

    check    of a field; the kind, of a rule
    rule_id  of a rule
    """

    wish: Wish
    table: str
    field: str
    check: str
    reason: str
    rule_id: str | None = None

    @property
    def key(self) -> str:
        return key_of(self.check, self.rule_id, self.field)


class TablePolicy(NamedTuple):
    """The overrides of one table, by `key_of`."""

    hold: frozenset[str] = frozenset()
    warn: frozenset[str] = frozenset()


def policy_of(overrides: Iterable[Override], table: str) -> TablePolicy:
    mine = [one for one in overrides if one.table == table]
    return TablePolicy(*(frozenset(one.key for one in mine if one.wish == wish) for wish in WISHES))
