"""What a source writes for a standard value, and what it refuses to write."""

from __future__ import annotations

import pytest

from medferry_sandbox.hospital.encoders import ENCODERS, CannotEncode, Stored


@pytest.mark.parametrize(
    ("call", "value", "stored"),
    [
        ("int", "100001", 100001),
        ("gbk", "王䶮", "王䶮".encode("gb18030")),
        ("char,6", "A1", "A1    "),
        ("dt", "20260115T081000", "2026-01-15 08:10:00"),
        ("dt14", "20260115T081000", "20260115081000"),
        ("dt12", "20260115T081000", "202601150810"),
        ("dtslash", "20260115T081000", "2026/01/15 08:10:00"),
        ("date", "20260115", "2026-01-15"),
        ("date", "20260115T081000", "2026-01-15"),
        ("dcn", "20260115", "2026年01月15日"),
        ("hms", "20260115T081000", "08:10:00"),
        ("hm", "081000", "08:10"),
        ("bit", "T", 1),
        ("yn", "F", "N"),
        ("cnflag", "T", "是"),
        ("cents", "12.50", 1250),
        ("scaled,10", "36.5", 365),
        ("bare", "12.50", "12.5"),
        ("bare", "100.00", "100"),
        ("affix,,cm", "170.0", "170.0cm"),
        ("zfill,6", "42", "000042"),
        ("cut,0,6", "360102199001011234", "360102"),
        ("semicolons", "A,B", "A;B"),
    ],
)
def test_an_encoder_writes(call: str, value: str, stored: Stored) -> None:
    name, *arguments = call.split(",")
    assert ENCODERS[name].write(value, *arguments) == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("int", "007"),
        ("dt12", "20260115T081001"),
        ("hm", "081001"),
        ("cents", "1.005"),
        ("yn", "1"),
        ("dt", "20260115"),
    ],
)
def test_an_encoder_refuses_what_it_would_lose(name: str, value: str) -> None:
    with pytest.raises(CannotEncode):
        ENCODERS[name].write(value)
