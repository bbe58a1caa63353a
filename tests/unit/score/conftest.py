"""The shipped standard and its scoring."""

from __future__ import annotations

import pytest

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.catalog.score_policy import ScorePolicy, load_score_policy


@pytest.fixture(scope="session")
def catalog() -> LoadedCatalog:
    return load_catalog()


@pytest.fixture(scope="session")
def policy() -> ScorePolicy:
    return load_score_policy()
