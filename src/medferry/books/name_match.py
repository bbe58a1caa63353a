"""Names of a book against names of the catalog: exact, then normalised, then suggestions for a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from medferry.catalog.load import NAME, LoadedCatalog
from medferry.catalog.model import Table

SUGGESTIONS_MAX = 3
FIELDS_MIN = 5  # fewer prove nothing
OVERLAP_SURE_OTHER = 0.9
OVERLAP_SURE = 0.6  # share of a block's fields that a table must hold to be told from its namesake
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
_NO_TABLE = re.compile(r"(?i)(sheet|table|page|cdr|hds|ws|gb|de|cv)_?[a-z]?[0-9_.]*[a-z]?|fields?|list")
_PARTS = re.compile(r"[()\[\]{}<>《》【】:：/|,，;；\s]+|--+|—+|(?<=[\u4e00-\u9fff])-|-(?=[\u4e00-\u9fff])")
_NUMBERING = re.compile(
    r"^(第?[0-9一二三四五六七八九十]+[章节、.．]|[0-9]+(\.[0-9]+)*|表\s*[0-9]+([.\-][0-9]+)*|附录?\s*[A-Z0-9]+)"
)


def normal_zh(text: str) -> str:
    """A Chinese name without numbering, blanks, punctuation and the word 表 at its end; half-width, lower case."""
    text = unicodedata.normalize("NFKC", text).lower().strip()
    while found := _NUMBERING.match(text):
        text = text[found.end() :].strip()
    text = re.sub(r"[^\w\u4e00-\u9fff]|_", "", text)
    return re.sub(r"(数据)?(子集|表)$", "", text) or text


def alike(one: str, other: str) -> float:
    """0 to 1: share of characters in common, in order."""
    return SequenceMatcher(None, normal_zh(one), normal_zh(other), autojunk=False).ratio()


@dataclass(frozen=True, slots=True)
class TableMatch:
    """name: the table, "" when none was found. is_new: not in the catalog below. written: its name as the book has it."""

    name: str
    how: str
    title_zh: str = ""
    is_new: bool = False
    suggestions: tuple[str, ...] = ()
    written: str = ""


class TableNames:
    """Finds the table that texts around a block speak of."""

    def __init__(self, catalog: LoadedCatalog) -> None:
        self._catalog = catalog
        self._by_zh: dict[str, list[str]] = {}
        self._extra: dict[str, str] = {}
        self._written: dict[str, str] = {}
        for name in catalog.table_names:
            table = catalog.table(name)
            for title in (table.title_zh, table.dataset_zh + table.title_zh):
                listed = self._by_zh.setdefault(normal_zh(title), [])
                if name not in listed:
                    listed.append(name)

    def learn(self, name: str, title_zh: str) -> None:
        """A line of the book's own list of tables. name: as written"""
        self._written[name.lower()] = name
        self._extra[normal_zh(title_zh)] = name.lower()
        if NAME.fullmatch(name.lower()):
            self._extra[name.lower()] = name.lower()

    def forget(self, titles: Iterable[str]) -> None:
        """Normalised titles that the book's list gives to several tables tell nothing."""
        for title in titles:
            self._extra.pop(title, None)

    def says(self, text: str) -> bool:
        """The text alone names a table that is known, by either name."""
        known = [
            self._by_zh.get(normal_zh(part)) or self._extra.get(normal_zh(part)) for part in self._split(text)
        ]
        return any(known) or any(word.lower() in self._catalog.table_names for word in self._words(text))

    def says_in_english(self, text: str) -> bool:
        """The text holds the English name of a table, known or new."""
        return any(
            not _NO_TABLE.fullmatch(word) and NAME.fullmatch(word.lower()) for word in self._words(text)
        )

    @staticmethod
    def _words(text: str) -> list[str]:
        return _WORD.findall(unicodedata.normalize("NFKC", text))

    @staticmethod
    def _split(text: str) -> list[str]:
        return [part for part in (text, *_PARTS.split(text)) if part]

    def find(self, texts: Sequence[str], names: Iterable[str], names_zh: Iterable[str]) -> TableMatch:
        """The table of a block; `names` and `names_zh` are its fields'."""
        own, own_zh = {n.lower() for n in names if n}, {normal_zh(n) for n in names_zh if n}
        known = self._catalog.table_names
        for text in texts:
            for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
                if word.lower() in known:
                    return TableMatch(word.lower(), "英文表名", _title(text), written=word)
        for text in texts:
            for part in [text, *_PARTS.split(text)]:
                told = self._extra.get(normal_zh(part)) if part else None
                if told:
                    title = part if normal_zh(part) != told else _title(text)
                    written = self._written.get(told, "")
                    return TableMatch(told, "书中表清单", title, is_new=told not in known, written=written)
                found = self._by_zh.get(normal_zh(part), []) if part else []
                chosen = found[0] if len(found) == 1 else self._told_apart(found, texts, own, own_zh)
                if chosen:
                    return TableMatch(chosen, "中文表名", part)
        return self._unknown(texts, own, own_zh)

    def _told_apart(
        self, names: Sequence[str], texts: Sequence[str], own: set[str], own_zh: set[str]
    ) -> str | None:
        """One of several tables of the same title: by the data set named near it, else by its fields."""
        if not names:
            return None
        near = " ".join(texts)
        by_set = [
            name
            for name in names
            if (t := self._catalog.table(name)).dataset_zh in near
            or (t.dataset_code and t.dataset_code in near)
        ]
        if len(by_set) == 1:
            return by_set[0]
        rated = sorted(((self._overlap(name, own, own_zh), name) for name in names), reverse=True)
        sure = rated[0][0] >= OVERLAP_SURE and rated[0][0] > rated[1][0]
        return rated[0][1] if sure else None

    def contradicted(self, name: str, names: Iterable[str], names_zh: Iterable[str]) -> str:
        """The table whose fields these are, when they are not those of `name`; else ""."""
        own, own_zh = {n.lower() for n in names if n}, {normal_zh(n) for n in names_zh if n}
        if len(own or own_zh) < FIELDS_MIN or self._overlap(name, own, own_zh) >= OVERLAP_SURE:
            return ""
        rated = sorted(
            ((self._overlap(one, own, own_zh), one) for one in self._catalog.table_names), reverse=True
        )
        sure = rated[0][0] >= OVERLAP_SURE_OTHER and rated[0][0] > rated[1][0]
        return rated[0][1] if sure and rated[0][1] != name else ""

    def _overlap(self, name: str, own: set[str], own_zh: set[str]) -> float:
        table = self._catalog.table(name)
        wanted, there = (
            (own, set(table.field_names)) if own else (own_zh, {normal_zh(f.name_zh) for f in table.fields})
        )
        return len(wanted & there) / len(wanted) if wanted else 0.0

    def _unknown(self, texts: Sequence[str], own: set[str], own_zh: set[str]) -> TableMatch:
        rated = []
        for name in self._catalog.table_names:
            title = self._catalog.table(name).title_zh
            by_title = max(
                (alike(part, title) for text in texts for part in _PARTS.split(text) if part), default=0
            )
            score = max(by_title, self._overlap(name, own, own_zh))
            if score >= 0.5:
                rated.append((score, name, title))
        best = sorted(rated, reverse=True)[:SUGGESTIONS_MAX]
        suggestions = tuple(f"{name}（{title}，{score:.0%}）" for score, name, title in best)
        for text in texts:
            for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
                if not _NO_TABLE.fullmatch(word) and NAME.fullmatch(word.lower()):
                    return TableMatch(
                        word.lower(), "新表", _title(text), is_new=True, suggestions=suggestions, written=word
                    )
        return TableMatch("", "", suggestions=suggestions)


def _title(text: str) -> str:
    """The Chinese of a title: 2.1 就诊记录（visit） -> 就诊记录."""
    found = [p for p in _PARTS.split(_NUMBERING.sub("", text.strip())) if re.search("[\u4e00-\u9fff]", p)]
    return next((p for p in found if normal_zh(p) not in ("表名", "中文名", "数据集", "表")), "")


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """name: the field, "" when a person must say. how: "" for the plain case."""

    name: str
    how: str = ""
    suggestions: tuple[str, ...] = ()


class FieldNames:
    """Finds the field of a table that a line of a book speaks of."""

    def __init__(
        self, table: Table | None, elsewhere: Mapping[str, str], *, names_its_own_way: bool = False
    ) -> None:
        """elsewhere: normalised Chinese name -> the English name most tables use for it.
        names_its_own_way: the book has English names, and they are not ours: Chinese ones tell the field.
        """
        self._table = table
        self._names_its_own_way = names_its_own_way
        self._given: set[str] = set()
        self._elsewhere = elsewhere
        self._by_zh: dict[str, str] = {}
        self._normal: dict[str, list[str]] = {}
        for one in table.fields if table else ():
            self._by_zh[one.name_zh] = one.name
            self._normal.setdefault(normal_zh(one.name_zh), []).append(one.name)

    def find(self, name: str, name_zh: str) -> FieldMatch:
        low = written_name(name)
        zh = name_zh or name
        if NAME.fullmatch(low):
            ours = self._by_zh.get(zh) if self._names_its_own_way else None
            if ours is None or ours in self._given or (self._table and low in self._table.by_name):
                return FieldMatch(low)
            self._given.add(ours)
            return FieldMatch(ours, "中文名")
        if zh in self._by_zh:
            return FieldMatch(self._by_zh[zh], "中文名")
        near = self._normal.get(normal_zh(zh), [])
        if len(near) == 1:
            return FieldMatch(near[0], "近似中文名")
        return FieldMatch("", suggestions=self._suggest(zh))

    def _suggest(self, zh: str) -> tuple[str, ...]:
        found: list[str] = []
        if self._table:
            rated = sorted(
                ((alike(zh, f.name_zh), f.name, f.name_zh) for f in self._table.fields), reverse=True
            )
            found = [
                f"{name}（{title}，{score:.0%}）"
                for score, name, title in rated[:SUGGESTIONS_MAX]
                if score >= 0.5
            ]
        other = self._elsewhere.get(normal_zh(zh))
        if other:
            found.insert(0, f"{other}（他表同名字段）")
        return tuple(found)


def written_name(text: str) -> str:
    """A field's English name without what books add to it: a star, a word in brackets, a break at an underscore."""
    return as_written(text).lower()


def as_written(text: str) -> str:
    """The same with the book's capitals."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"(?i)\((pk|fk|主键|外键|主外键|联合主键)\)$|[*★#]+$|^[*★#]+", "", plain).strip()
    return re.sub(r"\s*_\s*", "_", plain)


def names_elsewhere(catalog: LoadedCatalog) -> dict[str, str]:
    """Normalised Chinese name -> the English name that most tables use for it."""
    counts: dict[str, dict[str, int]] = {}
    for table in map(catalog.table, catalog.table_names):
        for one in table.fields:
            names = counts.setdefault(normal_zh(one.name_zh), {})
            names[one.name] = names.get(one.name, 0) + 1
    return {zh: max(names, key=lambda n: (names[n], n)) for zh, names in counts.items()}
