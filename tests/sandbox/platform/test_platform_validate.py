"""The row-wise judge against cases read from the words of the standard."""

from __future__ import annotations

import pytest
from samples import CARD_NO, ORG, STANDARD, sample

from medferry_sandbox.platform.findings import ERROR, WARNING, Finding
from medferry_sandbox.platform.formats import (
    check_date,
    check_datetime,
    check_logical,
    check_time,
    number_check,
    text_check,
)
from medferry_sandbox.platform.identity import is_resident_card
from medferry_sandbox.platform.standard import FieldWords
from medferry_sandbox.platform.validate import RecordValidator, looks_suspicious


def words(format_: str, type_: str = "string") -> FieldWords:
    return FieldWords("f", "字段", type_, format_, "O", "", "", "")


def found(table: str, **changed: str | None) -> list[tuple[str, str, str]]:
    """(code, field, severity) of a sound record with `changed`."""
    validator = RecordValidator(STANDARD.table(table), STANDARD, frozenset(), with_rules=False)
    findings = validator.check(dict(sample(table, **changed)), ORG, suspicious=True)
    return [(finding.code, finding.field, finding.severity) for finding in findings]


@pytest.mark.parametrize("only_required", [False, True])
@pytest.mark.parametrize("table", STANDARD.table_names)
def test_a_sound_record_of_every_table_is_sound(table: str, only_required: bool) -> None:
    validator = RecordValidator(STANDARD.table(table), STANDARD, frozenset(), with_rules=False)
    record = dict(sample(table, only_required=only_required))
    assert validator.check(record, ORG, suspicious=True) == []


@pytest.mark.parametrize("table", STANDARD.table_names)
def test_each_required_field_is_missed_by_name(table: str) -> None:
    validator = RecordValidator(STANDARD.table(table), STANDARD, frozenset(), with_rules=False)
    for field in STANDARD.table(table).fields:
        if field.required == "R":
            record = dict(sample(table, only_required=True, **{field.name: None}))
            severity = ERROR if field.name in STANDARD.needed(table) else WARNING
            expected = Finding("3001", field.name, "R", severity)
            assert expected in validator.check(record, ORG, suspicious=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20240229", ""),
        ("20230229", "3002"),
        ("19000229", "3002"),
        ("20000229", ""),
        ("00000101", "3002"),
        ("00010101", ""),
        ("20261301", "3002"),
        ("20260100", "3002"),
        ("2026011", "3002"),
        ("202601150", "3002"),
        ("2026-01-", "3002"),
        ("２０２６０１１５", "3002"),
        ("20260115 ", "3002"),
        ("99991231", ""),
    ],
)
def test_d8_is_a_day_of_the_calendar(text: str, code: str) -> None:
    assert check_date(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20260115T235959", ""),
        ("20260115T000000", ""),
        ("20260115T240000", "3002"),
        ("20260115T236000", "3002"),
        ("20260115T235960", "3002"),
        ("20230229T081000", "3002"),
        ("20260115 081000", "3002"),
        ("20260115t081000", "3002"),
        ("20260115T0810", "3002"),
        ("20260115", "3002"),
        ("20260115T08100０", "3002"),
        ("20260115T081000\n", "3002"),
    ],
)
def test_dt15_is_a_moment(text: str, code: str) -> None:
    assert check_datetime(text) == code


@pytest.mark.parametrize(
    ("text", "code"), [("081000", ""), ("240000", "3002"), ("0810", "3002"), ("08:10:", "3002")]
)
def test_t6_is_a_time_of_day(text: str, code: str) -> None:
    assert check_time(text) == code


@pytest.mark.parametrize(
    ("text", "code"), [("T", ""), ("F", ""), ("1", "3002"), ("t", "3002"), ("是", "3002")]
)
def test_l_is_t_or_f(text: str, code: str) -> None:
    assert check_logical(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.50", ""),
        ("12.5", ""),
        ("12", ""),
        ("-3.00", ""),
        ("0", ""),
        ("0.00", ""),
        ("12.505", "3002"),
        ("99999999.99", ""),
        ("999999999.99", "3004"),
        ("-99999999.99", ""),
        ("9999999999", ""),
        ("10000000000", "3004"),
        ("+1", "3002"),
        ("01.5", "3002"),
        (".5", "3002"),
        ("5.", "3002"),
        ("1e3", "3002"),
        ("1,000", "3002"),
        ("１２", "3002"),
        ("12.５", "3002"),
        ("NaN", "3002"),
        ("-", "3002"),
        ("--1", "3002"),
        ("-0", "3002"),
        ("-0.00", "3002"),
        ("-0.50", ""),
        ("1 ", "3002"),
        ("12.50\n", "3002"),
    ],
)
def test_numbers_are_plain_decimals_of_ten_digits_two_after_the_point(text: str, code: str) -> None:
    assert number_check(10, 2)(text) == code


@pytest.mark.parametrize(
    ("format_", "text", "code"),
    [
        ("AN..4", "一二三四", ""),
        ("AN..4", "𠀀𠮷𪚥𫝀", ""),  # four characters, each beyond the basic plane
        ("AN..4", "𠀀𠮷𪚥𫝀𠀀", "3004"),
        ("AN..4", "é" * 4, ""),
        ("AN..4", "e\u0301" * 2, ""),
        ("AN..4", "e\u0301" * 3, "3004"),
        ("AN4", "abc", "3002"),
        ("AN4", "abcde", "3004"),
        ("N2", "01", ""),
        ("N2", "1", "3002"),
        ("N2", "001", "3004"),
        ("N2", "０１", "3002"),
        ("N..3", "7", ""),
        ("N6", "330006", ""),
        ("N6", "33000A", "3002"),
        ("A..5", "阿·买提", ""),
        ("A..5", "张三2", "3002"),
        ("A..5", "张三２", "3002"),
        ("A..2", "欧阳修", "3004"),
        ("text", "长" * 10_000, ""),
    ],
)
def test_lengths_are_in_characters(format_: str, text: str, code: str) -> None:
    assert text_check(words(format_))(text) == code


@pytest.mark.parametrize(
    ("number", "right"),
    [
        (CARD_NO, True),
        ("11010519491231002x", False),
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("110105491231002", False),
        ("１１０１０５19491231002X", False),
        ("34052419800101001X", True),
        ("-", False),
    ],
)
def test_identity_cards_of_gb_11643(number: str, right: bool) -> None:
    assert is_resident_card(number) is right


@pytest.mark.parametrize(
    ("table", "changed", "expected"),
    [
        ("patient", {"id_no": "11010519491231002x"}, [("3006", "id_no", "ERROR")]),
        ("patient", {"id_no": "E12345678", "id_type_code": "03"}, []),
        (
            "patient_certificate",
            {"certificate_no": "1", "certificate_type_code": "01"},
            [("3006", "certificate_no", "ERROR")],
        ),
        ("inspection_record", {"id_no": "1"}, []),
        ("inspection_record", {"id_no": "110105194912310021"}, [("3006", "id_no", "ERROR")]),
        ("patient", {"mother_id_no": "1"}, []),
        ("inpatient_record_home", {"id_no": "-", "id_type_code": "99"}, []),
        ("inpatient_record_home", {"id_no": "-", "id_type_code": "01"}, [("3006", "id_no", "ERROR")]),
        ("inpatient_record_home", {"autopsy_flag": "-"}, []),
        ("visit", {"visit_reason": "/"}, [("3007", "visit_reason", "WARNING")]),
        ("visit", {"visit_reason": "无"}, []),
        ("visit", {"visit_reason": "-发热"}, []),
        ("visit", {"sex_code": "-"}, [("3003", "sex_code", "ERROR")]),
        ("visit", {"birth_date": "00010101"}, [("3007", "birth_date", "WARNING")]),
        ("visit", {"onset_time": "00010101T000000"}, []),
        ("visit", {"ward_name": "-"}, []),
        ("visit", {"patient_name": "未知"}, [("3007", "patient_name", "WARNING")]),
        ("visit", {"patient_name": "-"}, [("3007", "patient_name", "ERROR")]),
        ("visit", {"patient_name": "赵?燕"}, [("3008", "patient_name", "ERROR")]),
        ("visit", {"dept_name": "????"}, [("3008", "dept_name", "ERROR")]),
        ("visit", {"card_no": "3.60100E+14"}, [("3008", "card_no", "ERROR")]),
        ("general_nursing_record", {"oxygen_saturation": "120.0"}, [("3005", "oxygen_saturation", "ERROR")]),
        ("visit", {"sex_code": "3"}, [("3003", "sex_code", "ERROR")]),
        ("visit", {"diagnosis_code": "XYZ"}, [("3003", "diagnosis_code", "ERROR")]),
        ("visit", {"patient_name": "字" * 51}, [("3004", "patient_name", "ERROR")]),
        ("visit", {"created_at": "20260115T081001"}, [("5003", "created_at", "WARNING")]),
        ("visit", {"org_code": "OTHER"}, [("1008", "org_code", "ERROR")]),
        ("visit", {"colour": "红"}, [("3009", "colour", "WARNING")]),
        ("visit", {"visit_reason": "发热\x00三天"}, [("3008", "visit_reason", "ERROR")]),
        ("visit", {"visit_reason": "发热\x85三天"}, [("3008", "visit_reason", "ERROR")]),
        ("visit", {"visit_reason": "发热\ufffd三天"}, [("3008", "visit_reason", "ERROR")]),
        ("visit", {"visit_reason": "发热\n三天\t咳"}, []),
        ("visit", {"visit_reason": ""}, [("3001", "visit_reason", "WARNING")]),
        ("visit", {"visit_type": ""}, [("3001", "visit_type", "ERROR")]),
        ("visit", {"ward_name": ""}, []),
    ],
)
def test_what_is_said_of_a_field(
    table: str, changed: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    assert found(table, **changed) == expected


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}])
def test_a_value_is_a_text(value: object) -> None:
    validator = RecordValidator(STANDARD.table("visit"), STANDARD, frozenset(), with_rules=False)
    record: dict[str, object] = {**sample("visit"), "age_year": value}
    findings = validator.check(record, ORG, suspicious=False)
    assert [(finding.code, finding.field) for finding in findings] == [("3002", "age_year")]


def test_an_open_set_refuses_nothing_and_a_closed_one_outranks_its_format() -> None:
    open_fields = [
        (table, field)
        for table in STANDARD.table_names
        for field in STANDARD.table(table).fields
        if field.code_system and STANDARD.accepted(field.code_system) is None
    ]
    assert open_fields
    table, field = open_fields[0]
    assert found(table, **{field.name: "9" if field.format.startswith("N") else "Q9"}) == []
    assert found("medical_institution", institution_class_code="A1") == []  # WS 218 beside AN4


@pytest.mark.parametrize(
    ("body", "suspicious"),
    [
        ("发热".encode(), False),
        (b"a\\u0000b", True),
        (b"a\\nb", False),
        (b"a\\bb", True),
        (b"a\x7f", True),
        ("a\x85".encode(), True),
        ("\ufffd".encode(), True),
        ("é".encode(), False),
    ],
)
def test_one_look_at_a_message_tells_whether_control_characters_may_be_in_it(
    body: bytes, suspicious: bool
) -> None:
    assert looks_suspicious(body) is suspicious
