"""What a match is worth: the measured chance that it is right.

Two files, both made by `python -m benchmarks.codes_chances` from one half of the names that have a known answer:
rates.csv   reasons that hold or do not hold: how often they were right, alone and beside an equal one
weights.csv reasons of degree: a logistic function of the traits below, none of which may count against its sense
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from medferry.codes_desk.name_index import SHOWN_FROM, Match, NameIndex, Reason

OF_DEGREE = frozenset({Reason.SUBSEQUENCE, Reason.SIMILAR, Reason.REWORDED, Reason.OLD_NAME})
OFFICIAL = 0.99  # an official list says so: nothing to measure
SENSES: Mapping[str, int] = {
    "constant": 0,
    "first": 1,
    "strength": 1,
    "margin": 1,
    "behind": -1,
    "lacks": -1,
    "adds": -1,
    "length": 0,
}
"""Traits that tell the chance, and whether more of each may only raise (1) or lower (-1) it; 0 is either."""
EQUAL = 0.005  # strengths nearer than this are equal
NEAR = 0.03  # codes of one subcategory whose strengths are nearer than this share its chance
LENGTH_MAX = 12
SMALL, LARGE = "small", "large"
EDITION_OF: Mapping[str, str] = {"ICD-10-clinical": "ICD-10", "ICD-9-CM-3-clinical": "ICD-9-CM-3"}
"""Editions that share nearly all names with the one that was measured: what a match is worth there holds here."""
UNKNOWN_CHANCE = 0.5  # of a reason that was never seen in a kind of set


@dataclass(frozen=True, slots=True)
class Standing:
    """A match among its rivals: those of other subcategories.

    traits   what SENSES lists, but for the constant
    tied     how many stand equal, itself included; 1 is alone
    of_code  the part of its subcategory's chance that is its own: codes that stand equal there share it
    is_one   no other match stands equal, not in its own subcategory either
    """

    match: Match
    traits: Mapping[str, float]
    tied: int
    is_one: bool = True
    of_code: float = 1.0


def standings(name: str, matches: Sequence[Match], index: NameIndex) -> list[Standing]:
    """Every match with its traits; `matches` best first."""
    groups = [index.subcategories.of(one.code) for one in matches]
    found = []
    for place, one in enumerate(matches):
        rivals = [
            other.strength for other, group in zip(matches, groups, strict=True) if group != groups[place]
        ]
        lacks, adds = index.lacking(name, one.code)
        ahead = one.strength - max(rivals, default=SHOWN_FROM)
        traits = {
            "first": float(place == 0),
            "strength": one.strength,
            "margin": max(0.0, ahead),
            "behind": max(0.0, -ahead),
            "lacks": lacks,
            "adds": adds,
            "length": min(len(name), LENGTH_MAX) / LENGTH_MAX,
        }
        tied = 1 + sum(abs(rival - one.strength) < EQUAL for rival in rivals)
        is_one = sum(abs(other.strength - one.strength) < EQUAL for other in matches) == 1
        sharing = sum(
            group == groups[place] and abs(other.strength - one.strength) < NEAR
            for other, group in zip(matches, groups, strict=True)
        )
        found.append(Standing(one, traits, tied, is_one, 1 / sharing))
    return found


def chance(family: str, standing: Standing) -> float:
    """The chance that a match is right, between 0 and 1. family: the kind of set, see `family_of`."""
    reason = standing.match.reason
    if reason is Reason.CROSSWALK:
        return OFFICIAL
    if reason not in OF_DEGREE:
        return _rate(family, reason) / standing.tied
    weights = _weights().get((family, reason.value))
    if weights is None:
        return UNKNOWN_CHANCE
    total = sum(weight * standing.traits.get(trait, 1.0) for trait, weight in weights.items())
    said = 1.0 / (1.0 + exp(-total))
    # Where the older edition places a name, ours may place it elsewhere: no surer than that.
    return min(said, _rate(family, Reason.OLD_CODE)) if reason is Reason.OLD_NAME else said


def family_of(index: NameIndex, set_id: str) -> str:
    """Sets whose names behave alike: each classification by itself, else the small ones and the large ones."""
    if index.subcategories.letters:
        return EDITION_OF.get(set_id, set_id)
    return SMALL if index.is_small else LARGE


def _rate(family: str, reason: Reason) -> float:
    return _rates().get((family, reason.value), UNKNOWN_CHANCE)


@cache
def _rates() -> Mapping[tuple[str, str], float]:
    return {(row["family"], row["reason"]): float(row["chance"]) for row in _rows("rates.csv")}


@cache
def _weights() -> Mapping[tuple[str, str], Mapping[str, float]]:
    return {
        (row["family"], row["reason"]): {trait: float(row[trait]) for trait in SENSES if row[trait]}
        for row in _rows("weights.csv")
    }


def _rows(file: str) -> list[dict[str, str]]:
    text = files("medferry.codes_desk").joinpath(file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
