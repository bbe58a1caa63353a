"""A step of the way in works one batch ahead of the step that follows it, on a thread of its own."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterator[T]) -> Generator[T]:
    """The same items in the same order, each fetched on one thread of its own while the consumer works the one before.

    At most one item is ahead. An error comes where the item would have come. However the consumer ends, the source's
    iterator is closed on the thread that ran it.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read ahead") as reader:
        try:
            coming = reader.submit(_next, items)
            while (found := coming.result()) is not None:
                coming = reader.submit(_next, items)
                yield found.pop()  # kept by the consumer alone
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                reader.submit(close).result()


def _next(items: Iterator[T]) -> list[T] | None:
    for item in items:
        return [item]
    return None
