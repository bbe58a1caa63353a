"""Reading ahead changes neither items nor order nor errors, and closes what it read from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medferry.way_in.read_ahead import read_ahead


class Pages:
    """Counts what was asked of it."""

    def __init__(self, pages: int, fails_at: int | None = None) -> None:
        self.pages = pages
        self.fails_at = fails_at
        self.given = 0
        self.closed = False

    def __iter__(self) -> Iterator[int]:
        try:
            for page in range(self.pages):
                if page == self.fails_at:
                    raise OSError(page)
                self.given += 1
                yield page
        finally:
            self.closed = True


@pytest.mark.parametrize("pages", [0, 1, 2, 7])
def test_all_items_in_their_order(pages: int) -> None:
    source = Pages(pages)
    assert list(read_ahead(iter(source))) == list(range(pages))
    assert source.closed or pages == 0


def test_at_most_one_item_is_ahead() -> None:
    source = Pages(100)
    ahead = [source.given - page for page in read_ahead(iter(source))]
    assert max(ahead) <= 2, "the page in hand and one more"


def test_an_error_comes_where_its_item_would_have_come() -> None:
    reading = read_ahead(iter(Pages(9, fails_at=3)))
    assert [next(reading), next(reading), next(reading)] == [0, 1, 2]
    with pytest.raises(OSError, match="3"):
        next(reading)


def test_a_consumer_that_stops_closes_the_source() -> None:
    source = Pages(100)
    reading = read_ahead(iter(source))
    assert next(iter(reading)) == 0
    reading.close()  # type: ignore[attr-defined]  a generator
    assert source.closed
