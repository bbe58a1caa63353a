"""Codes of two editions meet as far as both divide."""

from __future__ import annotations

import pytest

from medferry.codes_desk.subcategories import Subcategories

DIAGNOSES = ("A00.000", "A00.000x001", "A00.100", "L89.000", "L89.100", "V75.x00")
OPERATIONS = ("01.0100", "15.3x00", "15.3x01", "65.4100", "65.4900", "75.0x00")


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("A00.051", ["A00.000", "A00.000x001"]),
        ("a00.151", ["A00.100"]),
        ("V75.251", ["V75.x00"]),
        ("L89.X51", ["L89.000", "L89.100"]),
        ("A00.951", []),
        ("K35.052", []),
    ],
)
def test_diagnoses(code: str, there: list[str]) -> None:
    assert Subcategories(DIAGNOSES, 5).codes_of(code) == there


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("1.011", ["01.0100"]),
        ("15.303", ["15.3x00", "15.3x01"]),
        ("65.402", ["65.4100", "65.4900"]),
        ("65.411", ["65.4100"]),
        ("65.421", []),
        ("75.0", ["75.0x00"]),
    ],
)
def test_operations(code: str, there: list[str]) -> None:
    assert Subcategories(OPERATIONS, 5).codes_of(code) == there


def test_codes_without_such_an_order_stand_alone() -> None:
    codes = Subcategories(("1", "10", "2"), 0)
    assert codes.of("10") == "10"
    assert codes.codes_of("10") == []
