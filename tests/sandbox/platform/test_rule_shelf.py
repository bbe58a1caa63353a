"""What rules may say of other records: only what was looked at, only of the same organisation."""

from __future__ import annotations

from medferry_sandbox.platform.rules.beside import Beside, Record, Shelf
from medferry_sandbox.platform.standard import Standard

STANDARD = Standard()
VISIT = {"org_code": "A", "visit_id": "V1", "patient_id": "P1", "record_status": "1"}


def beside(record: Record, **held: list[Record]) -> Beside:
    return Shelf(STANDARD, held).beside("visit", record)


def test_a_record_is_lacked_only_where_its_table_was_looked_at() -> None:
    assert not beside(VISIT).lacks("patient", patient_id="P1")
    assert beside(VISIT, patient=[]).lacks("patient", patient_id="P1")
    assert not beside(VISIT, patient=[]).lacks("patient", patient_id=None)


def test_a_voided_record_or_another_organisations_does_not_count() -> None:
    patient = {"org_code": "A", "patient_id": "P1", "record_status": "1"}
    assert not beside(VISIT, patient=[patient]).lacks("patient", patient_id="P1")
    assert beside(VISIT, patient=[{**patient, "record_status": "2"}]).lacks("patient", patient_id="P1")
    assert beside(VISIT, patient=[{**patient, "org_code": "B"}]).lacks("patient", patient_id="P1")


def test_alike_are_the_record_itself_and_those_with_the_same_texts() -> None:
    other = {**VISIT, "visit_id": "V2"}
    voided = {**VISIT, "visit_id": "V3", "record_status": "2"}
    held = [VISIT, other, voided, {**VISIT, "visit_id": "V4", "patient_id": "P2"}]
    assert list(beside(VISIT, visit=held).alike("patient_id")) == [VISIT, other]
    assert list(beside(voided, visit=held).alike("patient_id")) == []
    assert list(beside(VISIT, visit=held).alike("patient_id", "ward_code")) == []


def test_told_is_the_first_that_says_anything() -> None:
    patients = [
        {"org_code": "A", "patient_id": number, "record_status": "1", "id_no": "C", **more}
        for number, more in (("P1", {}), ("P2", {"patient_name": "甲"}), ("P3", {"patient_name": "乙"}))
    ]
    assert beside(VISIT, patient=patients).told("patient", "patient_name", id_no="C") == "甲"
    assert beside(VISIT, patient=patients).told("patient", "patient_name", id_no="D") is None
    assert beside(VISIT).told("patient", "patient_name", id_no="C") is None
