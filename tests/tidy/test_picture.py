"""The picture of the parts is what the code imports, and what a picture leaves out is implied by what it shows."""

from __future__ import annotations

import importlib.util
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDS: Mapping[str, set[str]] = {
    "ground": set(),
    "a": {"ground"},
    "b": {"a", "ground"},
    "c": {"a", "b", "ground"},
    "d": {"ground"},
}


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_picture", ROOT / "docs" / "picture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_picture_and_table_are_those_of_the_code(picture: ModuleType) -> None:
    needs = picture.imports()
    assert picture.PICTURE.read_text(encoding="utf-8") == picture.svg(needs), "make picture"
    page = picture.PAGE.read_text(encoding="utf-8")
    assert page == picture.page_with(page, picture.table(needs)), "make picture"


def test_every_folder_is_in_the_picture_once(picture: ModuleType) -> None:
    tree = ET.fromstring(picture.PICTURE.read_text(encoding="utf-8"))  # noqa: S314 our own file
    names = [one.text for one in tree.iter("{http://www.w3.org/2000/svg}text") if one.get("font-weight")]
    folders = {
        p.name for p in (ROOT / "src" / "medferry").iterdir() if p.is_dir() and p.name != "__pycache__"
    }
    assert sorted(map(str, names)) == sorted({*folders, "ground", "medferry_sandbox"})


def test_an_arrow_that_others_imply_is_left_out(picture: ModuleType) -> None:
    arrows = picture.arrows(NEEDS)
    assert arrows == [("a", "ground"), ("b", "a"), ("c", "b"), ("d", "ground")]
    shown = {part: {low for high, low in arrows if high == part} for part in NEEDS}
    assert picture.reached(shown) == picture.reached(NEEDS)


def test_a_part_stands_above_all_that_it_imports(picture: ModuleType) -> None:
    assert picture.floors(NEEDS) == [["ground"], ["a", "d"], ["b"], ["c"]]


def test_imports_count_wherever_they_stand(picture: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(
        "import json, medferry\n"
        "from medferry import catalog, __version__\n"
        "TEXT = 'from medferry.score import words'\n"
        "def late():\n"
        "    from medferry.outbox.reader import LedgerReader\n"
        "    import medferry.errors\n"
        "    from medferry_sandbox import auditor\n",
        encoding="utf-8",
    )
    assert set(picture.imported(path)) == {"catalog", "outbox", "ground", "medferry_sandbox"}


def test_boxes_of_a_floor_do_not_touch_and_stay_inside(picture: ModuleType) -> None:
    plan = picture.drawn(picture.imports())
    for row in plan.rows:
        edges = [
            (plan.middles[k] - picture.width(k) / 2, plan.middles[k] + picture.width(k) / 2) for k in row
        ]
        assert edges[0][0] >= 0
        assert edges[-1][1] <= picture.WIDTH
        assert all(before[1] < after[0] for before, after in pairwise(edges))
