"""What ICD-10 codes of diagnoses say of a patient, for rules of several tables."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.texts import code_in

_MALE: Final = "1"
_FEMALE: Final = "2"
# Pregnancy, birth, female genitals; not Z38, which is the newborn's.
_OF_WOMEN: Final = ("N70-N98", "O00-O99", "C51-C58", "D06", "D25-D28", "Z32-Z37", "Z39")
_OF_MEN: Final = ("N40-N51", "C60-C63", "D29", "Z12.5")
_OF_TUMOURS: Final = ("C00-C97", "D00-D48", "Z51")


def is_of_other_sex(diagnosis_code: str | None, sex_code: str | None) -> bool:
    """Whether the diagnosis is one that people of this sex cannot have."""
    if sex_code == _MALE:
        return code_in(diagnosis_code, *_OF_WOMEN)
    return sex_code == _FEMALE and code_in(diagnosis_code, *_OF_MEN)


def is_of_tumour(diagnosis_code: str | None) -> bool:
    """A tumour, or the treatment of one."""
    return code_in(diagnosis_code, *_OF_TUMOURS)
