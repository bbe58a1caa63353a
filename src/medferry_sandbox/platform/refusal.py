"""A message refused as a whole, before anything of it was taken: code, HTTP status and text of the
interface draft §2.6.
"""

from __future__ import annotations

from typing import Final

_KNOWN: Final = {
    "1001": (401, "令牌缺失或无效"),
    "1002": (401, "令牌已过期"),
    "1003": (403, "应用标识不存在或已停用"),
    "1004": (401, "签名不正确"),
    "1005": (401, "时间戳超出允许范围"),
    "1006": (401, "随机数重复"),
    "1008": (403, "无权访问该机构或表"),
    "1009": (400, "不支持的加密方式"),
    "1101": (429, "调用过于频繁"),
    "1103": (413, "报文过大或条数过多"),
    "2001": (400, "报文不是合法的 UTF-8 JSON"),
    "2002": (400, "报文头缺项或不一致"),
    "2003": (400, "条数或摘要不一致"),
    "2004": (400, "规范版本不支持"),
    "2005": (404, "表不存在"),
    "2006": (409, "报文号已用于其他内容"),
    "9001": (503, "平台忙"),
    "9003": (500, "接收后存储出错，请按报文号查询"),
    "9999": (500, "未知错误"),
}


class Refusal(Exception):
    """`detail` says what exactly; it names headers and fields, never values."""

    def __init__(
        self, code: str, detail: str = "", *, status: int = 0, retry_after_s: int | None = None
    ) -> None:
        known_status, text = _KNOWN[code]
        self.code = code
        self.status = status or known_status
        self.message = f"{text}：{detail}" if detail else text
        self.retry_after_s = retry_after_s
        super().__init__(f"{code} {self.message}")
