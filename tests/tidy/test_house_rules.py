"""The house rules of STYLE.md and the import directions of ARCHITECTURE.md, held by counting."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "medferry"
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
BANNED_NAMES = {"utils", "util", "common", "core", "base", "impl", "manager", "helpers", "misc"}

# Who may import what, inside medferry. A stage knows the shapes and the catalog, and nothing of another stage.
SHAPES = {"records", "errors", "events", "clock", "canonical", "catalog"}
MAY_IMPORT = {
    "records": set(),
    "errors": set(),
    "events": set(),
    "clock": set(),
    "canonical": set(),
    "catalog": {"errors", "clock", "records"},
    "crypto": {"errors"},
    "ancestors": SHAPES | {"checks"},
    "config": SHAPES | {"ancestors", "mapping", "checks", "sources"},
    "sources": SHAPES,
    "mapping": SHAPES,
    "checks": SHAPES,
    "outbox": SHAPES,
    "destinations": SHAPES | {"crypto"},
    "receipt": SHAPES,
    "log_center": SHAPES | {"outbox"},
    "codes_desk": SHAPES | {"config", "ferry", "loading", "log_center", "mapping", "outbox", "source_image"},
    "review": SHAPES | {"checks", "config", "outbox"},
    "score": SHAPES | {"checks", "config", "log_center", "mapping", "outbox", "sources"},
    "sandbox": {"errors", "clock", "crypto"},
}


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


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_stages_import_only_what_they_may(part: str) -> None:
    folder, single = SOURCE / part, SOURCE / f"{part}.py"
    files = python_files(f"src/medferry/{part}") if folder.is_dir() else [single]
    assert files, f"{part} is named in the import directions and does not exist"
    allowed = MAY_IMPORT[part] | {part, "__version__"}
    wrong = {str(p.relative_to(ROOT)): bad for p in files if (bad := imported_parts(p) - allowed)}
    assert not wrong, f"imports against the direction of the data: {wrong}"


def test_the_sandbox_reads_the_standard_by_itself() -> None:
    """A pretend platform that shared our parsers would agree with our bugs."""
    for path in python_files("src/medferry/sandbox"):
        assert "medferry.catalog" not in path.read_text(encoding="utf-8"), path


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
    listed = set(re.findall(r"^ {4}([a-z_]+)/", page, re.MULTILINE))
    present = {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert listed == present


def test_every_command_stands_in_the_manual() -> None:
    from medferry.cli.main import COMMANDS

    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if f"## medferry {name}" not in manual]
    assert not missing


def test_every_command_module_exists_and_is_a_command() -> None:
    import click

    from medferry.cli.main import COMMANDS, LazyGroup

    group = LazyGroup("medferry")
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert isinstance(command, click.Command)
        assert command.help, f"medferry {name} has no help text"
