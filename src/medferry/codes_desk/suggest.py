"""Suggestions for a local code: the names of the value set and the other editions, put together and given a chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from medferry.catalog.model import Catalog
from medferry.codes_desk.chances import Standing, chance, family_of, standings
from medferry.codes_desk.crosswalk import Crosswalk, crosswalk_to, index_of
from medferry.codes_desk.name_index import Match, NameIndex, Reason
from medferry.codes_desk.qualifiers import contradict, leaves_out

LIMIT = 5
RECOMMENDED_FROM = 0.90  # the measured chance from which the first suggestion is recommended
CONTRADICTED = 0.1  # of the chance, where the names contradict each other: 急性胃肠炎 is no 慢性胃肠炎
SAID_SO = frozenset({Reason.EXACT, Reason.NORMALISED, Reason.CROSSWALK, Reason.SAME_CODE, Reason.OLD_CODE})
"""Reasons that do not come from what a name resembles."""
BY_NAME = frozenset({Reason.EXACT, Reason.NORMALISED})
"""Reasons by which the local name is the standard one itself."""
DISPUTED = 0.5  # of the chance, where code and name are two witnesses of two things
_STEPS = 100  # scores are told in hundredths, rounded down: what is shown as 0.90 is at least that


class Grade(StrEnum):
    """What a suggestion is good for; the text is what people read."""

    RECOMMENDED = "建议"  # may be taken as it stands; at most one of a value
    CANDIDATE = "候选"  # to be looked at


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A standard code with its name, the chance that it is right (0 to 1), the reason and the grade."""

    code: str
    name: str
    score: float
    reason: Reason
    grade: Grade

    @property
    def is_recommended(self) -> bool:
        return self.grade is Grade.RECOMMENDED


class SetSearch:
    """One value set, asked by name, beside what other editions say."""

    def __init__(self, set_id: str, index: NameIndex, crosswalk: Crosswalk | None = None) -> None:
        self.index = index
        self.family = family_of(index, set_id)
        self._crosswalk = crosswalk

    def suggest(self, name: str, local_code: str = "", limit: int = LIMIT) -> list[Suggestion]:
        """Best first, each code once; the chance never rises down the list."""
        found: list[Suggestion] = []
        ceiling = 1.0
        witnesses = self.standings(name, local_code, max(limit, LIMIT))
        disputed = self._disputed(local_code, [one.match for one in witnesses])
        for one in witnesses:
            fits = self._fits(name, one.match)
            own = chance(self.family, one) * (one.of_code if fits else CONTRADICTED)
            if one.match.code in disputed:
                own *= DISPUTED
            ceiling = min(ceiling, own)
            is_whole = one.match.reason in SAID_SO or not leaves_out(name, one.match.name)
            is_sure = not found and one.is_one and fits and is_whole and ceiling >= RECOMMENDED_FROM
            grade = Grade.RECOMMENDED if is_sure else Grade.CANDIDATE
            match = one.match
            found.append(
                Suggestion(match.code, match.name, floor(ceiling * _STEPS) / _STEPS, match.reason, grade)
            )
        return found[:limit]

    def standings(self, name: str, local_code: str = "", limit: int = LIMIT) -> list[Standing]:
        """Every match among its rivals, best first: what the chance is told by."""
        found = self.index.suggest(name, local_code, limit)
        if self._crosswalk is not None:
            found += self._crosswalk.suggest(name, local_code, limit)
        best: dict[str, Match] = {}
        for one in sorted(found, key=lambda one: -one.strength):
            best.setdefault(one.code, one)
        fit = [one for one in best.values() if self._fits(name, one)]
        others = [one for one in best.values() if one not in fit]  # they stand behind all that fit
        told = [one for one in others if one.reason is Reason.CROSSWALK]  # what the code says is shown
        rest = [one for one in others if one not in told]
        matches = [*fit[: limit - len(told)], *told, *fit[limit - len(told) :], *rest][:limit]
        return standings(name, matches, self.index)

    def _fits(self, name: str, match: Match) -> bool:
        """Whether the local name does not exclude the match's. In a classification a code may be written beside a name
        that says otherwise: 乳腺良性肿瘤 with C50.900.
        """
        takes_it = BY_NAME if self.index.subcategories.letters else SAID_SO
        return match.reason in takes_it or not contradict(name, match.name)

    def _disputed(self, local_code: str, matches: Sequence[Match]) -> frozenset[str]:
        """Codes that only one of the two witnesses stands for, where local code and local name lead to two categories."""
        categories = self.index.subcategories
        by_code = categories.category_of(local_code) if categories.letters else None
        if by_code is None:
            return frozenset()
        by_name = {categories.category_of(one.code) for one in matches if one.reason in BY_NAME}
        agree = not by_name or by_code in by_name
        return frozenset(
            one.code for one in matches if not agree or categories.category_of(one.code) != by_code
        )


class Suggester:
    """Asks the value sets of a catalog; an index is made when a set is first asked for and kept."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._searches: dict[str, SetSearch] = {}

    def suggest(self, set_id: str, name: str, local_code: str = "", limit: int = LIMIT) -> list[Suggestion]:
        """Standard codes for a local code and its name, best first; each code once, with its strongest reason.

        name    as the hospital writes it; "" when only the code is known
        raises  CatalogError for an unknown value set
        """
        return self._search(set_id).suggest(name, local_code, limit)

    def index(self, set_id: str) -> NameIndex:
        """The names of a value set, kept."""
        return self._search(set_id).index

    def _search(self, set_id: str) -> SetSearch:
        if set_id not in self._searches:
            index = index_of(self._catalog, set_id)
            index.warm()
            self._searches[set_id] = SetSearch(set_id, index, crosswalk_to(self._catalog, set_id, index))
        return self._searches[set_id]
