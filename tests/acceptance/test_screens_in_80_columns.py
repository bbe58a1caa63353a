"""Goal: every table of every command can be read on a screen of 80 columns: no number is cut or folded, no word is lost, and
no text stands in a column of one or two characters.
Method: a small synthetic hospital is ferried; each command that prints tables is asked twice, with room for everything and
with 80 columns, and what the narrow screen says is held against the wide one. A command that prints a table and is not here
makes the first test red."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from rich.cells import cell_len

from medferry.cli.listing import TEXT_LEAST
from medferry.cli.main import cli
from medferry.clock import SystemClock
from medferry_sandbox.commands.demo import print_tables, sunshine_project, tables_of
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

SRC = Path(__file__).resolve().parents[2] / "src"
NARROW, WIDE = 80, 1_000

# Module that prints tables -> commands that show all of them. {p}: the project, {h}: the hospital's folder, {w}: the width.
COMMANDS = {
    "medferry/cli/status.py": ["status --project {p}"],
    "medferry/cli/review.py": ["review --project {p}"],
    "medferry/cli/gaps.py": ["gaps --project {p}", "gaps --all --project {p}"],
    "medferry/cli/score.py": ["score --all --no-store --project {p}"],
    "medferry/cli/coverage.py": ["coverage --project {p}", "coverage advice --project {p}"],
    "medferry/cli/codes.py": ["codes unmapped --project {p}"],
    "medferry/cli/checks.py": ["checks learn --project {p}"],
    "medferry/cli/preview.py": ["preview patient --rows 1 --project {p}"],
    "medferry/cli/catalog/output.py": [
        "catalog list", "catalog show visit", "catalog show --codes CV02.01.101", "catalog lint",
        "catalog import {h}/book.xlsx --as next --replace --project {p}",
        "catalog diff jiangxi next --project {p}",
    ],
    "medferry_sandbox/commands/hospital.py": ["hospital lives --out {h}", "hospital create --visits 9 --out {h}/{w}"],
    "medferry_sandbox/commands/demo.py": ["demo"],
}  # fmt: skip


@click.command()
@click.option("--project")
def demo_table(project: str) -> None:
    """What `medferry demo` shows of its tables, without ferrying once more."""
    print_tables(tables_of({"patient": {"accepted": 1_234_567, "held": 3}, "visit": {"superseded": 12}}, {}))


@dataclass
class Shown:
    """A table of a wide screen: titles, and per column its cells' lines."""

    title: str
    heads: list[str]
    columns: list[list[str]] = field(default_factory=list)

    def is_count(self, at: int) -> bool:
        return all(re.fullmatch(r"[0-9,.%/+<>· ]*|未接入|不知道", one) for one in self.columns[at])


@dataclass(frozen=True)
class Hospital:
    """The project, and the folder of its hospital."""

    project: Path
    folder: Path
    ran: str


def asked(line: str, columns: int, *, may_end: Sequence[int] = (0, 1)) -> str:
    command, arguments = (demo_table, []) if line == "demo" else (cli, line.split())
    answer = CliRunner().invoke(command, arguments, env={"COLUMNS": str(columns), "NO_COLOR": "1"})
    assert answer.exit_code in may_end, answer.output
    return answer.stdout


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """Ferried once, with faults that are held."""
    folder = tmp_path_factory.mktemp("screens")
    made = Sunshine.create(folder / "hospital", clock=SystemClock(), visits=60, days=7, seed=3)
    project = Path(shutil.copytree(sunshine_project(), folder / "project"))
    with pytest.MonkeyPatch.context() as patch:
        for line in (made.folder / "sources.env").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            patch.setenv(name, value)
        patch.setenv("SUNSHINE_LEDGER", str(folder / "ledger.sqlite"))
        waivers = project / "waivers.yaml"
        settings = SandboxSettings(data=folder / "sandbox", port=0, control_port=0, waivers=waivers)
        with running_sandbox(settings) as sandbox:
            patch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
            ran = asked(f"run --until-quiet --project {project}", NARROW)
        asked(f"catalog export {made.folder}/book.xlsx --table patient --project {project}", NARROW)
        _change_a_field(made.folder / "book.xlsx")
        yield Hospital(project, made.folder, ran)


def _change_a_field(path: Path) -> None:
    """A longer name: a new edition of one table."""
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in ("AN..18", "N1"):
                    cell.value = "AN..20"
    book.save(path)


def test_every_command_that_prints_tables_is_looked_at() -> None:
    printing = {
        path.relative_to(SRC).as_posix()
        for path in SRC.rglob("*.py")
        if "from medferry.cli.listing import" in path.read_text(encoding="utf-8")
    }
    assert printing == set(COMMANDS)


def test_no_command_makes_tables_of_its_own() -> None:
    """Rich's tables cut and squeeze cells; only the shared one knows what may be folded."""
    using = [path.name for path in SRC.rglob("*.py") if "rich.table" in path.read_text(encoding="utf-8")]
    assert using == ["listing.py"]


@pytest.mark.slow
@pytest.mark.parametrize("command", [one for several in COMMANDS.values() for one in several])
def test_80_columns_say_what_a_wide_screen_says(hospital: Hospital, command: str) -> None:
    wide, narrow = (
        asked(command.format(p=hospital.project, h=hospital.folder, w=width), width)
        for width in (WIDE, NARROW)
    )
    held_against(wide, narrow)


@pytest.mark.slow
def test_what_stands_still_after_a_run(hospital: Hospital) -> None:
    """`run` shows the same table as `status`."""
    status = asked(f"status --project {hospital.project}", NARROW)
    still = "停着的行与原因（要处理的在前，等父记录的在后）"
    assert still in hospital.ran
    assert status.partition(still)[2].startswith(hospital.ran.partition(still)[2].rstrip())


def held_against(wide: str, narrow: str) -> None:
    assert narrow.count("…") == wide.count("…"), "nothing more is cut"
    tables = list(tables_in(wide))
    assert tables, wide
    rest = narrow
    for at, shown in enumerate(tables):
        assert f"{shown.title}\n" in rest
        rest = rest.partition(f"{shown.title}\n")[2]
        part = rest.partition(f"\n{tables[at + 1].title}\n")[0] if at + 1 < len(tables) else rest
        for line in part.splitlines():
            if line.startswith(("│", "┃", "  ")):
                assert cell_len(line) <= NARROW, line
        if any(one.startswith(("┡", "━")) for one in part.splitlines()[:4]):
            same_grid(shown, part)
        else:
            same_paragraphs(shown, part)


def tables_in(screen: str) -> Iterator[Shown]:
    lines = screen.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("┏"):
            shown = Shown(lines[at - 1], [one.strip() for one in lines[at + 1].strip("┃").split("┃")])
            shown.columns = [[] for _ in shown.heads]
            for row in lines[at + 3 :]:
                if row.startswith("└"):
                    break
                if row.startswith("│"):
                    for column, cell in zip(shown.columns, row.strip("│").split("│"), strict=True):
                        column.append(cell.strip())
            yield shown


def same_grid(shown: Shown, part: str) -> None:
    lines = part.splitlines()
    rule = next(one for one in lines if one.startswith(("┡", "━")))
    widths = [len(one) for one in re.findall("━+", rule)]
    cells: list[list[str]] = [[] for _ in shown.heads]
    for line in lines[lines.index(rule) + 1 :]:
        if line.count("│") >= len(shown.heads) - 1 and "─" not in line:
            inner = line[1:-1] if line.startswith("│") and rule.startswith("┡") else line
            for column, cell in zip(cells, inner.split("│"), strict=True):
                column.append(cell.strip())
    for at, head in enumerate(shown.heads):
        whole, folded = shown.columns[at], cells[at]
        if shown.is_count(at):
            assert [one for one in folded if one] == [one for one in whole if one], head
        else:
            assert squeezed("".join(folded)) == squeezed("".join(whole)), head
            assert widths[at] - 1 >= min(TEXT_LEAST, max(map(cell_len, whole), default=0)), head


def same_paragraphs(shown: Shown, part: str) -> None:
    squeezed_part = squeezed(part)
    for at, head in enumerate(shown.heads):
        for cell in shown.columns[at]:
            if cell in ("", "·"):
                continue
            if shown.is_count(at):
                assert re.search(rf"(?<![^\s]){re.escape(f'{head}：{cell}')}(?=\s|$)", part), (head, cell)
            else:
                assert squeezed(cell) in squeezed_part, (head, cell)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
