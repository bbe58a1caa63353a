"""Goal: whoever installs a package with a source, a destination or an outbox of their own changes nothing of Medferry.
Method: a tiny distribution (a module and its dist-info) on PYTHONPATH, and `medferry` as a process of its own.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from medferry.cli import new

MODULE = """\
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from medferry.destinations.settings import DestinationSettings
from medferry.members import ProjectPath
from medferry.outbox.sqlite.settings import SqliteSettings
from medferry.records import ProbeFinding, RawBatch, Reply
from medferry.sources.settings import SourceSettings


class TableFile(SourceSettings):
    title_zh: ClassVar[str] = "一个 CSV 文件"
    reads_queries: ClassVar[bool] = False
    type: Literal["table_file"] = "table_file"
    file: ProjectPath = Field(description="文件")
    separator: str = Field(",", max_length=1, description="分隔符")

    def open(self, tools):
        return TableFileSource(self, tools.clock)


class TableFileSource:
    def __init__(self, settings, clock):
        self.settings, self.clock = settings, clock

    def probe(self, plan=None):
        return [ProbeFinding("文件", self.settings.file.is_file(), f"分隔符 {self.settings.separator}")]

    def read(self, plan, after, loop):
        assert plan.query == ""
        rows = pl.read_csv(self.settings.file, separator=self.settings.separator, infer_schema=False)
        for part in rows.iter_slices(plan.rows_max):
            yield RawBatch(plan.route, plan.campus, loop, part, None, self.clock.now())

    def lookup_table(self, query, parameters=None):
        raise AssertionError("reads no queries")

    def close(self):
        pass


class Shelf(DestinationSettings):
    title_zh: ClassVar[str] = "一个文件夹"
    type: Literal["shelf"] = "shelf"
    folder: ProjectPath = Field(description="放在哪里")

    def open(self, tools):
        self.folder.mkdir(exist_ok=True)
        return ShelfDestination(self.folder, tools)


class ShelfDestination:
    def __init__(self, folder, tools):
        self.folder, self.clock = folder, tools.clock
        assert tools.addresses.org_codes

    def probe(self):
        return [ProbeFinding("文件夹", self.folder.is_dir(), "可以放")]

    def pack(self, *, message_id, table, campus, org_code, created_at, bodies):
        return b"[" + b",".join(bodies) + b"]", ""

    def send(self, envelope):
        (self.folder / f"{envelope.table}-{envelope.message_id}.json").write_bytes(envelope.body)
        said = b'{"code": "0", "msg_id": "%s", "receipt_no": "1"}' % envelope.message_id.encode()
        return Reply(envelope.message_id, 200, said, self.clock.now(), 0.0)

    def ask(self, message_ids):
        raise AssertionError("no answer is ever lost here")

    def close(self):
        pass


class Noted(SqliteSettings):
    title_zh: ClassVar[str] = "SQLite，旁边有一张便条"
    type: Literal["noted"] = "noted"
    note: str = Field(description="写什么")

    def open(self, tools):
        outbox = super().open(tools)
        (self.path.parent / "note.txt").write_text(self.note, encoding="utf-8")
        return outbox
"""
ENTRY_POINTS = """\
[medferry.sources]
table_file = toy_members:TableFile
broken = toy_members:NotThere
{more}
[medferry.destinations]
shelf = toy_members:Shelf

[medferry.outboxes]
noted = toy_members:Noted
"""
SOURCE = "{type: table_file, campus: main, file: run/patients.csv, separator: ;, mappings: mappings/his}"
MAIN = """\
project: 外来的类型
campuses: {{main: {{name: 本部, org_code: 12360000000000000X, org_name: 我的医院}}}}
sources: {{his: {source}}}
destination: {{type: shelf, folder: run/shelf}}
outbox: {{type: noted, path: run/ledger.sqlite, note: 你好}}
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    return installed(tmp_path / "packages", "toy-members", ENTRY_POINTS.format(more=""))


def installed(folder: Path, name: str, entry_points: str) -> Path:
    info = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(entry_points, encoding="utf-8")
    (folder / "toy_members.py").write_text(MODULE, encoding="utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project of `medferry new`, its patients in a file."""
    folder = tmp_path / "hospital"
    made = CliRunner().invoke(new.command, [str(folder)])
    assert made.exit_code == 0, made.output
    query = (folder / "queries/his/patient.sql").read_text(encoding="utf-8").strip().rstrip(";")
    with closing(sqlite3.connect(folder / "run/sample_his.sqlite")) as database:
        cursor = database.execute(query)
        names = [one[0] for one in cursor.description]
        rows = [tuple(None if v is None else str(v) for v in row) for row in cursor]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame.write_csv(folder / "run/patients.csv", separator=";")
    mapping = folder / "mappings/his/patient.yaml"
    lines = mapping.read_text(encoding="utf-8").split("\n")
    kept = [one for one in lines if not one.strip().startswith(("query:", "changed_at:"))]
    mapping.write_text("\n".join(kept), encoding="utf-8")
    (folder / "medferry.yaml").write_text(MAIN.format(source=SOURCE), encoding="utf-8")
    return folder


def medferry(packages: Path, *arguments: str) -> tuple[int, Mapping[str, object], str]:
    """Exit code, what `--json` says, and what went to standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "medferry.cli.main", *arguments, "--json"],
        env={**os.environ, "PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = json.loads(done.stdout) if done.stdout else {}
    return done.returncode, said, done.stderr


def test_rows_travel_from_their_source_into_their_outbox_to_their_destination(
    packages: Path, project: Path
) -> None:
    code, linted, errors = medferry(packages, "lint", "--project", str(project))
    # Of the members nothing; of the sample's mapping what it leaves out.
    assert (code, linted["errors"], linted["warnings"]) == (0, 0, 1), errors
    assert "从不给值" in linted["complaints"][0]["message"]  # type: ignore[index]
    code, probed, errors = medferry(packages, "probe", "--project", str(project))
    assert code == 0, errors
    told = {(one["place"], one["subject"], one["ok"]) for one in probed["findings"]}  # type: ignore[attr-defined]
    assert {("数据源 his", "文件", True), ("平台", "文件夹", True)} <= told
    code, ran, errors = medferry(packages, "run", "--project", str(project), "--until-quiet")
    assert code == 1, errors  # a row is held
    accepted = ran["delivered"]["accepted"]  # type: ignore[index]
    sent = [json.loads(one.read_bytes()) for one in (project / "run/shelf").glob("patient-*.json")]
    assert accepted == sum(map(len, sent)) > 0
    assert (project / "run/note.txt").read_text(encoding="utf-8") == "你好"


@pytest.mark.parametrize(
    ("more", "old", "wrong", "begins", "says"),
    [
        ("", "separator: ;", "separator: ;;", ";;", "数据源 his 的 separator 太长"),
        ("", "file:", "fiel:", "fiel:", "没有这个数据源 his 的键：fiel"),
        ("", "note: 你好", "nota: 你好", "nota:", "没有这个outbox 的键：nota"),
        ("", "type: table_file", "type: broken", "broken", "toy-members 1.2"),
        ("sql_query = toy_members:TableFile", "type: table_file", "type: sql_query", "sql_query", "名字重复"),
    ],
    ids=["a setting", "a key of the source", "a key of the outbox", "a broken package", "a name twice"],
)
def test_lint_says_where_it_is_wrong(
    tmp_path: Path, project: Path, more: str, old: str, wrong: str, begins: str, says: str
) -> None:
    packages = installed(tmp_path / "packages", "toy-members", ENTRY_POINTS.format(more=more))
    path = project / "medferry.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, wrong, 1)
    path.write_text(text, encoding="utf-8")
    code, linted, errors = medferry(packages, "lint", "--project", str(project))
    assert code == 1, errors
    assert "Traceback" not in errors
    found = [one for one in linted["complaints"] if says in one["message"]]  # type: ignore[attr-defined]
    before = text[: text.index(begins)]
    place = (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    assert [(one["line"], one["column"]) for one in found] == [place], linted
