"""From one edition of a classification to another: by the official list of codes, or by the name in the older edition.

Editions extend the same subcategories (the first characters of a code, `letters` in editions.csv) with digits of their
own. So a name found in an older edition tells the subcategory, and within it the names of the target are compared.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from medferry.catalog.model import Catalog
from medferry.catalog.value_set import LoadedValueSet, name_zh
from medferry.codes_desk.classification import Classification
from medferry.codes_desk.name_index import CEILING, Match, NameIndex, Reason
from medferry.codes_desk.normalise import normal
from medferry.codes_desk.synonyms import Synonyms

_OTHER_CODE_COLUMN = "yibao_code"  # of the lists that carry the target's code beside their own
_BECOMES = "becomes"  # of the lists of an earlier edition
_OLD_NAMES_MAX = 4  # names of the older edition that are followed
_OLD_NAME_SURE = 0.945  # one that is not the same name tells less than the target's own names do, measured
_SHAPE = re.compile(r"[A-Z]?[0-9]{1,2}\.[0-9Xx]")


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A line of editions.csv.

    how  "codes" where the other list carries the target's codes, "codes_back" where the target carries the other's;
         "becomes" where an earlier edition says what each of its codes has become: short codes mean something else
         today, so its names lead and never its codes; "names" otherwise
    """

    target: str
    other: str
    how: str
    letters: int
    title: str


@cache
def edition_rows() -> tuple[EditionRow, ...]:
    """Which other editions lead to which value set."""
    text = files("medferry.codes_desk").joinpath("editions.csv").read_text(encoding="utf-8")
    return tuple(
        EditionRow(row["target"], row["other"], row["how"], int(row["letters"]), row["title"])
        for row in csv.DictReader(text.splitlines())
    )


def index_of(catalog: Catalog, set_id: str, synonyms: Synonyms | None = None) -> NameIndex:
    """The names of a value set made searchable; of a classification, with its subcategories."""
    names = catalog.value_set(set_id).names
    letters = max((row.letters for row in edition_rows() if row.target == set_id), default=0)
    return NameIndex(names, synonyms, Classification(set_id, names, letters) if letters else None)


class Crosswalk:
    """Leads from other editions into one value set.

    codes       code of another edition -> code of the target
    renamed     normal name in an earlier edition -> code of the target
    old_names   an index of the older edition's names, if there is one
    """

    def __init__(
        self,
        target: NameIndex,
        codes: Mapping[str, str],
        old_names: NameIndex | None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self._target = target
        self._renamed = renamed or {}
        self._codes = codes
        self._old_names = old_names

    def suggest(self, name: str, local_code: str, limit: int) -> list[Match]:
        """What the other editions say of a local name and code, best first."""
        found: dict[str, tuple[float, Reason]] = {}
        official = self._codes.get(local_code)
        if official is not None and self._target.name_of(official) is not None:
            found[official] = CEILING[Reason.CROSSWALK], Reason.CROSSWALK
        renamed = self._renamed.get(normal(name)) if name else None
        if renamed is not None and self._target.name_of(renamed) is not None:
            found[renamed] = CEILING[Reason.CROSSWALK], Reason.CROSSWALK
        if _SHAPE.match(local_code):
            self._follow(local_code, (name,), CEILING[Reason.OLD_CODE], Reason.OLD_CODE, found)
        if self._old_names is not None and name:
            for old in self._old_names.suggest(name, limit=_OLD_NAMES_MAX):
                if old.strength < _OLD_NAME_SURE:
                    break
                worth = CEILING[Reason.OLD_NAME] * old.strength
                self._follow(old.code, (name, old.name), worth, Reason.OLD_NAME, found)
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return [
            Match(code, self._target.name_of(code) or "", round(strength, 3), reason)
            for code, (strength, reason) in ranked
        ]

    def _follow(
        self,
        old_code: str,
        names: Sequence[str],
        worth: float,
        reason: Reason,
        found: dict[str, tuple[float, Reason]],
    ) -> None:
        """Every code of a subcategory by the likeness of its name."""
        for code in self._target.subcategories.codes_of(old_code):
            own = self._target.name_of(code) or ""
            alike = max((self._target.alike(name, own) for name in names if name), default=0.0)
            strength = worth * (0.8 + 0.2 * alike)
            if code not in found or strength > found[code][0]:
                found[code] = strength, reason


def crosswalk_to(
    catalog: Catalog, set_id: str, target: NameIndex, synonyms: Synonyms | None = None
) -> Crosswalk | None:
    """The way into a value set from the catalog's other editions; None where there are none."""
    codes: dict[str, str] = {}
    renamed: dict[str, str] = {}
    old_names: NameIndex | None = None
    rows = [row for row in edition_rows() if row.target == set_id]
    for row in rows:
        other = catalog.value_set(row.other)
        if row.how == "codes":
            codes |= _code_pairs(other) if isinstance(other, LoadedValueSet) else {}
        elif row.how == "codes_back":
            own = catalog.value_set(set_id)
            codes |= _pairs_back(own) if isinstance(own, LoadedValueSet) else {}
        elif row.how == "becomes":
            renamed |= _renamed(other) if isinstance(other, LoadedValueSet) else {}
        else:
            old_names = NameIndex(other.names, synonyms)
    return Crosswalk(target, codes, old_names, renamed) if rows else None


def _code_pairs(listed: LoadedValueSet) -> dict[str, str]:
    return {
        row["code"]: row.values[_OTHER_CODE_COLUMN]
        for row in listed.rows()
        if row.values.get(_OTHER_CODE_COLUMN)
    }


def _pairs_back(listed: LoadedValueSet) -> dict[str, str]:
    """The target's code of each that its lines carry; of several the one that is the same, else the first."""
    found: dict[str, str] = {}
    for code, other in _code_pairs(listed).items():
        if other not in found or code == other:
            found[other] = code
    return found


def _renamed(listed: LoadedValueSet) -> dict[str, str]:
    return {normal(name_zh(row)): row.values[_BECOMES] for row in listed.rows() if row.values.get(_BECOMES)}
