"""A value set made searchable by name: each match says why and how strong.

Each reason has a ceiling, strongest first: what is equal as written stands above what is equal after normalising, that
above synonyms, and so on; what is merely alike stands below its ceiling by how much. Strength only puts matches in
order; what a match is worth is measured in `chances`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from math import log
from typing import Protocol

from rapidfuzz.distance import Indel

from medferry.codes_desk.classification import Classification, is_of_others, telling
from medferry.codes_desk.normalise import alternatives, core, normal, without_brackets
from medferry.codes_desk.pinyin import initials, pinyin
from medferry.codes_desk.subcategories import Subcategories
from medferry.codes_desk.synonyms import Synonyms, load_synonyms

CANDIDATES_MAX = 80  # looked at closely, of those that share most with the name
POSTINGS_MAX = (
    1_500  # a token in more entries than this says too little to be followed, unless there is no other
)
SOUND_MIN = 3  # characters; two that sound alike (师级, 士级) are mostly two things
SMALL_SET_MAX = 300  # every entry is looked at
HEAD_LENGTH, HEADED_MIN = 2, 3  # that many entries beginning alike (小儿, 中医) are a family
OUTSIDE = 0.75  # of the strength, for an entry outside the family that the name begins with
OF_PLACE = (
    0.3  # of the likeness to a classification's entry: how much of the name its subcategory's names cover
)
OTHERS_APART = 0.03  # of likeness lost where one name says 其他 and the other does not
REWORDING_BELOW = 0.87  # a name that is found at this strength needs no other words


class Reason(StrEnum):
    """Why a code is suggested, strongest first; the text is what people read."""

    EXACT = "名称相同"
    NORMALISED = "规范写法后相同"
    CROSSWALK = "版本对照表"
    SYNONYM = "同义词"
    LISTED = "名称中列出的一种"
    BRACKETS = "去括号或后缀后相同"
    PINYIN = "读音相同"
    OLD_CODE = "旧版代码的亚目"
    OLD_NAME = "旧版名称的亚目"
    SUBSEQUENCE = "一方是另一方的简称"
    SIMILAR = "文字相近"
    REWORDED = "换用标准用词后相近"
    INITIALS = "拼音首字母相同"
    SAME_CODE = "代码相同"


CEILING: Mapping[Reason, float] = {
    Reason.EXACT: 1.0,
    Reason.NORMALISED: 0.98,
    Reason.CROSSWALK: 0.97,
    Reason.SYNONYM: 0.95,
    Reason.LISTED: 0.93,
    Reason.BRACKETS: 0.92,
    Reason.PINYIN: 0.88,
    Reason.OLD_CODE: 0.875,
    Reason.OLD_NAME: 0.87,
    Reason.SUBSEQUENCE: 0.85,
    Reason.SIMILAR: 0.84,
    Reason.REWORDED: 0.82,
    Reason.INITIALS: 0.70,
    Reason.SAME_CODE: 0.50,
}
"""Highest strength of each reason."""
SHOWN_FROM = 0.30  # what is less like it is not worth showing


@dataclass(frozen=True, slots=True)
class Match:
    """A standard code with its name, the reason and a strength between 0 and 1."""

    code: str
    name: str
    strength: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    name: str
    plain: str
    meant: str  # by synonyms
    bare: str  # without brackets, by synonyms
    telling: str  # and without words that say nothing; only in classifications
    core: str
    listed: tuple[str, ...] = ()  # names that it lists, endings cut; only where the set is small


class NameIndex:
    """The names of one value set. Building reads 35,000 names in about a second; asking takes milliseconds."""

    def __init__(
        self,
        names: Mapping[str, str],
        synonyms: Synonyms | None = None,
        classification: Classification | None = None,
    ) -> None:
        self._synonyms = load_synonyms() if synonyms is None else synonyms
        self._classification = classification
        self.subcategories = classification.subcategories if classification else Subcategories((), 0)
        named = {code: name for code, name in names.items() if name}
        self.is_small = len(named) <= SMALL_SET_MAX
        self._entries = [self._entry(code, name) for code, name in named.items()]
        self._by_code = {one.code: place for place, one in enumerate(self._entries)}
        self._exact = _places(one.name for one in self._entries)
        self._plain = _places(one.plain for one in self._entries)
        self._meant = _places(one.meant for one in self._entries)
        self._bare = _places(one.bare for one in self._entries)
        self._core = _places(one.core for one in self._entries)
        self._listed: dict[str, list[int]] = {}
        for place, one in enumerate(self._entries):
            for part in dict.fromkeys(one.listed):
                self._listed.setdefault(part, []).append(place)
        self._pinyin: dict[str, list[int]] | None = None
        self._initials: dict[str, list[int]] | None = None
        self._lengths = [len(one.meant) for one in self._entries]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self._entries):
            for token in _tokens(one.meant):
                self._postings[token].append(place)
        whole = len(self._entries) + 1
        self._weight = {token: log(whole / len(found)) + 0.1 for token, found in self._postings.items()}
        self._rare = log(whole) + 0.1  # of a token that no entry has
        self._families = self._families_by_head() if self.is_small else {}
        self.place_tokens: dict[str, set[str]] = defaultdict(set)
        if classification is not None:
            for one in self._entries:
                self.place_tokens[self.subcategories.of(one.code)] |= _tokens(one.telling)

    def warm(self) -> None:
        """Makes what the first question would wait for."""
        self._read("pinyin")

    def alike(self, one: str, other: str) -> float:
        """How much two names say the same by this set's weights, between 0 and 1."""
        return self._alike(self._entry("", one).bare, self._entry("", other).bare)

    def lacking(self, name: str, code: str) -> tuple[float, float]:
        """What of a local name the code's name lacks, and the other way round: shares of the weight, 0 to 1."""
        place = self._by_code.get(code)
        if place is None or not name:
            return 1.0, 1.0
        asked, entry = self._entry("", name), self._entries[place]
        pairs = [(asked.meant, entry.meant), (asked.bare, entry.bare), (asked.telling, entry.telling)]
        pairs += [(asked.core, part) for part in entry.listed]
        if (other := self._reworded(asked)) is not None:
            pairs.append((other.telling, entry.telling))
        return min((self._lack(one, other) for one, other in dict.fromkeys(pairs)), key=sum)

    def _lack(self, one: str, other: str) -> tuple[float, float]:
        tokens, others = _tokens(one), _tokens(other)
        heft, other_heft = self.heft(tokens), self.heft(others)
        return self.heft(tokens - others) / (heft or 1.0), self.heft(others - tokens) / (other_heft or 1.0)

    def name_of(self, code: str) -> str | None:
        place = self._by_code.get(code)
        return None if place is None else self._entries[place].name

    def has(self, name: str) -> bool:
        """Whether an entry has this name, by synonyms too."""
        asked = self._entry("", name.strip())
        return asked.plain in self._plain or asked.meant in self._meant

    @property
    def codes(self) -> Iterable[str]:
        """Codes that have a name, in the list's order."""
        return self._by_code.keys()

    def __len__(self) -> int:
        return len(self._entries)

    def suggest(self, name: str, local_code: str = "", limit: int = 5) -> list[Match]:
        """Codes for a local name, best first; the local code only helps where its letters are initials."""
        asked = self._entry("", name.strip())
        found: dict[int, tuple[float, Reason]] = {}

        def add(places: Iterable[int], reason: Reason, score: float | None = None) -> None:
            for place in places:
                worth = CEILING[reason] if score is None else score
                if place not in found or worth > found[place][0]:
                    found[place] = (worth, reason)

        if asked.plain:
            add(self._exact.get(asked.name, ()), Reason.EXACT)
            add(self._plain.get(asked.plain, ()), Reason.NORMALISED)
            add(self._meant.get(asked.meant, ()), Reason.SYNONYM)
            self._add_bare(asked, add)
            if len(asked.plain) >= SOUND_MIN:
                add(self._read("pinyin").get(pinyin(asked.plain), ()), Reason.PINYIN)
            self._add_alike(asked, add)
            if max((strength for strength, _ in found.values()), default=0.0) < REWORDING_BELOW:
                self._add_reworded(asked, add)
        self._add_by_code(local_code.strip(), asked, found, add)
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], self._order(asked, item[0])))
        return [
            Match(self._entries[place].code, self._entries[place].name, round(score, 3), reason)
            for place, (score, reason) in ranked[:limit]
            if score >= SHOWN_FROM
        ]

    def _entry(self, code: str, name: str) -> _Entry:
        bare = self._synonyms.applied(without_brackets(name))
        meant = self._synonyms.applied(normal(name))
        listed = alternatives(name) if self.is_small and code else ()
        return _Entry(
            code,
            name,
            normal(name),
            meant,
            bare,
            telling(bare) if self._classification is not None else bare,
            core(bare),
            tuple(map(core, map(self._synonyms.applied, listed))),
        )

    def _families_by_head(self) -> Mapping[str, set[str]]:
        """How several names begin -> their codes, and the codes above these: 小儿 is 07.01 to 08.05, and 07, 08."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self._entries:
            if len(one.plain) > HEAD_LENGTH:
                found[one.plain[:HEAD_LENGTH]].add(one.code)
        above = {code: code.rpartition(".")[0] for code in self._by_code}
        return {
            head: codes | {above[code] for code in codes if above[code] in self._by_code}
            for head, codes in found.items()
            if len(codes) >= HEADED_MIN
        }

    def _add_bare(self, asked: _Entry, add: _Add) -> None:
        """Equal without brackets or endings, or to one of those an entry lists: the fewer entries are, the surer."""
        listed = self._listed.get(asked.core, ())
        if listed:
            add(listed, Reason.LISTED, CEILING[Reason.LISTED] - 0.01 * min(5, len(listed) - 1))
        for places in (
            self._bare.get(asked.bare, ()),
            self._core.get(asked.core, ()),
            self._meant.get(asked.bare, ()),
        ):
            if places:
                add(places, Reason.BRACKETS, CEILING[Reason.BRACKETS] - 0.01 * min(5, len(places) - 1))

    def _add_by_code(
        self, local_code: str, asked: _Entry, found: dict[int, tuple[float, Reason]], add: _Add
    ) -> None:
        letters = local_code.lower()
        if letters.isascii() and letters.isalpha():
            places = self._read("initials").get(letters, ())
            if not asked.plain and len(letters) > 1:
                add(places, Reason.INITIALS)
                add(self._read("pinyin").get(letters, ()), Reason.PINYIN)
            for place in set(places) & found.keys():
                score, reason = found[place]
                found[place] = (min(CEILING[reason], score + 0.02), reason)
        own = self._by_code.get(local_code)
        if own is not None and own not in found and not asked.plain:
            add((own,), Reason.SAME_CODE)

    def _read(self, how: str) -> dict[str, list[int]]:
        """Entries by reading; made when first asked for."""
        if self._pinyin is None or self._initials is None:
            self._pinyin = _places(pinyin(one.plain) for one in self._entries)
            self._initials = _places(initials(one.plain) for one in self._entries)
            for place, one in enumerate(self._entries):
                if one.bare != one.plain:
                    self._initials.setdefault(initials(one.bare), []).append(place)
        return self._pinyin if how == "pinyin" else self._initials

    def _nearest(self, asked: _Entry) -> Sequence[int]:
        if self.is_small:
            return range(len(self._entries))
        tokens = [token for token in _tokens(asked.meant) if token in self._postings]
        tokens.sort(key=lambda token: len(self._postings[token]))
        weighed: dict[int, float] = defaultdict(float)
        for token in tokens:
            places = self._postings[token]
            if len(places) > POSTINGS_MAX and len(weighed) >= CANDIDATES_MAX:
                break
            weight = self._weight[token]
            for place in places:
                weighed[place] += weight
        length = len(asked.meant)
        lengths = self._lengths
        return nsmallest(
            CANDIDATES_MAX, weighed, key=lambda place: (-weighed[place] / (length + lengths[place]), place)
        )

    def _add_alike(self, asked: _Entry, add: _Add) -> None:
        covered = _Cover(self, asked)
        for place in self._nearest(asked):
            add((place,), *self._likeness(asked, self._entries[place], covered))

    def _add_reworded(self, asked: _Entry, add: _Add) -> None:
        """The same in the classification's own words, where the name has others."""
        other = self._reworded(asked)
        if other is not None:
            covered = _Cover(self, other)
            for place in self._nearest(other):
                reason, strength = self._likeness(other, self._entries[place], covered)
                add((place,), Reason.REWORDED, strength / CEILING[reason] * CEILING[Reason.REWORDED])

    def _reworded(self, asked: _Entry) -> _Entry | None:
        text = self._classification.reworded(asked.bare) if self._classification is not None else asked.bare
        return None if text == asked.bare else self._entry("", text)

    def _likeness(self, asked: _Entry, entry: _Entry, covered: _Cover) -> tuple[Reason, float]:
        """How much the two say the same: shared tokens by their rarity, then order, then one inside the other."""
        pairs = [(asked.meant, entry.meant), (asked.bare, entry.bare)]
        pairs += [(asked.core, part) for part in entry.listed]
        alike = max(self._alike(one, other) for one, other in dict.fromkeys(pairs))
        if self._classification is not None:
            said = self._alike(asked.telling, entry.telling)
            apart = OTHERS_APART * (is_of_others(asked.bare) != is_of_others(entry.bare))
            alike = (1 - OF_PLACE) * max(alike, said - apart) + OF_PLACE * covered.by(entry.code)
        family = self._families.get(asked.plain[:HEAD_LENGTH])
        kept = OUTSIDE if family is not None and entry.code not in family else 1.0
        # Among thousands of names a shorter one is not the short form but something more general.
        is_short = self.is_small and _abbreviates(entry.bare, asked.bare)
        if is_short or _abbreviates(asked.bare, entry.bare):
            return Reason.SUBSEQUENCE, kept * CEILING[Reason.SUBSEQUENCE] * (0.55 + 0.45 * alike)
        return Reason.SIMILAR, kept * CEILING[Reason.SIMILAR] * alike

    def _alike(self, one: str, other: str) -> float:
        if not one or not other:
            return 0.0
        return 0.8 * self._overlap(one, other) + 0.2 * Indel.normalized_similarity(one, other)

    def _overlap(self, one: str, other: str) -> float:
        """Shared tokens by weight, between 0 and 1: twice the shared over the sum of both."""
        tokens, others = _tokens(one), _tokens(other)
        of_all = self.heft(tokens) + self.heft(others)
        return 2 * self.heft(tokens & others) / of_all if of_all else 0.0

    def heft(self, tokens: Iterable[str]) -> float:
        """Rare tokens say more; a pair repeats what its characters said, so it counts half."""
        weight, rare = self._weight, self._rare
        return sum(weight.get(token, rare) * (1.0 if len(token) == 1 else 0.5) for token in tokens)

    def _order(self, asked: _Entry, place: int) -> tuple[float, int, int]:
        """Among equal scores: the more alike, the shorter name, the earlier in the list."""
        entry = self._entries[place]
        return -Indel.normalized_similarity(asked.plain, entry.plain), len(entry.name), place


class _Cover:
    """How much of a name's weight the names of each subcategory have, all together; kept while one name is asked."""

    def __init__(self, index: NameIndex, asked: _Entry) -> None:
        self._index = index
        self._tokens = _tokens(asked.telling)
        self._whole = index.heft(self._tokens) or 1.0
        self._shares: dict[str, float] = {}

    def by(self, code: str) -> float:
        """Share that the subcategory of a code covers."""
        place = self._index.subcategories.of(code)
        if place not in self._shares:
            there = self._index.place_tokens.get(place, set())
            self._shares[place] = self._index.heft(self._tokens & there) / self._whole
        return self._shares[place]


class _Add(Protocol):
    """The shape of `add` in `suggest`."""

    def __call__(self, places: Iterable[int], reason: Reason, score: float | None = None) -> None: ...


def _tokens(name: str) -> set[str]:
    """Characters and pairs of neighbours."""
    return {*name, *(name[at : at + 2] for at in range(len(name) - 1))}


def _abbreviates(short: str, long: str) -> bool:
    """The characters of `short`, at least two, stand in `long` in this order."""
    if len(short) < 2 or len(short) >= len(long):
        return False
    rest = iter(long)
    return all(one in rest for one in short)


def _places(keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return found
