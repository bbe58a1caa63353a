"""Rules that look at a parent, judged when a record arrives."""

from __future__ import annotations

import csv
from pathlib import Path

from raw_client import RawClient, Reply

from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings
from medferry_sandbox.platform.standard import DEFAULT_FOLDER

TAKEN = ("0", "1")  # all, or all with warnings
WAIVERS = """
- {table: examination_exam, field: specimen_category, reason: 病理系统没有}
- {table: examination_exam, field: specimen_fixative, reason: 病理系统没有}
"""


def example(table: str, **changed: str) -> dict[str, str]:
    with (DEFAULT_FOLDER / f"tables/{table}/example.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    return {name: text for name, text in (row | changed).items() if text}


def sent_item_of_a_pathology(folder: Path, waivers: str) -> Reply:
    """The answer to an item without a specimen, of an examination that is pathology, after all that it names."""
    (folder / "waivers.yaml").write_text(waivers, encoding="utf-8")
    settings = SandboxSettings(data=folder / "data", port=0, control_port=0, waivers=folder / "waivers.yaml")
    with running_sandbox(settings) as sandbox:
        client = RawClient(sandbox.url, sandbox.control_url)
        client.log_in()
        pathology = example("examination_record", exam_type_code="PA", specimen_no="S1")
        for table, row in (
            ("patient", example("patient")),
            ("visit", example("visit")),
            ("examination_record", pathology),
        ):
            assert client.send(table, [row]).code in TAKEN, table
        return client.send("examination_exam", [example("examination_exam")])


def test_what_a_parent_demands_is_taken_with_a_warning_where_it_is_missing(tmp_path: Path) -> None:
    reply = sent_item_of_a_pathology(tmp_path, "")
    assert reply.code in TAKEN
    found = {(one["code"], one["field"], one["severity"]) for one in reply.json["details"][0]["errors"]}
    assert {("3001", "specimen_category", "WARNING"), ("3001", "specimen_fixative", "WARNING")} <= found


def test_a_waiver_lifts_what_a_parent_demands(tmp_path: Path) -> None:
    assert sent_item_of_a_pathology(tmp_path, WAIVERS).code in TAKEN
