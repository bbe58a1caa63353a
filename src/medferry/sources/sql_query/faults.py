"""Foreign errors translated by their codes: what happens next, why, and how to go on. Names pass, values never."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from medferry.errors import Next


@dataclass(frozen=True, slots=True)
class Fault:
    """A foreign error, translated (Chinese)."""

    next: Next
    reason: str
    fix: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Errors of these codes (a pattern over the whole code) are this fault.

    name  finds the name of a table or column in the driver's text; it takes the place of {name} in the reason
    """

    codes: str
    fault: Fault
    name: str = ""


TOO_SLOW = Fault(Next.RETRY, "语句超时被中止", "为查询建索引，或调大 statement_timeout_s")
NO_COLUMN = Fault(Next.STOP, "列 {name} 不存在", "核对查询与数据库结构")
NO_TABLE = Fault(Next.STOP, "表 {name} 不存在", "核对查询、库名与数据库结构")
NO_RIGHT = Fault(Next.STOP, "账号没有读 {name} 的权限", "请管理员授予 SELECT 权限")
NO_LOGIN = Fault(Next.STOP, "数据库不接受这个账号", "核对 url 中的用户、口令与库名")
NO_DATABASE = Fault(Next.STOP, "数据库不存在", "核对 url 中的库名")
NO_ROLE = Fault(Next.STOP, "数据库没有这个账号", "核对 url 中的用户名，或请管理员新建账号")
NO_CONNECT = Fault(
    Next.STOP,
    "账号没有连接这个数据库的权限",
    "请管理员授予连接权限（PostgreSQL：GRANT CONNECT；MariaDB：GRANT SELECT）",
)
MAY_NOT_LOG_IN = Fault(Next.STOP, "账号不许登录", "请管理员给账号 LOGIN 权限")
NOT_FROM_HERE = Fault(Next.STOP, "数据库不接受从本机来的连接", "请管理员在 pg_hba.conf 中加上本机地址与账号")
LOCKED = Fault(Next.STOP, "账号被锁定", "请管理员解锁账号（ALTER USER … ACCOUNT UNLOCK）")
EXPIRED = Fault(Next.STOP, "账号的口令已过期", "请管理员更新口令，再改 url")
TOO_MANY = Fault(Next.RETRY, "数据库的连接数已满", "稍后会自动重试；请管理员释放空闲连接或调大连接上限")
NO_WRITING = Fault(Next.STOP, "拒绝写入：连接是只读的", "查询只能是一条 SELECT")
LOST = Fault(Next.RETRY, "连不上数据库或连接中断", "核对主机、端口、防火墙与数据库是否在运行")
BAD_SQL = Fault(Next.STOP, "查询不能执行（语法、类型或数据转换错误）", "在数据库工具中单独执行这条查询")


def judged(rules: Sequence[Rule], code: str, message: str, otherwise: Fault) -> Fault:
    """The first rule that knows the code; of the message only a name gets through."""
    for rule in rules:
        if re.fullmatch(rule.codes, code):
            found = re.search(rule.name, message) if rule.name else None
            name = found[1] if found else ""
            return replace(
                rule.fault, reason=" ".join(rule.fault.reason.format(name=name).split()), code=code
            )
    return replace(otherwise, code=code)
