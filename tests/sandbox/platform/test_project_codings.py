"""The sandbox judges codes by the editions that a project's `codings:` names, campus by campus."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_client import RawClient
from test_platform_rules_on_arrival import TAKEN, example

from medferry.errors import ConfigError
from medferry_sandbox.platform.project_codings import read_project_codings
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings
from medferry_sandbox.platform.standard import Standard

CLINICAL = "A01.000x002"  # in the list of the national clinical edition alone
ORG = "12360100A00000001X"
PROJECT = f"""
project: 样例
campuses:
  east: {{name: 东院, org_code: {ORG}, org_name: 样例, prefix: "DH-"}}
  west: {{name: 西院, org_code: {ORG}, org_name: 样例, prefix: "QS-"}}
codings:
  ICD-10: {{east: ICD-10, west: [ICD-10-clinical]}}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "medferry.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_campus_is_told_by_its_organisation_and_the_front_of_its_keys(tmp_path: Path) -> None:
    codings = read_project_codings(written(tmp_path, PROJECT), Standard())
    east, west = (codings.standard_of(ORG, key) for key in ("DH-1", "QS-1"))
    assert east is not None
    assert west is not None
    assert codings.standard_of(ORG, "1") is None
    assert codings.standard_of("other", "DH-1") is None
    taken = [one.accepted("ICD-10") for one in (east, west, Standard())]
    assert [one is not None and one.takes(CLINICAL) for one in taken] == [False, True, True]
    assert [one.is_closed("ICD-10") for one in (east, west, Standard())] == [True, False, True]


def test_what_it_refuses_follows_the_project(tmp_path: Path) -> None:
    row = example("admission_record", initial_diag_code=CLINICAL)
    assert (row["org_code"], row["admission_record_id"][:3]) == (ORG, "DH-")
    answers = {}
    for name, project in (("agreed", PROJECT), ("standard", "project: 样例\n")):
        folder = tmp_path / name
        folder.mkdir()
        settings = SandboxSettings(
            data=folder / "data", port=0, control_port=0, checks=written(folder, project)
        )
        with running_sandbox(settings) as sandbox:
            client = RawClient(sandbox.url, sandbox.control_url)
            client.log_in()
            for parent in ("patient", "visit"):
                assert client.send(parent, [example(parent)]).code in TAKEN, parent
            reply = client.send("admission_record", [row])
        details = reply.json.get("details") or [{}]
        answers[name] = {
            one["severity"]
            for one in details[0].get("errors", ())
            if (one["code"], one["field"]) == ("3003", "initial_diag_code")
        }
    assert answers == {"agreed": {"ERROR"}, "standard": set()}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  ICD-11: ICD-10", "没有值域 ICD-11"),
        ("  ICD-10: ICD-1", "没有值域 ICD-1"),
        ("  ICD-10: []", "看不懂"),
    ],
)
def test_what_it_cannot_read_is_said(tmp_path: Path, line: str, said: str) -> None:
    text = PROJECT.split("codings:", maxsplit=1)[0] + f"codings:\n{line}\n"
    with pytest.raises(ConfigError, match=said):
        read_project_codings(written(tmp_path, text), Standard())


def test_a_project_without_codings_changes_nothing(tmp_path: Path) -> None:
    assert read_project_codings(written(tmp_path, "project: 样例\n"), Standard()).campuses == ()
