"""Everything the program can tell, one type each: log line, journal line and counter come from the same event.

Events carry names, counts, codes and durations; never a patient's value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base. `text` is the Chinese line a person reads."""

    name: ClassVar[str] = "event"

    def text(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class BatchRead(Event):
    name: ClassVar[str] = "batch_read"
    route: str
    batch_id: str
    loop: str
    rows: int
    rows_unchanged: int
    duration_ms: float

    def text(self) -> str:
        return f"已读取 {self.rows} 行（未变化 {self.rows_unchanged} 行），路线 {self.route}，批次 {self.batch_id}"


@dataclass(frozen=True, slots=True)
class BatchMapped(Event):
    name: ClassVar[str] = "batch_mapped"
    route: str
    batch_id: str
    table: str
    rows: int
    lookup_misses: int
    duration_ms: float

    def text(self) -> str:
        return f"已映射为 {self.table} {self.rows} 行（对照未命中 {self.lookup_misses} 行），批次 {self.batch_id}"


@dataclass(frozen=True, slots=True)
class BatchChecked(Event):
    name: ClassVar[str] = "batch_checked"
    route: str
    batch_id: str
    table: str
    sound: int
    held: int
    warnings: int
    unknowns: int
    waived: int
    duration_ms: float

    def text(self) -> str:
        return (
            f"已校验 {self.table}：通过 {self.sound}，扣留 {self.held}，警告 {self.warnings}，"
            f"无法判定 {self.unknowns}，豁免 {self.waived}，批次 {self.batch_id}"
        )


@dataclass(frozen=True, slots=True)
class BatchStored(Event):
    name: ClassVar[str] = "batch_stored"
    route: str
    batch_id: str
    new: int
    unchanged: int
    held: int
    superseded: int
    waiting: int

    def text(self) -> str:
        return (
            f"已入账 {self.new} 个版本（重复 {self.unchanged}，扣留 {self.held}，被取代 {self.superseded}，"
            f"等父记录 {self.waiting}），批次 {self.batch_id}"
        )


@dataclass(frozen=True, slots=True)
class RouteFailed(Event):
    name: ClassVar[str] = "route_failed"
    route: str
    code: str
    next: str
    message: str

    def text(self) -> str:
        return f"路线 {self.route} 未能完成：{self.message}"


@dataclass(frozen=True, slots=True)
class RouteBack(Event):
    name: ClassVar[str] = "route_back"
    route: str

    def text(self) -> str:
        return f"路线 {self.route} 恢复正常"


@dataclass(frozen=True, slots=True)
class RouteNoticed(Event):
    """What reading a route found about its source, though its rows arrive; no notices: it is as it should be again."""

    name: ClassVar[str] = "route_noticed"
    route: str
    notices: tuple[str, ...]

    def text(self) -> str:
        return f"路线 {self.route}：{'；'.join(self.notices) or '读取中提醒过的情况已不再有'}"


class Job(StrEnum):
    """What a run does besides its routes and its deliveries."""

    REQUESTS = "requests"  # what people asked a running run for
    EDITION_SWITCH = "edition_switch"
    REVIEW = "review"
    VISITS_REVIEW = "visits_review"


JOB_ZH = {
    Job.REQUESTS: "办理请求",
    Job.EDITION_SWITCH: "切换标准版本",
    Job.REVIEW: "复核",
    Job.VISITS_REVIEW: "复核已结束的就诊",
}


@dataclass(frozen=True, slots=True)
class JobFailed(Event):
    name: ClassVar[str] = "job_failed"
    job: Job
    code: str
    next: str
    message: str

    def text(self) -> str:
        return f"“{JOB_ZH[self.job]}”未能完成：{self.message}"


@dataclass(frozen=True, slots=True)
class JobBack(Event):
    name: ClassVar[str] = "job_back"
    job: Job

    def text(self) -> str:
        return f"“{JOB_ZH[self.job]}”恢复正常"


@dataclass(frozen=True, slots=True)
class EnvelopeLeased(Event):
    name: ClassVar[str] = "envelope_leased"
    message_id: str
    table: str
    campus: str
    rows: int
    body_bytes: int
    attempt: int

    def text(self) -> str:
        return f"已装封 {self.table} {self.rows} 行，报文 {self.message_id}，{self.body_bytes} 字节，第 {self.attempt} 次"


@dataclass(frozen=True, slots=True)
class EnvelopeAnswered(Event):
    name: ClassVar[str] = "envelope_answered"
    message_id: str
    table: str
    status: int
    duration_ms: float

    def text(self) -> str:
        return f"平台已应答报文 {self.message_id}（{self.table}），HTTP {self.status}，{self.duration_ms:.0f} 毫秒"


@dataclass(frozen=True, slots=True)
class EnvelopeSettled(Event):
    name: ClassVar[str] = "envelope_settled"
    message_id: str
    table: str
    receipt_no: str
    accepted: int
    refused: int
    stale: int
    again: int

    def text(self) -> str:
        return (
            f"已结清报文 {self.message_id}（{self.table}）：接收 {self.accepted}，拒收 {self.refused}，"
            f"过期 {self.stale}，重来 {self.again}，回执 {self.receipt_no}"
        )


NOT_SENT = (
    "not_sent"  # code of an envelope whose turn had not come when the platform was lost or the run stopped
)


_BECAME_ZH = {"ready": "待发", "unknown": "结果未知，先问", "parked": "搁置"}


@dataclass(frozen=True, slots=True)
class EnvelopeFailed(Event):
    name: ClassVar[str] = "envelope_failed"
    message_id: str
    table: str
    code: str
    next: str
    state: str  # ready: comes again; unknown: asked first; parked
    message: str

    def text(self) -> str:
        became = _BECAME_ZH.get(self.state, self.state)
        return f"报文 {self.message_id}（{self.table}）未送达，转为{became}：{self.message}"


@dataclass(frozen=True, slots=True)
class QuestionFailed(Event):
    """Told, and not kept in the ledger: nothing changed by it."""

    name: ClassVar[str] = "question_failed"
    message_id: str
    table: str
    code: str
    next: str
    message: str

    def text(self) -> str:
        return f"询问报文 {self.message_id}（{self.table}）未果，稍后再问：{self.message}"


@dataclass(frozen=True, slots=True)
class LeasesRescued(Event):
    name: ClassVar[str] = "leases_rescued"
    envelopes: int
    rows: int

    def text(self) -> str:
        return f"接管 {self.envelopes} 份断头报文（{self.rows} 行），先问平台再决定"


@dataclass(frozen=True, slots=True)
class PlatformLost(Event):
    name: ClassVar[str] = "platform_lost"
    HEAD: ClassVar[str] = "平台不可达，数据留在本地等待"
    code: str
    message: str

    def text(self) -> str:
        return f"{self.HEAD}：{self.message}"


@dataclass(frozen=True, slots=True)
class PlatformBack(Event):
    name: ClassVar[str] = "platform_back"
    lost_for_s: float

    def text(self) -> str:
        return f"平台恢复，中断 {self.lost_for_s:.0f} 秒，继续投递"


@dataclass(frozen=True, slots=True)
class EditionSwitched(Event):
    name: ClassVar[str] = "edition_switched"
    edition: str
    day: str

    def text(self) -> str:
        return f"标准版本的切换日到了（{self.day}，{self.edition}），已按当日的版本重新打开项目"


@dataclass(frozen=True, slots=True)
class ReviewEnded(Event):
    name: ClassVar[str] = "review_ended"
    rows: int
    left_out: int
    findings: int
    duration_s: float

    def text(self) -> str:
        left_out = f"，另有 {self.left_out} 条属于项目已不再使用的标准版本，未复核" if self.left_out else ""
        return f"已复核 {self.rows} 条平台接收的记录，发现 {self.findings} 处，用时 {self.duration_s:.0f} 秒{left_out}"


@dataclass(frozen=True, slots=True)
class VisitsReviewed(Event):
    """`until`: settled before that moment; the next look goes on from there."""

    name: ClassVar[str] = "visits_reviewed"
    visits: int
    rows: int
    findings: int
    left: int
    until: str
    duration_s: float

    def text(self) -> str:
        left = f"，另有 {self.left} 次留给夜间" if self.left else ""
        return (
            f"已复核 {self.visits} 次已结束的就诊（{self.rows} 条记录），发现 {self.findings} 处，"
            f"用时 {self.duration_s:.1f} 秒{left}"
        )


@dataclass(frozen=True, slots=True)
class RequestSetAside(Event):
    """A file that bears the name of a request and cannot be read as one."""

    name: ClassVar[str] = "request_set_aside"
    file: str
    reason: str

    def text(self) -> str:
        return f"请求文件 {self.file} 读不懂（{self.reason}），没有照它做；请再请求一次"


Listener = Callable[[Event], None]
"""Hears every event, on the thread where it happened; must be quick and must not raise."""
