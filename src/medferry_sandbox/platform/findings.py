"""What the platform has to say about one field of one record; it never repeats a value."""

from __future__ import annotations

from typing import Final, NamedTuple

ERROR: Final = "ERROR"  # refuses the record
WARNING: Final = "WARNING"  # accepted, counted

MISSING: Final = "3001"
BROKEN: Final = "5003"

TEXTS: Final = {
    "1008": "无权上报该机构的数据",
    "3001": "必填项为空",
    "3002": "类型或格式不符",
    "3003": "值不在值域内",
    "3004": "长度超限",
    "3006": "证件号码校验不通过",
    "3007": "必填项填了占位符",
    "3008": "含控制字符或非法字符",
    "3009": "未知字段",
    "4001": "上级记录不存在",
    "4002": "目录中没有对应条目",
    "5001": "同一报文内业务主键重复",
    "5002": "版本早于平台已有版本，已忽略",
    "5003": "字段之间的规则不成立",
    "9001": "请重新上报",
    "5004": "作废的记录不存在",
}


class Finding(NamedTuple):
    """`rule` is a format, a value set id, a pointed-to table or a rule's own id."""

    code: str
    field: str
    rule: str = ""
    severity: str = ERROR
    message: str = ""

    def as_reply(self) -> dict[str, str]:
        return {
            "code": self.code,
            "field": self.field,
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message or TEXTS[self.code],
        }
