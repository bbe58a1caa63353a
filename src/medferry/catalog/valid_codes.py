"""Which codes may stand in a field: lists laid together, and the shape of codes that no list has."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CodeShape:
    """What unlisted codes look like; `places` characters at their beginning must be known, 0: none."""

    pattern: re.Pattern[str]
    places: int
    known: frozenset[str]

    def fits(self, code: str) -> bool:
        return bool(self.pattern.fullmatch(code)) and (not self.places or code[: self.places] in self.known)


@dataclass(frozen=True)
class ValidCodes(Collection[str]):
    """What may stand in a field: the listed codes and those of the right shape. Iterates over the listed ones only."""

    listed: frozenset[str]
    shapes: tuple[CodeShape, ...] = ()

    def __contains__(self, code: object) -> bool:
        return code in self.listed or (isinstance(code, str) and any(one.fits(code) for one in self.shapes))

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed) + len(self.shapes)

    def strange(self, values: Iterable[str | None], fits: Callable[[str], bool]) -> set[str]:
        """Of these values those that may not stand there. fits: whether an unlisted code keeps to the field's format."""
        unlisted = set(values) - self.listed - {None}
        return {one for one in unlisted if one is not None and not (one in self and fits(one))}


def together(parts: Sequence[ValidCodes]) -> ValidCodes:
    """What is valid by any of them."""
    if len(parts) == 1:
        return parts[0]
    listed = frozenset().union(*(one.listed for one in parts))
    return ValidCodes(listed, tuple(dict.fromkeys(shape for one in parts for shape in one.shapes)))
