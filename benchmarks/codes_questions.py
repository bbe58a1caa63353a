"""Questions for the codes desk with a known answer: the code is blanked, the name is asked.

What counts as right depends on what is known:
- synthetic hospital, national dictionaries: the standard code that belongs to the local code;
- diagnoses and operations of another edition: no list leads from that edition to ours, so right is a code of the same
  subcategory (A00.0, 00.01) as far as both editions divide (V75.251 is V75.x00), or one whose name is the same after
  normalising;
- departments: a code of the subject that the dump's own category stands for; categories without a subject are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from medferry.catalog.load import LoadedCatalog
from medferry.codes_desk.crosswalk import index_of
from medferry.codes_desk.normalise import normal, without_brackets
from medferry_sandbox.hospital.code_lists import CODE_LISTS
from medferry_sandbox.hospital.world import all_domains

Right = Callable[[str, str], bool]  # a standard code and its name
FOLDS = 5

# openHIS: dictionaries whose values are the national codes themselves.
NATIONAL = {
    "nationality_code": "GB/T 3304",
    "marital_status_enum": "GB/T 2261.2",
    "patient_identifier_type_code": "CV02.01.101",
    "prfs_enum": "GB/T 2261.4",
    "country_code": "GB/T 2659-alpha3",
    "blood_abo": "CV04.50.005",
}
# ZainZhao: category of a department -> subjects of the directory of clinical subjects.
SUBJECTS = {
    "11": ("03",), "12": ("04",), "14": ("07", "08", "09"), "15": ("16",), "16": ("05", "06"), "18": ("15",),
    "19": ("13",), "20": ("50",), "21": ("19",), "22": ("04",), "23": ("10", "11", "12"), "24": ("21",),
    "25": ("26", "27"), "28": ("32",),
}  # fmt: skip
DEPARTMENTS = "医疗机构诊疗科目名录"


@dataclass(frozen=True, slots=True)
class Question:
    """name: as asked; said: how a failure is listed; standard: the code itself, where one is known."""

    name: str
    right: Right
    said: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """An older edition of a classification and the value set that it leads to."""

    title: str
    target: str
    older: str
    shape: re.Pattern[str]


EDITIONS = (
    Edition("诊断", "ICD-10", "ICD-10-beijing6", re.compile(r"[A-Z][0-9]{2}\.")),
    Edition("手术", "ICD-9-CM-3", "ICD-9-CM-3-old", re.compile(r"[0-9]{1,2}\.")),
)


def is_fitted(name: str) -> bool:
    """Whether a name is of the half that chances are fitted on; the other half shows what they are worth."""
    return crc32(normal(name).encode()) % 2 == 0


def fold_of(name: str) -> int:
    """The part of the older edition that is hidden while a name is asked: equal names are hidden together."""
    return crc32(normal(name).encode()) // 2 % FOLDS


def without_fold(names: Mapping[str, str], fold: int) -> dict[str, str]:
    return {code: name for code, name in names.items() if fold_of(name) != fold}


def synthetic(catalog: LoadedCatalog) -> Iterator[tuple[str, Mapping[str, str], list[Question]]]:
    """Per code list of the synthetic hospital: its value set, the names there, every local name."""
    all_domains()
    for listed in CODE_LISTS.values():
        if listed.value_set not in catalog.value_set_ids or catalog.value_set(listed.value_set).is_open:
            continue
        names = catalog.value_set(listed.value_set).names
        yield (
            listed.value_set,
            names,
            [
                Question(name, is_code(standard), f"{listed.system}_{listed.name} {name}", standard)
                for local, standard in listed.rows
                if (name := listed.names[local])
            ],
        )


def national(dump: Path) -> Iterator[tuple[str, list[Question]]]:
    """Dictionaries of openHIS that hold national codes: its name and the questions."""
    row = re.compile(
        r'INSERT INTO "public"\."sys_dict_data" VALUES \([0-9]+, [0-9]+, \'([^\']*)\', \'([^\']*)\', \'([^\']*)\''
    )
    by_kind: dict[str, list[Question]] = {}
    for label, value, kind in row.findall(dump.read_text(encoding="utf-8", errors="replace")):
        if kind in NATIONAL:
            by_kind.setdefault(kind, []).append(Question(label, is_code(value), standard=value))
    yield from by_kind.items()


def departments(dump: Path) -> list[Question]:
    """Names of departments, judged by the subject of their category."""
    return [
        Question(name, _within(SUBJECTS[category]))
        for _, _, category, name in _rows(dump, "sms_dept", 4)
        if category in SUBJECTS
    ]


def coded_names(dump: Path, edition: Edition) -> list[tuple[str, str]]:
    """Diagnoses or operations of a dump: code and name."""
    return [
        (code, name)
        for _, _, _, name, code in _rows(dump, "dms_dise", 5)
        if name and code and edition.shape.match(code)
    ]


class Judge:
    """Judges answers to names of an older edition by the target's subcategories."""

    def __init__(self, catalog: LoadedCatalog, target: str) -> None:
        self.index = index_of(catalog, target)
        self.names = catalog.value_set(target).names
        self.subcategories = self.index.subcategories
        self._codes_by_name: dict[str, list[str]] = {}
        for code, name in self.names.items():
            self._codes_by_name.setdefault(normal(name), []).append(code)

    def question(self, code: str, name: str, *, same_name: bool = True) -> Question:
        """same_name: an equal name in another subcategory is right too, the editions differ there."""
        wanted = frozenset(self.subcategories.codes_of(code))
        same: set[str] = {normal(name), without_brackets(name)} - {""} if same_name else set()
        return Question(name, lambda one, called: one in wanted or normal(called) in same)

    def narrow_question(self, code: str, name: str) -> Question:
        """The first characters have to be the same, though one edition may not divide there."""
        wanted = self.subcategories.of(code)
        same = {normal(name), without_brackets(name)} - {""}
        return Question(
            name, lambda one, called: self.subcategories.of(one) == wanted or normal(called) in same
        )

    def equal_codes(self, name: str) -> set[str]:
        """Codes of the target whose name is the same."""
        return set(self._codes_by_name.get(normal(name), ()))

    def has_narrow_place(self, code: str) -> bool:
        """Whether the target has a code whose first characters are the same."""
        wanted = self.subcategories.of(code)
        return any(self.subcategories.of(one) == wanted for one in self.subcategories.codes_of(code))

    def has_place(self, code: str) -> bool:
        """Whether the target has any code where this one belongs."""
        return bool(self.subcategories.codes_of(code))


def is_code(code: str) -> Right:
    return lambda one, _: one == code


def _within(subjects: tuple[str, ...]) -> Right:
    return lambda one, _: one[:2] in subjects


def _rows(dump: Path, table: str, columns: int) -> Iterator[tuple[str, ...]]:
    """The first columns of a table's rows in a MySQL dump where every value is quoted."""
    row = re.compile(r"\(" + ",".join([r"'((?:[^'\\]|\\.)*)'"] * columns))
    with dump.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith(f"INSERT INTO `{table}`"):
                yield from (found.groups() for found in row.finditer(line))
