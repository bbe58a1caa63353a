"""The house rules of STYLE.md and the import directions of ARCHITECTURE.md, held by counting."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "medferry"
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
BANNED_NAMES = {"utils", "util", "common", "core", "base", "impl", "manager", "helpers", "misc"}

# Who may import what, inside medferry: every part is named, and every permission is used. A stage knows the shapes and
# the catalog, and nothing of another stage.
GROUND = {"records", "errors", "events", "clock", "canonical", "members"}
MAY_IMPORT: dict[str, set[str]] = {
    "catalog": set(),
    "crypto": set(),
    "workbooks": set(),
    "books": {"catalog", "config", "workbooks"},
    "sources": set(),
    "mapping": {"catalog"},
    "checks": {"catalog"},
    "outbox": {"catalog"},
    "destinations": {"catalog", "crypto"},
    "receipt": {"catalog"},
    "config": {"catalog", "checks", "destinations", "mapping", "outbox", "sources"},
    "way_in": {"catalog", "checks", "config", "mapping", "outbox", "sources"},
    "way_out": {"catalog", "destinations", "outbox", "receipt"},
    "log_center": {"catalog", "outbox"},
    "review": {"catalog", "checks", "config", "outbox"},
    "lessons": {"checks", "config", "outbox"},
    "codes_desk": {"catalog", "config", "log_center", "mapping", "outbox"},
    "score": {"catalog", "checks", "config", "mapping", "outbox", "sources", "workbooks"},
    "ferry": {
        "catalog", "checks", "codes_desk", "config", "crypto", "destinations", "mapping", "outbox", "receipt",
        "review", "sources", "way_in", "way_out",
    },
    "testing": {"destinations", "outbox", "receipt", "sources"},
    "cli": {
        "books", "catalog", "checks", "codes_desk", "config", "crypto", "ferry", "lessons", "log_center", "mapping",
        "outbox", "review", "score", "way_in",
    },
}  # fmt: skip
SANDBOX_MAY_IMPORT = {"errors", "clock", "crypto"}  # its commands, like any user, may import everything


def python_files(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py") if ".venv" not in p.parts)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


EVERY_FILE = python_files("src", "tests", "benchmarks", "examples")


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_short_and_named_for_what_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_MAX, f"{path} has more than {LINES_MAX} lines: is it still one thing?"
    names = {path.stem, *path.relative_to(ROOT).parts[:-1]}
    assert not names & BANNED_NAMES, f"{path} does not say what it holds"
    too_long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not too_long, f"{path}: functions longer than {FUNCTION_LINES_MAX} lines: {too_long}"


def imported_parts(path: Path) -> set[str]:
    """First-level parts of medferry that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            modules = [node.module]
            if node.module == "medferry":
                modules = [f"medferry.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in modules if name.startswith("medferry.")}
    return found


def test_every_part_has_its_directions() -> None:
    present = {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert set(MAY_IMPORT) == present
    assert {p.stem for p in SOURCE.glob("*.py")} - {"__init__"} == GROUND


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_parts_import_what_they_may_and_need_what_they_may(part: str) -> None:
    files = python_files(f"src/medferry/{part}")
    allowed = MAY_IMPORT[part] | GROUND | {part, "__version__"}
    wrong = {str(p.relative_to(ROOT)): bad for p in files if (bad := imported_parts(p) - allowed)}
    assert not wrong, f"imports against the direction of the data: {wrong}"
    unused = MAY_IMPORT[part] - set().union(*(imported_parts(p) for p in files))
    assert not unused, f"{part} may import {unused} and does not: strike it"


def test_the_ground_stands_on_nothing() -> None:
    wrong = {name: bad for name in sorted(GROUND) if (bad := imported_parts(SOURCE / f"{name}.py") - GROUND)}
    assert not wrong


def test_no_part_stands_on_itself() -> None:
    """The directions have no circle: taking away what imports nothing that is left, all are taken away in the end."""
    left = dict(MAY_IMPORT)
    while bottom := [part for part, needs in left.items() if not needs & left.keys()]:
        for part in bottom:
            del left[part]
    assert not left, f"a circle among {sorted(left)}"


def test_the_product_does_not_know_the_sandbox() -> None:
    for path in python_files("src/medferry"):
        assert "medferry_sandbox" not in path.read_text(encoding="utf-8"), path


def test_the_sandbox_reads_the_standard_by_itself() -> None:
    """A pretend platform that shared our parsers would agree with our bugs."""
    for path in python_files("src/medferry_sandbox"):
        if "commands" not in path.relative_to(ROOT).parts:
            wrong = imported_parts(path) - SANDBOX_MAY_IMPORT
            assert not wrong, f"{path} imports {wrong}"


def test_no_registry_host_and_no_machine_path_in_the_repository() -> None:
    # Written apart, so that this file does not find itself.
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry.np" + "mjs", "deb.deb" + "ian.org"]
    paths = ["/wo" + "rk/main", "/wo" + "rk/shared", "/ro" + "ot/"]
    pattern = re.compile("|".join(re.escape(word) for word in hosts + paths))
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{n}"
            for n, line in enumerate(text.split("\n"), 1)
            if pattern.search(line)
        ]
    assert not found


def test_the_folder_list_of_the_architecture_is_true() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for package in ("medferry", "medferry_sandbox"):
        block = re.search(rf"^src/{package}/\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        assert block is not None
        listed = set(re.findall(r"^ {4}([a-z_]+)/", block[1], re.MULTILINE))
        folders = (ROOT / "src" / package).iterdir()
        assert listed == {p.name for p in folders if p.is_dir() and p.name != "__pycache__"}


def test_every_command_stands_in_the_manual() -> None:
    from medferry.cli.main import LazyGroup

    group = LazyGroup("medferry")
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    missing = [
        name for name in group.list_commands(click.Context(group)) if f"## medferry {name}" not in manual
    ]
    assert not missing


def test_every_command_module_exists_and_is_a_command() -> None:
    from medferry.cli.main import LazyGroup

    group = LazyGroup("medferry")
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert isinstance(command, click.Command)
        assert command.help, f"medferry {name} has no help text"
