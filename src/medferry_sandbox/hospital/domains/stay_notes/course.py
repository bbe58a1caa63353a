"""Daily course records: rounds, before and after operations, rescue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.domains.stay_homepage.facts import team
from medferry_sandbox.hospital.domains.stay_notes.stay import head_facts, signature
from medferry_sandbox.hospital.model import Visit, dt15, minute
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.world import World

code_list(
    "emr",
    "course_kind",
    "COURSE_TYPE",
    "1=RC:日常病程 2=CF:上级查房 3=SQ:术前小结 4=SH:术后首程 5=QJ:抢救记录 6=ZK:转科 7=JD:阶段小结 9=QT:其他",
)
code_list("emr", "gravity", "CONDITION_LEVEL", "1=WZ:病危 2=BZ:病重 3=YB:一般")
code_list(
    "emr", "rank", "PROFESSIONAL_TITLE", "1=ZR:主任 2=FZR:副主任 3=ZZ:主治 4=ZY:住院 5=SJ:士级 9=DP:待聘"
)

COURSE = Recipe(
    "daily_course_record",
    faults="missing:course_content bad_code:course_type_code,condition_code blanks:course_content",
    corrects="advice_content",
    cancels=True,
    late=True,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: when, COURSE_TYPE, title, text, changed orders."""

    at: datetime
    kind: str
    title: str
    text: str
    orders: str = ""


def _entries(world: World, visit: Visit) -> Iterator[Entry]:
    chief = team(world, visit).attending.name
    day = 1
    while (at := visit.day_after(day, 9, 20)) < visit.until:
        if day == 1:
            text = f"今日{chief}主治医师查房：患者{visit.complaint}，同意{visit.main.name}诊断，继续目前治疗，注意病情变化。"
            yield Entry(at, "2", "主治医师首次查房记录", text, "维持原医嘱")
        else:
            text = f"入院第{day + 1}天，患者一般情况可，诉症状较前减轻，饮食睡眠可。查体：生命体征平稳。继续当前治疗方案。"
            yield Entry(at, "1", "日常病程记录", text)
        day += 1
    yield from _around_operation(visit)
    if visit.died and visit.end:
        text = "患者突发意识丧失，大动脉搏动消失，立即予胸外心脏按压、气管插管、肾上腺素静推，持续抢救无效。"
        yield Entry(visit.end - timedelta(minutes=2), "5", "抢救记录", text, "肾上腺素1mg静推")


def _around_operation(visit: Visit) -> Iterator[Entry]:
    if visit.operation is None or visit.operation_start is None or visit.operation_end is None:
        return
    name = visit.operation[1]
    before, after = (
        visit.operation_start - timedelta(minutes=40),
        visit.operation_end + timedelta(minutes=30),
    )
    if after < visit.until:
        yield Entry(
            before,
            "3",
            "术前小结",
            f"术前诊断：{visit.main.name}。拟行{name}，无明显手术禁忌，已签知情同意书。",
        )
        text = f"患者在麻醉下行{name}，手术顺利，术中出血少，安返病房。术后予监护、预防感染、补液治疗。"
        yield Entry(after, "4", "术后首次病程记录", text, "术后常规护理，心电监护")


def _late(world: World, visit: Visit) -> datetime | None:
    """When the last entry was written, if the patient had gone by then."""
    if visit.end is None:
        return None
    at = minute(visit.end + timedelta(hours=5, minutes=30))
    if at >= world.horizon(visit):
        return None
    return at if world.lives.happens("late_note", visit.campus.name, visit.visit_id) else None


def course(world: World, visit: Visit) -> None:
    """All entries of the stay, in time."""
    posts = team(world, visit)
    gravity = "1" if visit.died else "2" if visit.scenario in ("su", "ca") else "3"
    entries = sorted(_entries(world, visit), key=lambda one: one.at)
    for number, entry in enumerate(entries, start=1):
        sealed = min(entry.at + timedelta(minutes=15), visit.until)
        late = _late(world, visit) if number == len(entries) else None
        world.emit(
            "daily_course_record",
            visit,
            f"BC{visit.visit_id}-{number:02d}",
            {
                **head_facts(world, visit, "daily_course_record"),
                "record_time": dt15(late or entry.at),
                "course_type_code": entry.kind,
                "course_title": entry.title,
                "course_content": entry.text,
                "advice_content": entry.orders,
                "condition_code": gravity,
                "professional_title_code": "4",
                **signature(posts.resident, "physician"),
                **signature(posts.attending, "reviewer"),
                "sign_time": dt15(late or sealed),
            },
            created=entry.at,
            updated=late or sealed,
            lives=["late_note"] if late else [],
        )
