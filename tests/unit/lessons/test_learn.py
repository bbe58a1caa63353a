"""What the platform's answers advise, from counts: refused, accepted all the same, held and never seen, let go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.checks.overrides import Override
from medferry.cli.new import command as new
from medferry.config import Project, load_project
from medferry.lessons.learn import lessons, override_of, refusal_lines
from medferry.outbox.answers import Answers, Found, Refused, RefusedBeside
from medferry.outbox.reader import StillGroup
from medferry.records import State

SAID = Refused("patient", "3001", "birth_date")
FOUND = Found("patient", "required", "3001", "birth_date", "warning", "")
ELSEWHERE = Found("patient", "holds", "5003", "patient_phone", "warning", "PAT-015")
NOTHING = Answers({}, {}, {})
ANSWERS = Answers({SAID: 7}, {RefusedBeside(SAID, FOUND): 5, RefusedBeside(SAID, ELSEWHERE): 2}, {})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    ran = CliRunner().invoke(new, [str(tmp_path / "p")])
    assert ran.exit_code == 0, ran.output
    return load_project(tmp_path / "p")


def test_a_warning_that_foretold_refusals_only_should_hold(project: Project) -> None:
    (one,) = lessons(project, ANSWERS, ())
    assert (one.id, one.advice, one.wish, one.refused, one.accepted) == (
        "patient.birth_date:required", "hold", "hold", 5, 0,
    )  # fmt: skip
    assert one.said == {"3001": 5}
    assert override_of(one) == {"check": "required", "table": "patient", "field": "birth_date"}


def test_a_warning_that_was_accepted_as_well_is_only_shown(project: Project) -> None:
    (one,) = lessons(project, Answers(ANSWERS.refused, ANSWERS.beside, {FOUND: 3}), ())
    assert (one.advice, one.refused, one.accepted) == ("look", 5, 3)


def test_a_refusal_counts_what_was_foretold_at_its_field(project: Project) -> None:
    (line,) = refusal_lines(ANSWERS)
    assert (line.rows, line.foretold) == (7, 5)


def test_what_is_held_was_never_seen_and_what_cannot_be_sent_is_not_offered(project: Project) -> None:
    still = [
        StillGroup("patient", "main", State.HELD, "value_set", "3003", "sex_code", 4),
        StillGroup("patient", "main", State.HELD, "format", "3002", "birth_date", 9),
        StillGroup("patient", "main", State.REFUSED, "platform", "3001", "birth_date", 9),
    ]
    (one,) = lessons(project, NOTHING, still)
    assert (one.id, one.advice, one.wish, one.held) == ("patient.sex_code:value_set", "untried", "warn", 4)


def test_what_the_project_lets_go_is_counted_by_its_answers(project: Project) -> None:
    code = Found("patient", "value_set", "3003", "sex_code", "warning", "")
    let_go = replace(project, overrides=(Override("warn", "patient", "sex_code", "value_set", "一试"),))
    (one,) = lessons(let_go, Answers({}, {}, {code: 6}), ())
    assert (one.advice, one.accepted, one.refused) == ("let_go", 6, 0)
