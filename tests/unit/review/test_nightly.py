"""When a project says that it is reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from medferry.config import complaints_of, load_project

NIGHT = (time(2, 30),)


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    """A new project with these lines at the end of medferry.yaml."""
    from medferry.cli.new import new_project

    def made(lines: str) -> Path:
        folder = tmp_path / "hospital"
        new_project(folder)
        with (folder / "medferry.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\n{lines}\n")
        return folder

    return made


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        ("", NIGHT),
        ("review: {at: 03:15}", (time(3, 15),)),
        ('review: {at: ["01:00", "13:00"]}', (time(1), time(13))),
        ("review: {nightly: true}", NIGHT),
        ("review: {nightly: false}", ()),
    ],
)
def test_a_project_says_when(project: Callable[[str], Path], lines: str, times: tuple[time, ...]) -> None:
    assert load_project(project(lines), {}).review.at == times


@pytest.mark.parametrize(
    ("lines", "every"),
    [
        ("", timedelta(minutes=10)),
        ("review: {ended_visits_every: 5m}", timedelta(minutes=5)),
        ("review: {nightly: false, ended_visits: true}", timedelta(minutes=10)),
        ("review: {ended_visits: false}", None),
    ],
)
def test_a_project_says_how_often_ended_visits_are_looked_at(
    project: Callable[[str], Path], lines: str, every: timedelta | None
) -> None:
    assert load_project(project(lines), {}).review.ended_visits_every == every


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("review: {at: 25:00}", "review 的 at不是时刻：25:00"),
        ("review: {nightly: maybe}", "review 的 nightly应为 true 或 false"),
        ("review: {nightly: false, at: 03:00}", "nightly: false 时 at 不起作用"),
        ("review: {ended_visits_every: often}", "review 的 ended_visits_every不是时长"),
        (
            "review: {ended_visits: false, ended_visits_every: 5m}",
            "ended_visits: false 时 ended_visits_every 不起作用",
        ),
        ("review: {when: 03:00}", "没有这个"),
    ],
)
def test_what_it_does_not_say_well_is_told(project: Callable[[str], Path], lines: str, message: str) -> None:
    (one,) = complaints_of(project(lines), {})
    assert one.severity == "error"
    assert message in one.message_zh
