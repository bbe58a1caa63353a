"""Every verb by its cases in tests/cases/verbs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from medferry.config.complaint import Complaints
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import read_yaml
from medferry.config.verb_arguments import read_verbs
from medferry.mapping.chain import chain
from medferry.mapping.columns import SourceColumns
from medferry.mapping.verbs import VERBS

CASES = Path(__file__).parents[2] / "cases" / "verbs"


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for place, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            found.append(pytest.param(case, id=f"{path.stem}-{place}-{_name(case)}"))
    return found


def _name(case: dict[str, Any]) -> str:
    verb = case["verb"]
    return str(verb if isinstance(verb, str) else next(iter(verb)))


@pytest.mark.parametrize("case", _cases())
def test_verb(case: dict[str, Any], tmp_path: Path) -> None:
    data: dict[str, Any] = {}
    if "given" in case:
        data["given"] = pl.Series(case["given"], dtype=pl.String)
    if "given_hex" in case:
        data["given"] = [None if one is None else bytes.fromhex(one) for one in case["given_hex"]]
    for name, values in case.get("columns", {}).items():
        data[name] = pl.Series(values, dtype=pl.String)
    frame = pl.DataFrame(data)
    path = tmp_path / "verbs.yaml"
    path.write_text(yaml.safe_dump([case["verb"]], allow_unicode=True), encoding="utf-8")
    complaints = Complaints()
    node = read_yaml(path, "verbs.yaml", {}, complaints)
    assert node is not None
    calls = read_verbs(node, NodeReader(complaints))
    assert complaints.all == []
    source = SourceColumns(frame, tuple(frame.columns), "test")
    inputs = ["given"] if "given" in frame.columns else frame.columns
    value = chain([source.value(name) for name in inputs], calls, source)
    rows = frame.select(source.expressions)
    assert rows.select(value.text().alias("made"))["made"].to_list() == case["expect"]


def test_every_verb_has_cases_and_a_help_page() -> None:
    named = {_name(param.values[0]) for param in _cases()}  # type: ignore[arg-type]
    assert named == set(VERBS)
    assert all(len(verb.help) > 5 for verb in VERBS.values())
