"""How a table's rules are written down and found: one `RuleBook` per table, filled with demands and functions.

A rule is a line of `demands`, or, where no demand says it, a function that yields what is wrong: the name of a field,
or a `Finding` made by `missing` or `warns`. It speaks only of what it is sure of: where a text is absent or cannot be
read, it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from medferry_sandbox.platform.findings import BROKEN, MISSING, WARNING, Finding
from medferry_sandbox.platform.holding import Severities
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.demands import Rule

Says = Iterable[str | Finding]
"""What is wrong: fields, or findings without a rule id."""

RowRule = Callable[[Record], Says]
ParentRule = Callable[..., Says]  # (record, one record per pointer)
MessageRule = Callable[[Sequence[Record]], Iterable[tuple[int, str]]]
LaterRule = Callable[[Record, Beside], Says]
Needed = Callable[[Record], bool]


def missing(*names: str) -> Iterator[Finding]:
    """Fields that must be filled here; a waiver lifts it, as it lifts what is required everywhere."""
    return (Finding(MISSING, name, "C", "") for name in names)


def warns(*names: str) -> Iterator[Finding]:
    """Fields that are wrong, but only worth a warning."""
    return (Finding(BROKEN, name, "", WARNING) for name in names)


@dataclass(frozen=True, slots=True)
class Written:
    """One function of a rule; a rule may need several.

    reads  pointers whose records it is given
    """

    rule_id: str
    judge: Callable[..., Iterable[Any]]
    severity: str = ""
    reads: tuple[str, ...] = ()


@dataclass
class RuleBook:
    """The rules of one table. `severity` only where it is milder than rules.yaml says."""

    table: str
    rows: list[Written] = field(default_factory=list)
    parents: list[Written] = field(default_factory=list)
    messages: list[Written] = field(default_factory=list)
    laters: list[Written] = field(default_factory=list)
    needed: list[tuple[str, Needed]] = field(default_factory=list)

    def needs(self, *names: str, when: Needed) -> None:
        """Fields that must be filled where the condition holds."""
        self.needed += [(name, when) for name in names]

    def row(self, rule_id: str, *, severity: str = "") -> Rule[RowRule]:
        """A rule about the record alone: f(record)."""
        return Rule(_into(self.rows, rule_id, severity))

    def parent(self, rule_id: str, *pointers: str, severity: str = "") -> Rule[ParentRule]:
        """A rule about the record and its parents (FK): f(record, parent, …), asked only when all of them are held."""
        return Rule(_into(self.parents, rule_id, severity, pointers))

    def message(self, rule_id: str, *, severity: str = "") -> Rule[MessageRule]:
        """A rule about the records of one message: f(records) yields (place, field)."""
        return Rule(_into(self.messages, rule_id, severity))

    def later(self, rule_id: str) -> Rule[LaterRule]:
        """A rule about other records: f(record, beside). Judged over all that is held, never refuses: a warning."""
        return Rule(_into(self.laters, rule_id, WARNING))

    def include(self, chapter: RuleBook) -> None:
        """Takes in a chapter of a table that has too many rules for one file."""
        assert chapter.table == self.table, f"{chapter.table}: a chapter of another book"
        self.rows += chapter.rows
        self.parents += chapter.parents
        self.messages += chapter.messages
        self.laters += chapter.laters
        self.needed += chapter.needed


def _into(
    kept: list[Written], rule_id: str, severity: str, reads: tuple[str, ...] = ()
) -> Callable[[Callable[..., Iterable[Any]]], None]:
    return lambda judge: kept.append(Written(rule_id, judge, severity, reads))


_FOLDER: Final = "medferry_sandbox.platform.rules.tables"


@cache
def book_of(table: str) -> RuleBook:
    """The table's rules; an empty book where nobody has written any."""
    name = f"{_FOLDER}.{table}"
    if find_spec(name) is None:
        return RuleBook(table)
    book = import_module(name).rules
    assert isinstance(book, RuleBook)
    assert book.table == table, f"{name}: the book of another table"
    return book


def found(written: Written, said: Iterable[object], severities: Severities) -> Iterator[Finding]:
    """Findings with the rule's id and severity."""
    for one in said:
        finding = one if isinstance(one, Finding) else Finding(BROKEN, str(one), severity="")
        stated = written.severity or severities.of(written.rule_id, finding.field, finding.code)
        yield finding._replace(rule=written.rule_id, severity=finding.severity or stated)
