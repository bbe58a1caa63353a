"""A small project with one mapping, and the book that replaces its table."""

from __future__ import annotations

from typing import Any

HEADER = ["字段名", "中文名", "数据类型", "表示格式", "必填", "值域"]
CARD_2026 = [
    ["org_code", "医疗机构代码", "S1", "AN..22", "是", ""],
    ["org_name", "医疗机构名称", "S1", "AN..70", "是", ""],
    ["card_id", "卡记录标识", "S1", "AN..64", "是", ""],
    ["patient_id", "患者标识", "S1", "AN..64", "是", ""],
    ["card_type_code", "卡类型代码", "S3", "AN..2", "是", "CARD_TYPE"],
    ["card_number", "卡号", "S1", "AN..32", "是", ""],
    ["card_status_code", "卡状态代码", "S2", "N2", "是", "10-在用；20-停用"],
    ["medium_code", "卡介质", "S2", "N1", "是", "1-磁条；2-芯片"],
    ["record_status", "记录状态", "S3", "N1", "否", "RECORD_STATUS"],
    ["created_at", "业务创建时间", "DT", "DT15", "是", ""],
    ["updated_at", "业务更新时间", "DT", "DT15", "是", ""],
]
TYPES_2026 = [["01", "社保卡"], ["02", "就诊卡"]]
MAIN = """\
project: 测试医院
catalog: jiangxi
campuses:
  donghu: {name: 东湖, org_code: 12360100A00000001X, org_name: 阳光医院}
sources:
  his: {type: sql_query, campus: donghu, url: "sqlite:///run/his.sqlite", mappings: mappings/his}
destination: {type: rest, url: "http://127.0.0.1:8600", app_key: demo, app_secret: x}
outbox: {type: sqlite, path: run/ledger.sqlite}
"""
CARD = """\
read: {query: queries/his/card.sql, key: [KH], changed_at: GXSJ}
tables:
  patient_card:
    card_id: KH
    patient_id: BRID
    card_type_code: {column: LX, codes: card_type}
    card_no: KH
    card_status_code: {constant: "1", because: 本系统只保留有效卡}
    issue_date: FKRQ
    created_at: CJSJ
    updated_at: GXSJ
"""
FILES = {
    "medferry.yaml": MAIN,
    "mappings/his/card.yaml": CARD,
    "queries/his/card.sql": "SELECT * FROM KP;\n",
    "codes/card_type.csv": "local,standard\n1,02\n2,03\n",
    "waivers.yaml": "- {table: patient_card, field: record_status, reason: 系统不记作废}\n",
}


def card_case(rows: list[list[str]] | None = None) -> dict[str, Any]:
    """The book of 2026 as a case of `make_book`."""
    return {
        "sheets": {
            "卡 patient_card": {"rows": [HEADER, *(CARD_2026 if rows is None else rows)]},
            "卡类型代码": {"rows": [["代码", "名称"], *TYPES_2026]},
        }
    }
