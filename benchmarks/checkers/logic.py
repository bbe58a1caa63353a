"""Conditions of rules.yaml over any notation: what is certainly true and what is certainly false, each an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

E = TypeVar("E")

MARK = "→"
BETWEEN_ITEMS = "[→⇒⟶>、,;/|—–=-]+"

_OPPOSITES = {"is_not": "is", "not_starts_with": "starts_with", "not_in_ranges": "in_ranges",
              "not_matches": "matches", "not_younger_than": "younger_than"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Three(Generic[E]):
    """A verdict of three outcomes; unknown is neither."""

    true: E
    false: E


@dataclass(frozen=True, slots=True)
class Notation(Generic[E]):
    """tests: word -> (column, argument) -> verdict; both, either: of several expressions one."""

    tests: Mapping[str, Callable[[str, object], Three[E]]]
    both: Callable[[Sequence[E]], E]
    either: Callable[[Sequence[E]], E]

    def condition(self, spec: object) -> Three[E]:
        assert isinstance(spec, Mapping)
        return self._all([part for name, test in spec.items() for part in self._parts(str(name), test)])

    def _parts(self, name: str, test: object) -> list[Three[E]]:
        if name in ("any", "all"):
            assert isinstance(test, list)
            found = [self.condition(one) for one in test]
            return [self._any(found) if name == "any" else self._all(found)]
        if name == "not":
            return [_opposite(self.condition(test))]
        if not isinstance(test, Mapping):
            return [self._test("is", name, test)]
        return [self._test(str(word), name, argument) for word, argument in test.items()]

    def _test(self, word: str, name: str, argument: object) -> Three[E]:
        if word in _OPPOSITES:
            return _opposite(self._test(_OPPOSITES[word], name, argument))
        return self.tests[word](name, argument)

    def _all(self, parts: Sequence[Three[E]]) -> Three[E]:
        return Three(self.both([p.true for p in parts]), self.either([p.false for p in parts]))

    def _any(self, parts: Sequence[Three[E]]) -> Three[E]:
        return Three(self.either([p.true for p in parts]), self.both([p.false for p in parts]))


def _opposite(one: Three[E]) -> Three[E]:
    return Three(one.false, one.true)


def last_is(chain: str, last: str) -> bool:
    """Whether the chain ends in the last; both with one MARK between items."""
    return f"{MARK}{chain}".endswith(f"{MARK}{last}")


def texts(argument: object) -> list[str]:
    """Codes of a test; true and false are T and F."""
    several = argument if isinstance(argument, list) else [argument]
    return [("T" if one else "F") if isinstance(one, bool) else str(one) for one in several]


def ranges(argument: object) -> list[tuple[str, str]]:
    """Of `N70-N98` the first code and the one behind the last."""
    found = []
    for text in texts(argument):
        low, _, high = text.partition("-")
        high = high or low
        found.append((low, high[:-1] + chr(ord(high[-1]) + 1)))
    return found
