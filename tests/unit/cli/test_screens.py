"""Goal: `status` and `review` call tables, fields and campuses as people do, with the English name behind; what people must
mend comes first, what only waits for it last.
Method: groups of held, waiting, refused and parked rows, shown as the command shows them; the whole screen of a project that
was ferried is looked at in tests/acceptance/test_review.py."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from medferry.cli.consoles import WIDTH_IN_FILES
from medferry.cli.names import Names
from medferry.cli.new import new_project
from medferry.cli.status import STILL_MAX, print_still
from medferry.config import Project, load_project
from medferry.log_center.status import Status
from medferry.outbox.reader import StillGroup
from medferry.records import State


@pytest.fixture
def project(tmp_path: Path) -> Project:
    new_project(tmp_path / "hospital")
    return load_project(tmp_path / "hospital")


def shown(project: Project, *groups: StillGroup) -> list[str]:
    """Lines, each run of blanks as one."""
    console = Console(width=WIDTH_IN_FILES, file=StringIO())
    print_still(console, Status((), groups, (), (), (), None, ""), Names(project))
    assert isinstance(console.file, StringIO)
    return [" ".join(one.split()) for one in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("group", "line"),
    [
        (
            StillGroup("patient", "main", State.HELD, "value_set", "3003", "marital_status_code", 1),
            "│ 患者基本信息（patient） │ 本部 │ 扣留 │ 3003 代码不在值域内 │ 婚姻状况代码（marital_status_code） │ 1 │",
        ),
        (
            StillGroup("encoun_obs_opt_order", "main", State.WAITING_PARENT, "parent", "held", None, 1200),
            "│ 急诊留观病历-门诊医嘱（encoun_obs_opt_order） │ 本部 │ 等父记录 │ 父记录被扣留 │ │ 1,200 │",
        ),
        (
            StillGroup("patient_card", "main", State.WAITING_PARENT, "parent", "absent", None, 1),
            "│ 卡（patient_card） │ 本部 │ 等父记录 │ 父记录还没有来 │ │ 1 │",
        ),
        (
            StillGroup("patient", "main", State.REFUSED, "platform", "4004", "id_no", 1),
            "│ 患者基本信息（patient） │ 本部 │ 被拒收 │ 平台：4004 就诊已关闭或类型不符 │ 患者身份证件号码（id_no） │ 1 │",
        ),
        (
            StillGroup("patient", "main", State.REFUSED, "platform", "X-1", None, 1),
            "│ 患者基本信息（patient） │ 本部 │ 被拒收 │ 平台：X-1 │ │ 1 │",
        ),
        (
            StillGroup("patient", "north", State.PARKED, "", "", None, 1),
            "│ 患者基本信息（patient） │ north │ 搁置 │ 多次未成而搁置，经过见 trail │ │ 1 │",
        ),
        (
            StillGroup("no_more", "main", State.HELD, "required", "3001", "gone", 1),
            "│ no_more │ 本部 │ 扣留 │ 3001 必填项为空 │ gone │ 1 │",
        ),
    ],
)
def test_what_stands_still(project: Project, group: StillGroup, line: str) -> None:
    assert line in shown(project, group)


def test_a_rule_is_said_in_words(project: Project) -> None:
    group = StillGroup("patient", "main", State.HELD, "unique_within", "5003", "id_no", 1, "PAT-007")
    assert any("5003 同一机构同一证件只对应一个有效患者标识" in one for one in shown(project, group))


def test_what_people_must_mend_comes_first(project: Project) -> None:
    waiting = StillGroup("patient_card", "main", State.WAITING_PARENT, "parent", "held", None, 900)
    held = [
        StillGroup("patient", "main", State.HELD, "required", "3001", name, rows)
        for rows, name in enumerate(project.catalog.table("patient").field_names[:STILL_MAX], start=1)
    ]
    screen = shown(project, waiting, *held)
    rows = [one.split("│")[-2].strip() for one in screen if one.startswith("│")]
    assert rows == [str(one) for one in range(STILL_MAX, 0, -1)]
    assert (
        screen[-1]
        == "另有 1 组（其中等父记录的 900 行，父记录被接收后自己送出），用 medferry status --json 看全部"
    )
