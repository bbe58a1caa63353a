"""What a probe looks at, and how it says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select

from medferry.clock import ZONE, Clock
from medferry.records import ProbeFinding
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import Column
from medferry.sources.sql_query.driver import Driver
from medferry.sources.sql_query.order import ORDER_FIX, Order, order_of
from medferry.sources.sql_query.page_sql import PageAsk
from medferry.sources.sql_query.position import FUTURE_SLACK, IntegerMeaning, Start, moment
from medferry.sources.sql_query.settings import SqlQuerySettings

FULL_SCAN_ROWS = 100_000
"""A table with more rows must not be read from end to end for each page."""
CLOCK_SLACK_S = 60.0


def probe_server(driver: Driver, settings: SqlQuerySettings, clock: Clock) -> list[ProbeFinding]:
    """Version, read-only proof, driver, clock."""
    findings = [ProbeFinding("连接", True, f"{driver.server()}，{settings.shown_url}"), driver.account()]
    if driver.fast_path is not None and settings.fast_path == "auto":
        findings.append(
            ProbeFinding("驱动", True, f"列式驱动 {driver.fast_path}，不合适时改用 {driver.plain_path}")
        )
    else:
        reason = driver.fast_path_absent or "设置了 fast_path: off"
        findings.append(ProbeFinding("驱动", True, f"普通驱动 {driver.plain_path}（{reason}）"))
    apart_s = driver.clock_difference_s(clock.now().timestamp())
    if apart_s is not None:
        ok = abs(apart_s) <= CLOCK_SLACK_S
        fix = "" if ok else "校准服务器或本机的时钟；迟到窗口按本机时钟计算"
        findings.append(ProbeFinding("时钟", ok, f"服务器比本机快 {apart_s:+.1f} 秒", fix))
    return findings


def probe_plan(
    driver: Driver, plan: ReadPlan, columns: Sequence[Column], clock: Clock, meaning: IntegerMeaning
) -> list[ProbeFinding]:
    """Columns, rows no cursor reaches, doubled keys, times from the future, the page's plan and its index."""
    findings = [ProbeFinding("列", True, f"查询给出 {len(columns)} 列，key 与 changed_at 都在")]
    findings += _reach(driver, plan, columns)
    findings += _keys(driver, plan, columns)
    last = _last_changed_at(driver, plan, columns)
    if plan.changed_at is not None and last is not None:
        order = order_of(driver, plan, columns, meaning)
        findings.append(_order_column(plan.changed_at, last, clock, order))
    findings += _page_plan(driver, plan, columns, last)
    return findings


def _reach(driver: Driver, plan: ReadPlan, columns: Sequence[Column]) -> list[ProbeFinding]:
    q = paging.wrapped(plan.query, [c.name for c in columns])
    findings = []
    keyless = driver.rows(
        select(func.count()).select_from(q).where(or_(*(q.c[name].is_(None) for name in plan.key)))
    )
    if count := int(keyless[0][0]):
        text = f"{count} 行的 key（{'、'.join(plan.key)}）有空值，只在第一次和补读时按一批读出"
        findings.append(ProbeFinding("空主键", False, text, "在查询中补齐或滤掉这些行"))
    if plan.changed_at is not None:
        undated = driver.rows(select(func.count()).select_from(q).where(q.c[plan.changed_at].is_(None)))
        if count := int(undated[0][0]):
            text = f"{count} 行的 {plan.changed_at} 为空，增量读不到，只在第一次和补读时读出"
            findings.append(
                ProbeFinding("空变更时间", False, text, f"在查询中用 COALESCE 给 {plan.changed_at} 一个时间")
            )
    return findings or [ProbeFinding("空值", True, "key 与 changed_at 没有空值")]


def _keys(driver: Driver, plan: ReadPlan, columns: Sequence[Column]) -> list[ProbeFinding]:
    q = paging.wrapped(plan.query, [c.name for c in columns])
    keys = [q.c[name] for name in plan.key]
    many = (
        select(func.count().label("n"))
        .select_from(q)
        .group_by(*keys)
        .having(func.count() > 1)
        .subquery("many")
    )
    count = int(driver.rows(select(func.count()).select_from(many))[0][0])
    if count == 0:
        return [ProbeFinding("主键", True, f"{'、'.join(plan.key)} 在查询结果中唯一")]
    text = f"{count} 个 key 在查询结果中不止一行"
    return [ProbeFinding("主键", False, text, "补上缺的主键列，或去掉使行重复的关联")]


def _last_changed_at(driver: Driver, plan: ReadPlan, columns: Sequence[Column]) -> str | int | None:
    if plan.changed_at is None:
        return None
    q = paging.wrapped(plan.query, [c.name for c in columns])
    found = driver.rows(select(func.max(q.c[plan.changed_at])))[0][0]
    if found is None or isinstance(found, int):
        return found
    if next(one for one in columns if one.name == plan.changed_at).dtype.is_integer():
        return (
            int(found) if re.fullmatch(r"-?[0-9]+", str(found)) else str(found)
        )  # MariaDB sends digits as text
    return str(found.isoformat() if hasattr(found, "isoformat") else found)


def _order_column(name: str, last: str | int, clock: Clock, order: Order) -> ProbeFinding:
    meaning = order.meaning
    if order.fault:
        text = f"{name} {order.fault}；增量读取会漏行，这条路线改为整表读取"
        return ProbeFinding("变更时间", False, text, ORDER_FIX)
    told = moment(last, meaning.time)
    wall = clock.now().astimezone(ZONE).replace(tzinfo=None)
    if isinstance(last, int) and meaning.time == "sequence":
        if meaning.overlap == 0:
            fix = "按提交的延迟设置 integer_overlap；是时间戳则设置 integer_time"
            return ProbeFinding("变更时间", False, f"{name} 是整数序列，没有设置重叠", fix)
        return ProbeFinding("变更时间", True, f"{name} 是整数序列，重叠 {meaning.overlap}")
    if told is None:
        fix = "改用能认出的写法，如 2026-01-15 08:29:41 或 20260115082941"
        return ProbeFinding("变更时间", False, f"{name} 的写法认不出时间，重叠与补读窗口无效", fix)
    if told > wall + FUTURE_SLACK:
        days = (told - wall) // timedelta(days=1)
        text = f"{name} 最大值比现在晚 {days} 天；这些行每次都会重读，游标不会跟过去"
        return ProbeFinding("变更时间", False, text, "改正源系统中的这些时间")
    return ProbeFinding("变更时间", True, f"{name} 在全部行里都能排出先后，也能认出时间")


def _page_plan(
    driver: Driver, plan: ReadPlan, columns: Sequence[Column], last: str | int | None
) -> list[ProbeFinding]:
    by_name = {column.name: column for column in columns}
    # As the head loop asks: behind the newest row. A first page without any bound would be planned otherwise.
    start = Start() if last is None else Start(from_changed_at=last)
    statement = paging.page(
        driver.page_form, plan.query, tuple(by_name), plan, PageAsk(start, plan.rows_max + 1),
        lambda name, value: driver.bind(by_name[name], value),
    )  # fmt: skip
    view = driver.plan(statement)
    if view is None:
        return [ProbeFinding("执行计划", False, "这种数据库的执行计划未能查看", "请在数据库工具中核对索引")]
    findings = []
    big = {table: rows for table, rows in view.full_scans.items() if rows >= FULL_SCAN_ROWS}
    if big:
        shown = "、".join(f"{table}（约 {rows} 行）" for table, rows in big.items())
        findings.append(
            ProbeFinding(
                "执行计划", False, f"每一批都要整表扫描：{shown}；{view.summary}", "建索引或改写查询"
            )
        )
    else:
        findings.append(ProbeFinding("执行计划", True, view.summary))
    order = "、".join(filter(None, (plan.changed_at, *plan.key)))
    if view.sorts:
        findings.append(
            ProbeFinding(
                "索引", False, f"没有索引能给出（{order}）的顺序，每一批都要排序", f"建索引（{order}）"
            )
        )
    else:
        findings.append(ProbeFinding("索引", True, f"有索引给出（{order}）的顺序"))
    return findings
