"""Sheets that no header row can tell: tables side by side, fields as cards or as columns, turned into plain tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from medferry.books.headers import FIELD_ROLES, Role, find_headers, header_at, plain, roles_of
from medferry.books.sheets import Row, Sheet, column_letter

_TITLES_MAX = 4  # rows above a header that may be its titles
_LABELS_MIN = 3  # attributes that make a card


def straightened(sheet: Sheet) -> list[Sheet]:
    """The sheet as one or more whose tables stand below one another, each with a header row; places stay the book's."""
    apart = _side_by_side(sheet)
    if len(apart) == 1 and not find_headers(sheet.rows):
        return [_upright(sheet)]
    return apart


def _side_by_side(sheet: Sheet) -> list[Sheet]:
    rows = sheet.rows
    cuts: list[tuple[int, tuple[int, ...]]] = []
    for place in range(len(rows)):
        starts = _bands(rows[place])
        if not starts and (not cuts or header_at(rows, place) is None):
            continue
        if cuts and cuts[-1][1] == starts:
            continue
        top, wide = place, max(len(starts), 1)
        while top > 0 and place - top < _TITLES_MAX and 0 < len(rows[top - 1].own) <= wide:
            top -= 1
        cuts.append((top if cuts else 0, starts))
    if not any(starts for _, starts in cuts):
        return [sheet]
    parts: list[Sheet] = []
    for number, (top, starts) in enumerate(cuts):
        bottom = cuts[number + 1][0] if number + 1 < len(cuts) else len(rows)
        edges = [0, *starts[1:], max((len(row.texts) for row in rows), default=0)]
        for left, right in itertools.pairwise(edges):
            parts.append(replace(sheet, rows=[_within(row, left, right) for row in rows[top:bottom]]))
    return parts


def _bands(row: Row) -> tuple[int, ...]:
    """The columns at which tables begin, when the row heads several side by side; else none."""
    own = row.own
    if len(own) < 4:
        return ()
    first = plain(own[0][1])
    starts = tuple(column for column, text in own if plain(text) == first)
    if len(starts) < 2:
        return ()
    edges = [*starts, len(row.texts)]
    alone = [_within(row, left, right) for left, right in itertools.pairwise(edges)]
    return starts if all(header_at([one], 0) is not None for one in alone) else ()


def _within(row: Row, left: int, right: int) -> Row:
    columns = range(left, right)
    return replace(
        row,
        texts=[text if column in columns else "" for column, text in enumerate(row.texts)],
        across=frozenset(c for c in row.across if c in columns and c > left),
        down=frozenset(c for c in row.down if c in columns),
        struck=frozenset(c for c in row.struck if c in columns),
    )


@dataclass(frozen=True, slots=True)
class _Card:
    """One field: label -> text, and where it stands."""

    row: int
    column: int
    texts: dict[str, str]


def _upright(sheet: Sheet) -> Sheet:
    """Attributes as rows become attributes as columns; the sheet itself where it holds no such thing."""
    parts = [(part, list(_cards(part))) for part in _stretches(sheet.rows)]
    labels = list(dict.fromkeys(label for _, cards in parts for card in cards for label in card.texts))
    if not labels:
        return sheet
    rows: list[Row] = []
    is_headed = False
    for part, cards in parts:
        if not cards:
            rows += part
            is_headed = is_headed and all(row.is_blank for row in part)
            continue
        if not is_headed:
            rows.append(Row(part[0].number, labels))
            is_headed = True
        for card in cards:
            texts = [card.texts.get(label, "") for label in labels]
            rows.append(Row(card.row, texts, letter=column_letter(card.column)))
    return replace(sheet, rows=rows)


def _stretches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that begin with a label, and rows that do not, in turns."""
    held: list[Row] = []
    was_label = False
    for row in rows:
        is_label = bool(row.own) and bool(_roles(row.own[0][1])) and len(row.own) >= 2
        if held and is_label != was_label:
            yield held
            held = []
        held.append(row)
        was_label = is_label
    if held:
        yield held


def _cards(rows: Sequence[Row]) -> Iterator[_Card]:
    labels: dict[int, list[tuple[Row, str]]] = {}
    for row in rows:
        for column, text in row.own:
            if _roles(text):
                labels.setdefault(column, []).append((row, text))
    columns = [c for c, found in labels.items() if len(found) * 2 > sum(bool(r.text(c)) for r in rows)]
    columns.sort()
    names = [{plain(text) for _, text in labels[column]} for column in columns]
    shared = bool(names) and any(one & other for n, one in enumerate(names) for other in names[n + 1 :])
    width = max((len(row.texts) for row in rows), default=0)
    found: list[_Card] = []
    for place, column in enumerate(columns):
        end = columns[place + 1] if place + 1 < len(columns) else width
        for at in range(column + 1, end):
            texts = {text: row.text(at) for row, text in labels[column] if at not in row.across}
            if any(texts.values()):
                found.append(_Card(labels[column][0][0].number, at, texts))
    if len(columns) > 1 and not shared and len(found) == len(columns):
        whole = {label: text for card in found for label, text in card.texts.items()}
        found = [_Card(found[0].row, found[0].column, whole)]
    yield from (card for card in found if _is_field(card))


def _is_field(card: _Card) -> bool:
    roles = {role for label in card.texts for role in _roles(label)}
    return (
        len(card.texts) >= _LABELS_MIN
        and bool(roles & {Role.NAME, Role.NAME_ZH})
        and bool(roles & {Role.TYPE, Role.FORMAT})
    )


def _roles(text: str) -> tuple[Role, ...]:
    return roles_of(text, FIELD_ROLES)
