"""Never more is kept than was said, the longest unused goes, and what could not be made is not kept."""

from __future__ import annotations

import pytest

from medferry.mapping.last_few import LastFew


def test_the_longest_unused_goes_first() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    few: LastFew[str, str] = LastFew(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert few.of(key, lambda key=key: make(key)) == key.upper()  # type: ignore[misc]
        assert len(few) <= 2
    assert made == ["a", "b", "c", "b"], "b was unused longest when c came"


def test_what_could_not_be_made_is_asked_for_again() -> None:
    few: LastFew[str, str] = LastFew(2)

    def fail() -> str:
        raise OSError("not now")

    with pytest.raises(OSError, match="not now"):
        few.of("a", fail)
    assert len(few) == 0
    assert few.of("a", lambda: "made") == "made"
