"""How often the codes desk is right: the code is blanked, suggestions come from the name alone.

    python -m benchmarks.codes_suggest [DUMPS] [--all] [--failures N]

DUMPS holds dumps of real hospital systems (`zainzhao_his_mysql/his.sql`, `openhis_itaii_postgresql/public.sql`); what is
absent is skipped and said so. The synthetic hospital's code lists are always measured.

What counts as right depends on what is known:
- synthetic hospital, national dictionaries: the standard code that belongs to the local code;
- diagnoses and operations of another edition: no list leads from that edition to ours, so right is a code of the same
  subcategory (A00.0, 00.01), or one whose name is the same after normalising;
- departments: a code of the subject that the dump's own category stands for; categories without a subject are left out.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk.crosswalk import Crosswalk, crosswalk_to
from medferry.codes_desk.matching import NameIndex, Suggestion
from medferry.codes_desk.normalise import normal, without_brackets
from medferry.codes_desk.suggest import combined
from medferry.codes_desk.synonyms import NO_SYNONYMS
from medferry.sandbox.hospital.code_lists import CODE_LISTS
from medferry.sandbox.hospital.world import all_domains

SAMPLE = 3_000
FOLDS = 5
Right = Callable[[Suggestion], bool]

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


@dataclass
class Measured:
    """What one kind of names came to. by_reason: reason -> [asked, right]; failures: (name, best suggestion)."""

    title: str
    asked: int = 0
    first: int = 0
    among_five: int = 0
    times_ms: list[float] = field(default_factory=list)
    by_reason: dict[str, list[int]] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def count(self, name: str, found: Sequence[Suggestion], right: Right, took_ms: float) -> None:
        self.asked += 1
        self.times_ms.append(took_ms)
        is_right = bool(found) and right(found[0])
        self.first += is_right
        self.among_five += any(right(one) for one in found)
        reason = self.by_reason.setdefault(found[0].reason.value if found else "没有建议", [0, 0])
        reason[0] += 1
        reason[1] += is_right
        if not is_right:
            best = f"{found[0].code} {found[0].name} {found[0].score:.2f}" if found else "-"
            self.failures.append((name, best))

    def line(self) -> str:
        times = sorted(self.times_ms)
        p99 = times[min(len(times) - 1, len(times) * 99 // 100)]
        return (
            f"{self.title:<58} {self.asked:>6} {self.first / self.asked:>7.1%} {self.among_five / self.asked:>7.1%}"
            f" {len(self.failures):>6} {times[len(times) // 2]:>7.1f} {p99:>7.1f}"
        )


def asking(
    title: str, cases: Sequence[tuple[str, Right]], index: NameIndex, crosswalk: Crosswalk | None = None
) -> Measured:
    """Asks for every name."""
    index.suggest("热身")
    measured = Measured(title)
    for name, right in cases:
        started = perf_counter()
        found = combined(index, crosswalk, name, "", 5)
        measured.count(name, found, right, (perf_counter() - started) * 1000)
    return measured


def synthetic(catalog: LoadedCatalog) -> Iterator[Measured]:
    """Every local name of the synthetic hospital's lists, those that differ from the standard's apart."""
    all_domains()
    for title, synonyms in (("合成医院", None), ("合成医院（不用同义词表）", NO_SYNONYMS)):
        whole, other = Measured(f"{title}：全部代码表"), Measured(f"{title}：其中名称与标准不同的")
        for listed in CODE_LISTS.values():
            if listed.value_set not in catalog.value_set_ids or catalog.value_set(listed.value_set).is_open:
                continue
            names = catalog.value_set(listed.value_set).names
            index = NameIndex(names, synonyms)
            for local, standard in listed.rows:
                name = listed.names[local]
                if not name:
                    continue
                started = perf_counter()
                found = index.suggest(name)
                took_ms = (perf_counter() - started) * 1000
                for measured in (whole, other) if name != names.get(standard) else (whole,):
                    measured.count(f"{listed.system}_{listed.name} {name}", found, _is(standard), took_ms)
        yield whole
        yield other


def national(catalog: LoadedCatalog, dump: Path) -> Iterator[Measured]:
    """Dictionaries of openHIS that hold national codes."""
    row = re.compile(
        r'INSERT INTO "public"\."sys_dict_data" VALUES \([0-9]+, [0-9]+, \'([^\']*)\', \'([^\']*)\', \'([^\']*)\''
    )
    by_kind: dict[str, list[tuple[str, Right]]] = {}
    for label, value, kind in row.findall(dump.read_text(encoding="utf-8", errors="replace")):
        if kind in NATIONAL:
            by_kind.setdefault(kind, []).append((label, _is(value)))
    for kind, cases in by_kind.items():
        index = NameIndex(catalog.value_set(NATIONAL[kind]).names)
        yield asking(f"openHIS {kind} → {NATIONAL[kind]}", cases, index)


def departments(catalog: LoadedCatalog, dump: Path) -> Iterator[Measured]:
    """Names of departments, judged by the subject of their category."""
    cases = [
        (name, _within(SUBJECTS[category]))
        for _, _, category, name in _rows(dump, "sms_dept", 4)
        if category in SUBJECTS
    ]
    index = NameIndex(catalog.value_set(DEPARTMENTS).names)
    yield asking(f"ZainZhao 科室 → {DEPARTMENTS}（按一级科目判）", cases, index)


def other_editions(catalog: LoadedCatalog, dump: Path, *, everything: bool) -> Iterator[Measured]:
    """Diagnoses and operations of an older edition, by name."""
    coded = [(code, name) for _, _, _, name, code in _rows(dump, "dms_dise", 5) if name and code]
    kinds = (
        ("诊断", "ICD-10", "ICD-10-beijing6", re.compile(r"[A-Z][0-9]{2}\.")),
        ("手术", "ICD-9-CM-3", "ICD-9-CM-3-old", re.compile(r"[0-9]{1,2}\.")),
    )
    for title, target, older, shape in kinds:
        cases = [(code, name) for code, name in coded if shape.match(code)]
        random.Random(2026).shuffle(cases)
        if not everything:
            cases = cases[:SAMPLE]
        index = NameIndex(catalog.value_set(target).names)
        index.warm()
        asked = [(name, _same_subcategory(code, name)) for code, name in cases]
        start = f"ZainZhao {title} → {target}"
        yield asking(f"{start}：只凭本版名称", asked, index)
        strict = [(name, _same_subcategory(code, "")) for code, name in cases]
        yield asking(f"{start}：同上，同名而亚目不同算错", strict, index)
        there = [(name, right) for name, right in asked if _has_equal(index, name)]
        yield asking(f"{start}：其中本版有同名的", there, index)
        names = catalog.value_set(older).names
        yield _held_out(f"{start}：加旧版（五折，旧版不含被问的）", cases, index, names)
        crosswalk = crosswalk_to(catalog, target, index)
        yield asking(f"{start}：加旧版（含被问的，不算盲测）", asked, index, crosswalk)


def _held_out(
    title: str, cases: Sequence[tuple[str, str]], index: NameIndex, names: Mapping[str, str]
) -> Measured:
    """The older edition knows four fifths of the names, and is asked for the fifth that it does not know."""
    measured = Measured(title)
    for fold in range(FOLDS):
        part = cases[fold::FOLDS]
        unknown = {normal(name) for _, name in part}
        older = NameIndex({code: name for code, name in names.items() if normal(name) not in unknown})
        older.warm()
        asked = [(name, _same_subcategory(code, name)) for code, name in part]
        one = asking(title, asked, index, Crosswalk(index, {}, older, 5))
        measured.asked += one.asked
        measured.first += one.first
        measured.among_five += one.among_five
        measured.times_ms += one.times_ms
        measured.failures += one.failures
        for reason, (count, right) in one.by_reason.items():
            both = measured.by_reason.setdefault(reason, [0, 0])
            both[0] += count
            both[1] += right
    return measured


def _has_equal(index: NameIndex, name: str) -> bool:
    return any(one.score >= 0.95 for one in index.suggest(name, limit=1))


def _is(code: str) -> Right:
    return lambda one: one.code == code


def _within(subjects: tuple[str, ...]) -> Right:
    return lambda one: one.code[:2] in subjects


def _same_subcategory(code: str, name: str) -> Right:
    whole, point, rest = code.upper().partition(".")
    wanted = (whole.rjust(2, "0") + point + rest)[:5]
    same = {normal(name), without_brackets(name)} - {""}
    return lambda one: one.code.upper()[:5] == wanted or bool({normal(one.name)} & same)


def _rows(dump: Path, table: str, columns: int) -> Iterator[tuple[str, ...]]:
    """The first columns of a table's rows in a MySQL dump where every value is quoted."""
    row = re.compile(r"\(" + ",".join([r"'((?:[^'\\]|\\.)*)'"] * columns))
    with dump.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith(f"INSERT INTO `{table}`"):
                yield from (found.groups() for found in row.finditer(line))


def measured_kinds(dumps: Path | None, *, everything: bool) -> Iterator[Measured | str]:
    """Everything there is to measure; a text says what was skipped and why."""
    catalog = load_catalog()
    yield from synthetic(catalog)
    sources: tuple[tuple[str, Callable[[Path], Iterator[Measured]]], ...] = (
        ("openhis_itaii_postgresql/public.sql", lambda dump: national(catalog, dump)),
        ("zainzhao_his_mysql/his.sql", lambda dump: departments(catalog, dump)),
        ("zainzhao_his_mysql/his.sql", lambda dump: other_editions(catalog, dump, everything=everything)),
    )
    for name, measure in sources:
        dump = dumps / name if dumps else None
        if dump is None or not dump.is_file():
            yield (
                f"skipped: {name} is not there"
                if dumps
                else f"skipped: no folder of dumps was given ({name})"
            )
            continue
        yield from measure(dump)


def main() -> int:
    """Prints a line per kind, how sure each reason was, and failures if asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dumps", nargs="?", type=Path)
    parser.add_argument("--all", action="store_true", help=f"all names, not {SAMPLE} of a kind")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="so many of each kind")
    options = parser.parse_args()
    print(f"{'kind':<58} {'names':>6} {'@1':>7} {'@5':>7} {'wrong':>6} {'p50 ms':>7} {'p99 ms':>7}")
    reasons: dict[str, Counter[str]] = {}
    for one in measured_kinds(options.dumps, everything=options.all):
        if isinstance(one, str):
            print(one, flush=True)
            continue
        print(one.line(), flush=True)
        for name, best in one.failures[: options.failures]:
            print(f"    {name} -> {best}")
        if "含被问的" not in one.title and "不用同义词" not in one.title and "算错" not in one.title:
            for reason, (asked, right) in one.by_reason.items():
                reasons.setdefault(reason, Counter()).update(asked=asked, right=right)
    print("\nhow often the first suggestion is right, by its reason")
    for reason, seen in sorted(reasons.items(), key=lambda item: -item[1]["right"] / item[1]["asked"]):
        print(f"  {reason:<14} {seen['right'] / seen['asked']:>7.1%} of {seen['asked']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
