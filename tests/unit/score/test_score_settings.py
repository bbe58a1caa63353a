"""score:, count: and screens.csv of a project: every mistake with its place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from medferry.catalog.score_policy import Dimension, load_score_policy
from medferry.config import complaints_of, load_project
from medferry.config.screen_file import Screen, screen_of
from medferry.errors import CatalogError
from medferry.score.policy import policy_of

MAIN = """\
project: 测试医院
campuses:
  main: {name: 本部, org_code: 12360100A00000001X, org_name: 医院}
sources:
  his: {type: sql_query, campus: main, url: "sqlite:///his.sqlite", mappings: mappings/his}
destination: {type: rest, url: "http://127.0.0.1:8600", app_key: demo, app_secret: "${SECRET}"}
outbox: {type: sqlite, path: run/ledger.sqlite}
"""
CARD = """\
read:
  query: queries/card.sql
  key: [KH]
  COUNT
tables:
  patient_card:
    card_id: KH
    created_at: CJSJ
    updated_at: GXSJ
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    waived = ("patient_id", "card_type_code", "card_no", "card_status_code", "record_status")
    files = {
        "medferry.yaml": MAIN,
        "mappings/his/card.yaml": CARD.replace("COUNT", "count: queries/count.sql"),
        "queries/card.sql": "SELECT * FROM KP",
        "queries/count.sql": "SELECT count(*) AS expected FROM KP",
        "waivers.yaml": "".join(f"- {{table: patient_card, field: {one}, reason: 没有}}\n" for one in waived),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def said(folder: Path) -> list[str]:
    return [str(one) for one in complaints_of(folder, {"SECRET": "s"})]


def test_a_project_changes_weights_and_deadlines(folder: Path) -> None:
    (folder / "medferry.yaml").write_text(
        MAIN + "score: {weights: {coverage: 0, timeliness: 7.5}, deadlines: {live: 5m}}\n", encoding="utf-8"
    )
    (folder / "screens.csv").write_text(
        "table,field,system,screen,campus,desk\n"
        "patient_card,,挂号,建档,,挂号处\n"
        "patient_card,card_no,挂号,发卡,,\n"
        "patient_card,card_*,挂号,卡片,,\n"
        "patient_card,,收费台,卡,main,\n",
        encoding="utf-8",
    )
    project = load_project(folder, {"SECRET": "s"})
    policy, edition = policy_of(project), load_score_policy()
    assert (policy.weights[Dimension.COVERAGE], policy.weights[Dimension.TIMELINESS]) == (0, 7.5)
    assert policy.weights[Dimension.CONFORMITY] == edition.weights[Dimension.CONFORMITY]
    assert policy.deadlines == {**edition.deadlines, "live": timedelta(minutes=5)}
    assert project.routes[0].counts["patient_card"].text == "SELECT count(*) AS expected FROM KP"
    screens = project.screens
    found = [
        screen_of(screens, campus, "patient_card", field)
        for campus, field in (
            ("main", "card_no"),
            ("main", "card_type_code"),
            ("main", "valid_end"),
            ("x", "valid_end"),
        )
    ]
    assert [one.screen for one in found if one] == ["发卡", "卡片", "卡", "建档"]
    assert found[-1] == Screen("挂号", "建档", "挂号处")
    assert screen_of(screens, "main", "patient", "patient_name") is None


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("score: {weigths: {coverage: 1}}", "weights"),
        ("score: {weights: {coverage: much}}", "应为不小于 0 的数"),
        ("score: {weights: {coverages: 1}}", "coverage"),
        ("score: {deadlines: {live: soon}}", "不是时长"),
        ("score: {deadlines: {alive: 5m}}", "live"),
        (
            "score: {weights: {coverage: 0, completeness: 0, conformity: 0, consistency: 0, timeliness: 0}}",
            "全是 0",
        ),
    ],
)
def test_a_mistake_in_score_is_told_with_its_place(folder: Path, block: str, complaint: str) -> None:
    (folder / "medferry.yaml").write_text(MAIN + block + "\n", encoding="utf-8")
    (only,) = said(folder)
    assert only.startswith("medferry.yaml:8:")
    assert complaint in only


@pytest.mark.parametrize(
    ("count", "complaint"),
    [
        ("count: queries/cuont.sql", "queries/count.sql"),
        ("count: {patient: queries/count.sql}", "patient"),
        ("count: [queries/count.sql]", "应为一段文本"),
    ],
)
def test_a_mistake_in_count_is_told(folder: Path, count: str, complaint: str) -> None:
    (folder / "mappings/his/card.yaml").write_text(CARD.replace("COUNT", count), encoding="utf-8")
    assert [one for one in said(folder) if one.startswith("mappings/his/card.yaml:4:") and complaint in one]


def test_mistakes_in_screens_are_told_by_line(folder: Path) -> None:
    (folder / "screens.csv").write_text(
        "table,field,system,screen\npatient_crad,,a,b\npatient_card,card_on,a,b\npatient_card,,a,b\npatient_card,,a,b\n",
        encoding="utf-8",
    )
    found = said(folder)
    assert [one.partition(" ")[0] for one in found] == [
        "screens.csv:2:1",
        "screens.csv:3:1",
        "screens.csv:5:1",
    ]
    assert "patient_card" in found[0]
    assert "card_no" in found[1]
    (folder / "screens.csv").write_text("table,field\n", encoding="utf-8")
    assert "system、screen" in said(folder)[0]
    (folder / "screens.csv").write_text(
        "table,field,system,screen,campsu\npatient_card,,a,b,main\n", encoding="utf-8"
    )
    assert "campus" in said(folder)[0]
    (folder / "screens.csv").write_text(
        "table,field,system,screen,campus,note\npatient_card,crad_*,a,b,,x\npatient_card,,a,b,mian,\n",
        encoding="utf-8",
    )
    found = said(folder)
    assert [one.partition(" ")[0] for one in found] == ["screens.csv:2:1", "screens.csv:3:1"]
    assert "main" in found[1]


def test_the_shipped_scoring_is_marked_as_assumed_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    assert load_score_policy().assumed
    (tmp_path / "score.yaml").write_text("weights: {coverage: 1}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="评分口径"):
        load_score_policy(overlay=tmp_path)
