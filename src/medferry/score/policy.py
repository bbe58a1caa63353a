"""The scoring that holds for a project: the edition's, as medferry.yaml changes it."""

from __future__ import annotations

from dataclasses import replace

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.score_policy import ScorePolicy, load_score_policy, read_score_policy
from medferry.config.model import Project


def policy_of(project: Project) -> ScorePolicy:
    """raises  CatalogError: the edition's score.yaml cannot be used"""
    catalog = project.catalog
    if isinstance(catalog, SwitchedCatalog):
        catalog = catalog.after
    edition = read_score_policy(catalog.files) if isinstance(catalog, LoadedCatalog) else load_score_policy()
    return replace(
        edition,
        weights={**edition.weights, **project.score.weights},
        deadlines={**edition.deadlines, **project.score.deadlines},
    )
