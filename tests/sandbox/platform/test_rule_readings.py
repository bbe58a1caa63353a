"""What the platform's rules read out of texts and lists: sure of something, or silent."""

from __future__ import annotations

import pytest

from medferry_sandbox.platform.rules.lists import is_misnamed, is_unlisted
from medferry_sandbox.platform.rules.texts import birth_on_card, is_mobile, is_phone, sex_on_card

CARD = "11010519491231002X"


def test_a_resident_card_tells_birth_and_sex() -> None:
    assert birth_on_card(CARD) == "19491231"
    assert sex_on_card(CARD) == "2"


@pytest.mark.parametrize(
    ("number", "kind"), [(None, "01"), (CARD, "03"), (CARD, None), (CARD[:-1] + "1", "01")]
)
def test_another_document_or_a_wrong_number_tells_nothing(number: str | None, kind: str | None) -> None:
    assert birth_on_card(number, kind) is None
    assert sex_on_card(number, kind) is None


@pytest.mark.parametrize("number", ["0791-8888123", "+8613970001234", "(0791)8888123", "12345"])
def test_phones(number: str) -> None:
    assert is_phone(number)


@pytest.mark.parametrize("number", ["1234", "88888888", "0791 8888123", "转8001", "８８８８１２３"])
def test_no_phones(number: str) -> None:
    assert not is_phone(number)


def test_mobiles() -> None:
    assert is_mobile("13970001234")
    assert not is_mobile("23970001234")
    assert not is_mobile("11111111111")
    assert not is_mobile("139700012345")


def test_a_name_is_wrong_only_when_the_code_has_another() -> None:
    assert not is_misnamed("男性", "1", "GB/T 2261.1")
    assert is_misnamed("女性", "1", "GB/T 2261.1")
    assert not is_misnamed("男性", "7", "GB/T 2261.1")
    assert not is_misnamed(None, "1", "GB/T 2261.1")


def test_wide_brackets_and_blanks_are_no_other_name() -> None:
    assert not is_misnamed("霍乱,由于O1群霍乱弧菌， 霍乱生物型所致", "A00.000", "ICD-10")


def test_unlisted_is_in_none_of_the_lists() -> None:
    assert is_unlisted("000000", "GB/T 2260", "GB/T 2260-history")
    assert not is_unlisted("360102", "GB/T 2260", "GB/T 2260-history")
    assert not is_unlisted(None, "GB/T 2260")
