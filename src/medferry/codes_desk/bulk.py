"""Everything recommended at once: which values have one recommended code, and which are left to a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medferry.codes_desk.held import editions_asked
from medferry.codes_desk.name_index import Reason
from medferry.codes_desk.suggest import Suggester
from medferry.codes_desk.unmapped import UnmappedValue
from medferry.config.model import Project


@dataclass(frozen=True, slots=True)
class Taken:
    """A local value of a code table with the one code recommended for it."""

    codes: str
    local: str
    local_name: str
    standard: str
    standard_name: str
    score: float
    reason: Reason

    @property
    def because(self) -> str:
        """The reason as the code table's note keeps it."""
        return f"批量按建议，{self.reason.value}（{self.score:.2f}）"


def recommended(
    project: Project, values: Iterable[UnmappedValue], suggester: Suggester
) -> tuple[list[Taken], int]:
    """Values with a recommendation, in their order, and the number of those without.

    Where a code table fills several value sets, each has to recommend the same code; a value without a code table, or
    with white space around it, is left to a person.
    """
    wanted = {(one.codes, one.value): one.name for one in values}
    taken = []
    for (codes, local), name in wanted.items():
        if not codes or local != local.strip() or "\n" in local:
            continue
        firsts = [suggester.suggest(set_id, name, local, 1) for set_id in editions_asked(project, codes)]
        best = [first[0] for first in firsts if first and first[0].is_recommended]
        if best and len(best) == len(firsts) and len({one.code for one in best}) == 1:
            one = best[0]
            taken.append(Taken(codes, local, name, one.code, one.name, one.score, one.reason))
    return taken, len(wanted) - len(taken)
