"""Goal: `preview` and `test` judge rules over parents' columns by parents that are at hand, as the run does, and no others.
Method: the skeleton's project with a second route, cards, whose number must be the patient's identity number (PCA-005); the
parents come from the ledger, out of the same source row, or from the case."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medferry.cli import preview, test
from medferry.cli.new import new_project
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.ferry.ferry import open_ferry

ROUTE = """\
read: {query: queries/his/patient.sql, key: [BRID], changed_at: GXSJ}
tables:
"""
CARD = """\
  patient_card:
    card_id: BRID
    patient_id: BRID
    card_type_code: {constant: "01", because: 只为本测试}
    card_no: {constant: E00000001, because: 只为本测试}
    card_status_code: {constant: "1", because: 只为本测试}
    record_status: ZTBZ
    created_at: CJSJ
    updated_at: GXSJ
"""
CASES = """\
route: his.card
types: {BRID: integer}
parents:
  patient: [{patient_id: 1, id_no: E00000001}, {patient_id: 2, id_no: E00000002}]
cases:
  - name: 卡号就是证件号码
    rows: [{BRID: 1, ZTBZ: 1, CJSJ: 2026-01-15 08:10:00, GXSJ: 2026-01-15 08:10:00}]
    findings: []
    findings_complete: true
  - name: 卡号是别人的
    rows: [{BRID: 2, ZTBZ: 1, CJSJ: 2026-01-15 08:10:00, GXSJ: 2026-01-15 08:10:00}]
    findings: [{field: card_no, check: same, severity: warning}]
    findings_complete: true
  - name: 没有父记录的不判
    rows: [{BRID: 3, ZTBZ: 1, CJSJ: 2026-01-15 08:10:00, GXSJ: 2026-01-15 08:10:00}]
    findings_complete: true
  - name: 用例自己给的父记录
    parents: {patient: [{patient_id: 1, id_no: E00000009}]}
    rows: [{BRID: 1, ZTBZ: 1, CJSJ: 2026-01-15 08:10:00, GXSJ: 2026-01-15 08:10:00}]
    findings: [{field: card_no, check: same, severity: warning}]
    findings_complete: true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    new_project(folder)
    (folder / "mappings" / "his" / "card.yaml").write_text(ROUTE + CARD, encoding="utf-8")
    (folder / "tests" / "patient.yaml").unlink()
    return folder


def call(module: object, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(module.command, [*arguments, "--project", str(folder)])  # type: ignore[attr-defined]


def wrong_cards(folder: Path) -> dict[str, list[str]]:
    """Patient -> checks that find the card's number wrong."""
    shown = call(preview, folder, "patient_card", "--reveal", "--json")
    (route,) = json.loads(shown.stdout)["routes"]
    return {
        row["fields"]["patient_id"]: [one["check"] for one in row["findings"] if one["field"] == "card_no"]
        for row in route["rows"]
    }


def test_preview_takes_parents_from_the_ledger(folder: Path) -> None:
    assert wrong_cards(folder) == {key: [] for key in "12345"}
    project = load_project(folder)
    with ExitStack() as stack:
        ferry = open_ferry(project, SystemClock(), SoftwareProvider(), lambda _: None, stack)
        ferry.load_once(project.route("his.patient"), "head")
        # Beside the one who writes it. 4 is held for its code, 5 is not ready: neither is a sound parent.
        assert wrong_cards(folder) == {"1": ["same"], "2": [], "3": ["same"], "4": [], "5": []}


def test_preview_takes_parents_that_come_with_the_rows(folder: Path) -> None:
    """The child's table stands first in the file."""
    mappings = folder / "mappings" / "his"
    _, _, patient = (mappings / "patient.yaml").read_text(encoding="utf-8").partition("tables:\n")
    (mappings / "patient.yaml").unlink()
    (mappings / "card.yaml").write_text(ROUTE + CARD + patient, encoding="utf-8")
    assert wrong_cards(folder) == {"1": ["same"], "2": [], "3": ["same"], "4": [], "5": ["same"]}


def test_preview_goes_on_without_a_ledger_that_cannot_be_read(folder: Path) -> None:
    (folder / "run" / "ledger.sqlite").write_bytes(b"no ledger at all")
    shown = call(preview, folder, "patient_card")
    assert shown.exit_code == 0, shown.output
    assert "不看账本" in shown.stderr
    assert "得 5 行，扣留 0" in shown.stdout


def test_cases_give_parents(folder: Path) -> None:
    (folder / "tests" / "card.yaml").write_text(CASES, encoding="utf-8")
    tested = call(test, folder)
    assert tested.exit_code == 0, tested.output
    assert "共 4 个用例，不符 0 个" in tested.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("patient: [{patient_id: 1, id_no: E00000001}", "visit: [{visit_id: 1}", "visit"),
        ("{patient_id: 1, id_no: E00000001}", "{id_no: E00000001}", "patient 缺少 patient_id"),
        ("{patient_id: 1, id_no: E00000001}", "{patient_id: 1, id_nr: E00000001}", "是不是 id_no？"),
    ],
)
def test_mistakes_in_parents_have_places(folder: Path, old: str, new: str, said: str) -> None:
    text = CASES.replace(old, new, 1)
    assert text != CASES
    (folder / "tests" / "card.yaml").write_text(text, encoding="utf-8")
    tested = call(test, folder)
    assert "tests/card.yaml:4:" in str(tested.exception)
    assert said in str(tested.exception)
