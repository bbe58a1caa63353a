"""Nothing public stands in the program that nothing uses: no file, no class, no function, no method.

Goal: what was left behind by a change is found by the change. Method: every public name that src/medferry defines is looked
for wherever the program, the benchmarks, the examples and docs/*.py read a name. Names are compared as they are written, so
one name used anywhere spares its namesakes: the test finds less than there is, and nothing wrongly. A use in tests alone is
none, nor is one in the suites for authors (src/medferry/testing), which call what a contract promises.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "medferry"
FOR_AUTHORS = SOURCE / "testing"

# What waits for its first caller in the program, and the work that brings it. It may only shrink.
WAITING = {
    "catalog/load.py dependency_order": "a way of scripts, told in src/medferry/catalog/README.md",
    "checks/later.py run_later": "the plain judge that tests hold the review against",
}

# Modules that nobody imports by name, and who finds them.
BY_FOLDER = {"checks": "medferry.checks.registry", "cli": "medferry.cli.main.COMMANDS"}

# How a registry names a class that is imported when its type is first asked for: module:Class.
REGISTERED = re.compile(r"^([a-z_.]+):([A-Z]\w+)$")

# Decorators that make a function known by another way than its name.
REGISTERS = {
    "check",
    "field_check",
    "batch_check",
    "verb",
    "command",
    "group",
    "field_validator",
    "model_validator",
}

# Bases whose methods nobody calls by name but themselves; any other foreign base calls what is written over it.
PLAIN_BASES = {"Protocol", "NamedTuple", "BaseModel", "Enum", "StrEnum", "IntEnum", "Exception", "TypedDict"}


def program() -> Sequence[Path]:
    folders = [ROOT / name for name in ("src", "benchmarks", "examples", "docs")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    return [path for path in files if FOR_AUTHORS not in path.parents]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def last_name(node: ast.expr) -> str:
    """`b` of `a.b`, `a.b(c)` and `b[c]`."""
    while isinstance(node, (ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def classes() -> set[str]:
    return {
        node.name for path in program() for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)
    }


def is_ours(base: ast.expr, ours: set[str]) -> bool:
    """Whether a class's methods are called by us alone: `click.Group` calls what is written over its own."""
    return last_name(base) in PLAIN_BASES or (isinstance(base, ast.Name) and base.id in ours)


def waits_for_a_use(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public, and not made known by a decorator."""
    return (
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not REGISTERS & set(map(last_name, node.decorator_list))
    )


def defined(path: Path, ours: set[str]) -> Iterator[str]:
    """Public classes, functions and methods that have to be used by name."""
    for node in tree(path).body:
        if waits_for_a_use(node):
            yield node.name
        if isinstance(node, ast.ClassDef) and all(is_ours(one, ours) for one in node.bases):
            yield from (one.name for one in node.body if waits_for_a_use(one))


def named_in_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of every `"package.module:Name"`: a registry's line, imported when it is asked for."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = re.fullmatch(r"([a-z_]+(?:\.[a-z_]+)+):(\w+)", node.value)
            if found:
                yield found[1], found[2]


@cache
def used() -> frozenset[str]:
    """Names read in code; an import alone is no use. Entry points and the lines of registries are uses."""
    found = set(re.findall(r"\w+", (ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    for path in program():
        found |= {name for _, name in named_in_lines(path)}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {name for _, name in REGISTERED.findall(node.value)}
            elif isinstance(node, ast.Call) and last_name(node.func) in {"getattr", "register"}:
                found |= {
                    one.value
                    for one in node.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return frozenset(found)


def dead() -> set[str]:
    ours = classes()
    return {
        f"{path.relative_to(SOURCE)} {name}"
        for path in program()
        if SOURCE in path.parents
        for name in defined(path, ours)
        if name not in used()
    }


def test_nothing_is_defined_that_nothing_uses() -> None:
    found = dead()
    assert not found - WAITING.keys(), "used by nothing, or by tests alone: delete it"
    assert not WAITING.keys() - found, "used now, or gone: strike it from the list"


def test_every_module_is_imported_or_found_by_its_folder() -> None:
    imported: set[str] = set()
    for path in [*program(), *FOR_AUTHORS.glob("*.py")]:
        imported |= {module for module, _ in named_in_lines(path)}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                imported |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                folder = (
                    ".".join(path.relative_to(ROOT / "src").parent.parts) if SOURCE in path.parents else ""
                )
                imported |= {
                    whole
                    for module, _ in REGISTERED.findall(node.value)
                    for whole in (module, f"{folder}.{module}")
                }
    alone = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.name != "__init__.py"
        and not path.is_relative_to(FOR_AUTHORS)
        and path.parent.relative_to(SOURCE).as_posix() not in BY_FOLDER
        and ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts) not in imported
    }
    assert not alone, "nothing imports it: delete it"
