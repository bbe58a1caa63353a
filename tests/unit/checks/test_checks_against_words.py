"""The columnar engine against the standard's words, read row by row in plain Python."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from small_catalog import SmallCatalog, batch_of, field_of, table_of

from medferry.catalog.load import load_catalog
from medferry.catalog.model import Field
from medferry.checks import compile_checks, run_checks

HOSTILE = [
    "0", "1", "-1", "-0", "+1", " 1", "1 ", "1.", ".5", "0.5", "00.5", "1e5", "12.50", "12.345",
    "1,000", "NaN", "inf", "９", "１２３", "٣", "²", "Ⅳ", "9" * 38, "-" + "9" * 38, "0." + "9" * 37,
    "24:00", "240000", "235959", "000000", "20230229", "20240229", "19000229", "20000229", "00000101",
    "00010101", "99991231", "20261301", "20260100", "20260115T081000", "20260115T240000",
    "20260115T235960", "20260229T000000", "20260115 081000", "2026-01-15", "T", "F", "t", "TF", "是",
    "男", "张三", "张三丰" * 40, "a\0b", "\0", "\x1f", "\n", "一\n二", "�", "😀", "𠮷", "﻿", "-", "无",
    "未知", "", "null", "A" * 64, "A" * 65, "一" * 70, "一" * 71, "1\n", "20260115\n", "T\n", "e\u0301",
]  # fmt: skip
PLACEHOLDERS = {
    "-", "--", "---", "—", "——", "–", "－", "~", "/", "//", "\\", "／", "*", "**", ".", "。", "?", "？", "",
    "空", "空值", "null", "NULL", "Null", "none", "None", "NONE", "N/A", "n/a", "nan", "NaN", "nil", "undefined",
    "无", "未知", "不详",
}  # fmt: skip
ASCII_DIGITS = set("0123456789")


def real_day(text: str) -> bool:
    if len(text) != 8 or not set(text) <= ASCII_DIGITS:
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def real_time(text: str) -> bool:
    if len(text) != 6 or not set(text) <= ASCII_DIGITS:
        return False
    return int(text[:2]) < 24 and int(text[2:4]) < 60 and int(text[4:]) < 60


def plain_number(text: str, scale: int) -> bool:
    """Digits, perhaps a sign `-` and a point between digits; no zero before other digits."""
    whole, point, fraction = text.removeprefix("-").partition(".")
    if not whole or not set(whole + fraction) <= ASCII_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        return False
    return (1 <= len(fraction) <= scale) if point else True


def is_debris(char: str) -> bool:
    at = ord(char)
    control = (at < 32 and char not in "\t\n\r") or 127 <= at < 160
    return control or at in {0xFFFD, 0xFEFF} or 0x1F000 <= at <= 0x1FAFF


def shape_by_words(kind: str, text: str) -> bool:
    """Whether a date, time or truth value is one."""
    if kind == "L":
        return text in {"T", "F"}
    if kind == "DT15":
        return len(text) == 15 and text[8] == "T" and real_day(text[:8]) and real_time(text[9:])
    return real_day(text) if kind == "D8" else real_time(text)


def digits_by_words(field: Field, text: str) -> set[str]:
    """N: a number, or a code of digits."""
    form = field.format
    assert form.length_max is not None
    if field.type in {"decimal", "integer"}:
        if not plain_number(text, form.scale):
            return {"3002"}
        return {"3005"} if sum(c in ASCII_DIGITS for c in text) > form.length_max else set()
    if not text or not set(text) <= ASCII_DIGITS:
        return {"3002"}
    return set() if form.length_min <= len(text) <= form.length_max else {"3004"}


def codes_by_words(field: Field, text: str | None) -> set[str]:
    """Codes of the findings that the words of the standard ask for."""
    if text is None:
        return {"3001"} if field.required == "R" else set()
    form = field.format
    if form.kind.value in {"D8", "T6", "DT15", "L"}:
        return set() if shape_by_words(form.kind.value, text) else {"3002"}
    if form.kind.value == "N":
        return digits_by_words(field, text)
    found = set() if form.length_min <= len(text) <= (form.length_max or len(text)) else {"3004"}
    if any(map(is_debris, text)):
        found.add("3008")
    if form.kind.value == "A" and any(c in "0123456789０１２３４５６７８９" for c in text):
        found.add("3002")
    answers = {"无", "未知", "不详"} if field.type == "text" else set()
    if field.required == "R" and text in PLACEHOLDERS - answers:
        found.add("3007")
    return found


def notations() -> list[tuple[str, str]]:
    catalog = load_catalog("jiangxi")
    fields = [f for name in catalog.table_names for f in catalog.table(name).fields]
    return sorted(
        {(f.type, f.format.text) for f in fields} | {("string", "T6"), ("string", "AN4"), ("integer", "N4")}
    )


def mutated(rng: random.Random) -> str:
    letters = "0123456789-+. T\n９一a\0:"
    seed = rng.choice(HOSTILE) or "1"
    at = rng.randrange(len(seed))
    return seed[:at] + rng.choice(letters) + seed[at + rng.randrange(2) :]


@pytest.mark.parametrize("seed", range(6))
def test_every_notation_of_the_catalog(seed: int) -> None:
    """Goal: the columnar checks find what the words say, no more and no less, in every notation there is.
    Method: one table with a required and an optional field per notation; hostile texts and mutations of
    them, each column in an order of its own; the oracle reads the words row by row."""
    rng = random.Random(seed)
    values = [None, *HOSTILE, *(mutated(rng) for _ in range(200))] if seed else [rng.choice(HOSTILE)]
    assert_judged_by_words({f: rng.sample(values, len(values)) for f in a_field_of_every_notation()})


@pytest.mark.parametrize("seed", range(4))
def test_long_columns_of_few_values(seed: int) -> None:
    """Goal: where the same values come again and again and each is judged once, no wrong one slips through.
    Method: two thousand rows with a handful of texts in each column, most of them one text; the oracle again."""
    rng = random.Random(seed)
    few = {f: rng.sample([None, "T", "20260115", "1", *HOSTILE], 6) for f in a_field_of_every_notation()}
    assert_judged_by_words({f: rng.choices(texts, (400, 9, 9, 1, 1, 1), k=2_000) for f, texts in few.items()})


def a_field_of_every_notation() -> list[Field]:
    """One required and one optional."""
    return [
        field_of(f"f{n}_{required.lower()}", type=kind, format=text, required=required)
        for n, (kind, text) in enumerate(notations())
        for required in "RO"
    ]


def assert_judged_by_words(texts: Mapping[Field, Sequence[str | None]]) -> None:
    columns = {f.name: column for f, column in texts.items()}
    table = table_of(*texts)
    checked = run_checks(batch_of(table, columns), compile_checks(table, SmallCatalog({}), {}))
    found: dict[tuple[int, str], set[str]] = {}
    for row, name, code in checked.findings.select("row", "field", "code").iter_rows():
        found.setdefault((row, name), set()).add(code)
    for f, column in texts.items():
        for row, text in enumerate(column):
            wanted = codes_by_words(f, text)
            assert found.get((row, f.name), set()) == wanted, (f.type, f.format.text, f.required, text)
    assert checked.findings.height == sum(len(codes) for codes in found.values()), "a finding came twice"


def test_the_oracle_knows_numbers() -> None:
    """The oracle itself against decimal: what it calls a number, Decimal writes as the same text."""
    numbers = [text for text in HOSTILE if plain_number(text, 40)]
    assert len(numbers) > 10
    assert [format(Decimal(text), "f") for text in numbers] == numbers


def check_character(body: str) -> str:
    """GB 11643: sum of digit times 2^(18 - place) modulo 11; the remainder's partner makes 1."""
    total = sum(int(c) * 2 ** (17 - at) for at, c in enumerate(body))
    last = (12 - total % 11) % 11
    return "X" if last == 10 else str(last)


def test_identity_cards_by_the_formula() -> None:
    rng = random.Random(11)
    good = []
    for _ in range(2_000):
        body = "".join(rng.choices("0123456789", k=17))
        good.append(body + check_character(body))
    bad = []
    for number in good:  # the check finds every single wrong digit
        at = rng.randrange(17)
        bad.append(number[:at] + rng.choice([c for c in "0123456789" if c != number[at]]) + number[at + 1 :])
    table = table_of(
        field_of("own_type_code", type="code", format="N2", value_set="CV02.01.101"),
        field_of("own_no", format="AN..32"),
    )
    checks = compile_checks(table, SmallCatalog({"CV02.01.101": ["01", "03"]}), {})
    batch = batch_of(table, {"own_no": good + bad, "own_type_code": ["01"] * 4_000})
    checked = run_checks(batch, checks)
    assert checked.sound.to_list() == [True] * 2_000 + [False] * 2_000
    assert set(checked.findings["code"]) == {"3006"}
    assert set(checked.findings["field"]) == {"own_no"}
