"""A small sound project in a folder, for tests to damage."""

from __future__ import annotations

from pathlib import Path

import pytest

MAIN = """\
project: 测试医院
catalog: jiangxi
campuses:
  donghu: {name: 东湖, branch_code: "01", org_code: 12360100A00000001X, org_name: 阳光医院, prefix: "DH-"}
  qingshan: {name: 青山, branch_code: "02", org_code: 12360100A00000001X, org_name: 阳光医院, prefix: "QS-"}
sources:
  his: {type: sql_query, campus: donghu, url: "${HIS_URL:-sqlite:///run/his.sqlite}", mappings: mappings/his}
lookup_tables:
  visits_by_barcode:
    donghu: {source: his, query: queries/his/visits.sql, refresh: 5m}
destination: {type: rest, url: "http://127.0.0.1:8600", app_key: demo, app_secret: "${SECRET}"}
outbox: {type: sqlite, path: run/ledger.sqlite}
"""

CARD = """\
read:
  query: queries/his/card.sql
  key: [KH, 010]
  changed_at: GXSJ
  ready_when: {SHZT: [no, 01]}
  at: [08:00]
tables:
  patient_card:
    card_id: KH
    patient_id: {lookup: visits_by_barcode, on: {TMH: barcode}, take: patient_id}
    card_type_code: {column: LX, codes: card_type}
    card_no: {columns: [QZ, KH], verbs: [{join: ""}]}
    card_status_code: {constant: "1", because: 本系统只保留有效卡}
    issue_date: {column: FKRQ, verbs: [{null_if: "0000-00-00"}, {date: ["%Y-%m-%d", "%Y/%m/%d"]}]}
    created_at: CJSJ
    updated_at: GXSJ
"""

FILES = {
    "medferry.yaml": MAIN,
    "mappings/his/card.yaml": CARD,
    "queries/his/card.sql": "SELECT * FROM KP;\n",
    "queries/his/visits.sql": "-- 就诊\nWITH v AS (SELECT 1 AS barcode) SELECT * FROM v",
    "codes/card_type.csv": "\ufefflocal,standard,local_name\n1,02,社保卡\n2,03,健康卡\n",
    "waivers.yaml": "- {table: patient_card, field: record_status, reason: 系统不记作废}\n"
    "- {table: patient_card, field: insurance_type_code, reason: 卡上不分险种}\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
