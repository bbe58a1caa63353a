"""What people come with: lines of the seed files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Disease:
    """A line of seed/diagnoses.csv; `uses` says in which scenarios it may be the main diagnosis."""

    code: str
    name: str
    dept: str
    sex: str
    age_min: int
    age_max: int
    uses: frozenset[str]
    complaint: str
    operation_code: str
    operation_name: str
    infectious_class: str


@dataclass(frozen=True)
class Tcm:
    disease_code: str
    disease_name: str
    syndrome_code: str
    syndrome_name: str
    western_code: str
    western_name: str
    complaint: str


@dataclass(frozen=True)
class Diagnosis:
    """ICD-10 national clinical edition."""

    code: str
    name: str
