"""A small sound edition of two tables and one value set, to be broken one way per test."""

from __future__ import annotations

from pathlib import Path

import pytest

HEADER = "seq,name,name_zh,type,format,required,key,code_system,element_id,description_zh,source,confidence\n"
TAIL = (
    "{0},record_status,记录状态,code,N1,R,,,,状态,约定,A\n"
    "{1},created_at,创建时间,datetime,DT15,R,,,,创建,约定,A\n"
    "{2},updated_at,更新时间,datetime,DT15,R,,,,更新,约定,A\n"
)
FILES = {
    "tables.csv": "no,category_zh,dataset_code,dataset_zh,table_zh,table,group,tier,note_zh\n"
    "1,摘要,D1,患者,患者,patient,live,0,\n2,摘要,D2,项目,项目,item,live,1,\n",
    "tables/patient/fields.csv": HEADER + "1,org_code,机构代码,string,AN..22,R,PK,,,机构,约定,A\n"
    "2,patient_id,患者号,string,AN..64,R,PK,,,号,约定,A\n"
    + "3,sex_code,性别,code,N1,R,,SEX,,性别,约定,A\n"
    + TAIL.format(4, 5, 6),
    "tables/item/fields.csv": HEADER + "1,org_code,机构代码,string,AN..22,R,PK,,,机构,约定,A\n"
    "2,item_id,项目号,string,AN..64,R,PK,,,号,约定,A\n"
    + '3,patient_id,患者号,string,AN..64,R,FK:patient.patient_id,,,"号, 即患者号",约定,A\n'
    + "4,paid_flag,已付标志,boolean,L,O,,,,付,约定,C\n"
    + TAIL.format(5, 6, 7),
    "tables/patient/rules.csv": "table,rule_id,scope,expression_zh,severity,source\n",
    "tables/item/rules.csv": "table,rule_id,scope,expression_zh,severity,source\n"
    "item,I-1,item,已付则有金额,error,约定\nitem,I-2,item,金额不小于零,warning,约定\n",
    "value_sets.csv": "id,title_zh,standard,entries,complete,fields_using,source\n"
    "SEX,性别,本地,2,yes,1,约定\n",
    "value_sets/SEX.csv": "code,name_zh,note\n1,男,\n2,女,\n",
    "schedule.yaml": "groups:\n  live: {title_zh: 实时, trigger_zh: 随时, every: 10s, overlap: 10m, "
    "sweep_every: 1h, window: 3d, deadline: 1m}\n",
}


@pytest.fixture
def small_edition(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
