"""What the documents say is what the program does: options, keys, examples, names, links, generated pages."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType

import click
import pytest

from medferry.catalog.schedule import load_schedule, parse_duration
from medferry.cli.main import COMMANDS, LazyGroup, added_commands
from medferry.config import (
    case_files,
    checks_block,
    code_files,
    complaints_of,
    field_reader,
    load_project,
    main_file,
    review_block,
    route_file,
    waiver_file,
)
from medferry.config.case_files import read_cases
from medferry.destinations.registry import DESTINATIONS
from medferry.outbox.registry import OUTBOXES
from medferry.sources.registry import SOURCES
from medferry.way_in.case_run import run_case

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for folder in (".", "docs", "decisions") for path in (ROOT / folder).glob("*.md"))
PAGES += sorted([*(ROOT / "src").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
COMMANDS_PAGE = DOCS / "commands.md"
PROJECT_PAGE = DOCS / "project.md"
OPTION = re.compile(r"--[a-z][a-z-]*")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def commands() -> Mapping[str, click.Command]:
    """Every command by its words: "run", "catalog", "catalog show" …"""
    group = LazyGroup("medferry")
    found: dict[str, click.Command] = {}
    for name in (*COMMANDS, *added_commands()):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": one for sub, one in command.commands.items()}
    return found


def options_of(command: click.Command) -> set[str]:
    """Long options; a group has those of its commands."""
    if isinstance(command, click.Group):
        return set().union(*(options_of(one) for one in command.commands.values()))
    return {
        name
        for one in command.params
        if isinstance(one, click.Option)
        for name in one.opts
        if name.startswith("--")
    }


def chapters(path: Path) -> Mapping[str, str]:
    parts = re.split(r"^## (.+)$", text_of(path), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# --- commands


@pytest.mark.parametrize("name", [*COMMANDS, *added_commands()])
def test_the_options_of_a_command_are_those_of_its_chapter(name: str) -> None:
    chapter = chapters(COMMANDS_PAGE)[f"medferry {name}"]
    told = set(re.findall(r"^\| `(--[a-z-]+)` \|", chapter, re.MULTILINE))
    assert told == options_of(commands()[name])
    missing = [one for one in commands() if one.startswith(f"{name} ") and f"medferry {one}" not in chapter]
    assert not missing, "sub-commands that the chapter does not name"
    arguments = [str(one.name).upper() for one in commands()[name].params if isinstance(one, click.Argument)]
    assert name == "new" or all(one in chapter for one in arguments)


def command_lines() -> Iterator[tuple[str, str]]:
    """Every `medferry …` in code, in any page: where, and the words behind `medferry`."""
    for path in PAGES:
        text = text_of(path)
        fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
        for code in [*(line for block in fenced for line in block.split("\n")), *inline]:
            found = re.match(r"(?:\$ )?(?:\S*/bin/|ExecStart=\S*/bin/)?medferry ([a-z].*)", code.strip())
            if found:
                yield path.name, found[1].partition("  #")[0]


def test_every_command_line_in_the_documents_is_one() -> None:
    lines = list(command_lines())
    assert len(lines) > 40
    for where, line in lines:
        words = line.split()
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in commands()), None)
        assert name is not None, f"{where}: medferry {line}"
        unknown = set(OPTION.findall(line)) - options_of(commands()[name]) - {"--help"}
        assert not unknown, f"{where}: medferry {line}"


# --- the project folder


def fenced_files(page: Path) -> Mapping[str, str]:
    """Blocks of a page that carry a file name behind their language."""
    return {
        found[1]: found[2]
        for found in re.finditer(r"^```[a-z]+ (\S+)\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)
    }


def test_the_project_of_the_page_is_clean_and_its_cases_are_green(tmp_path: Path) -> None:
    files = fenced_files(PROJECT_PAGE)
    assert len(files) >= 9
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert [str(one) for one in complaints_of(tmp_path, {})] == []
    project = load_project(tmp_path, {})
    cases, complaints = read_cases(project)
    assert not complaints
    assert len(cases) == 2
    assert [difference for one in cases for difference in run_case(project, one)] == []


KEYS: Mapping[str, Sequence[str]] = {
    "medferry.yaml": main_file.KEYS,
    "campuses": main_file.CAMPUS_KEYS,
    "sources": main_file.SOURCE_KEYS,
    "lookup_tables": main_file.LOOKUP_TABLE_KEYS,
    "review": review_block.KEYS,
    "checks": (*checks_block.KEYS, *checks_block.ENTRY_KEYS),
    "read": route_file.READ_KEYS,
    "field": field_reader.KEYS,
    "when": field_reader.GUARD_KEYS,
    "waivers": waiver_file.KEYS,
    "codes": code_files.COLUMNS,
    "test file": case_files.FILE_KEYS,
    "case": case_files.CASE_KEYS,
    "finding": case_files.FINDING_KEYS,
    "type": [one for one in case_files.COLUMN_TYPES if one != "text"],
    **{
        f"{registry.family_zh} {name}": registry.settings_of(name).writable()
        for registry in (SOURCES, DESTINATIONS, OUTBOXES)
        for name in registry.own
    },
}


@pytest.mark.parametrize("block", KEYS)
def test_every_key_of_a_project_is_on_the_page(block: str) -> None:
    page = text_of(PROJECT_PAGE)
    missing = [key for key in KEYS[block] if not re.search(rf"(?<![a-z_]){key}(?![a-z_])", page)]
    assert not missing


def test_the_defaults_of_reading_are_those_of_the_catalog() -> None:
    rows = re.findall(
        r"^\| ([a-z]+) (\S+) \| (\S+) \| (\S*) ?\| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$",
        text_of(PROJECT_PAGE),
        re.MULTILINE,
    )
    told: dict[str, tuple[str, time | None, list[timedelta]]] = {}
    for group, title, every, at, *others in rows:
        spans = [parse_duration(one) for one in (every, *others)]
        told[group] = (title, time.fromisoformat(at) if at else None, spans)
    assert told == {
        name: (one.title_zh, one.at, [one.every, one.overlap, one.sweep_every, one.window, one.deadline])
        for name, one in load_schedule().items()
    }


# --- pages written by the program


@cache
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_pages", DOCS / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["verbs.md", "checks.md", "errors.md", "members.md"])
def test_a_page_is_what_the_program_says(name: str) -> None:
    assert text_of(DOCS / name) == writer().PAGES[name](), "make pages"


def test_every_error_has_a_text_and_none_is_left_over() -> None:
    pages = writer()
    assert set(pages.error_texts()) == {one.__name__ for one in pages.error_classes()}


# --- names and links


def anchors(text: str) -> set[str]:
    """As the usual hosts of repositories make them of headings."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(text_of(path)), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_paths_and_targets_that_are_named_exist(page: Path) -> None:
    text = text_of(page)
    named = re.findall(r"`((?:src|tests|examples|benchmarks|docs|decisions)/[^`\s<>*…N]*)`", text)
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not test or f"def {test}(" in text_of(ROOT / path), name
    made = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", text, re.MULTILINE)) <= {
        pair for one in made for pair in ((one, ""), ("", one))
    }


def test_names_of_the_walk_and_the_contracts_are_in_the_program() -> None:
    names = re.findall(r"`(medferry\.[a-z_.]+[A-Za-z_.]*)`", text_of(ROOT / "ARCHITECTURE.md"))
    assert len(names) > 25
    for name in names:
        parts = name.split(".")
        for cut in range(len(parts), 0, -1):
            if _is_module(".".join(parts[:cut])):
                found: object = importlib.import_module(".".join(parts[:cut]))
                for attribute in parts[cut:]:
                    found = getattr(found, attribute)
                break


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def test_the_single_files_of_the_architecture_are_those_there_are() -> None:
    listed = set(re.findall(r"^ {4}([a-z_]+)\.py ", text_of(ROOT / "ARCHITECTURE.md"), re.MULTILINE))
    files = [*(ROOT / "src" / "medferry").glob("*.py"), *(ROOT / "src" / "medferry_sandbox").glob("*.py")]
    assert listed == {path.stem for path in files} - {"__init__"}


def test_every_state_stands_in_the_glossary() -> None:
    from medferry.log_center.trail import STATE_ZH

    glossary = text_of(ROOT / "GLOSSARY.md")
    assert [state for state in STATE_ZH if not re.search(rf"\b{state}\b", glossary)] == []
