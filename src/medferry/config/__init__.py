"""A hospital's project folder, read and judged before anything starts."""

from medferry.config.complaint import Complaint, Place, ProjectError
from medferry.config.load import complaints_of, load_project
from medferry.config.model import (
    DestinationSettings,
    LookupTableSettings,
    OutboxSettings,
    Project,
    Route,
    SourceSettings,
    Waiver,
)

__all__ = [
    "Complaint",
    "DestinationSettings",
    "LookupTableSettings",
    "OutboxSettings",
    "Place",
    "Project",
    "ProjectError",
    "Route",
    "SourceSettings",
    "Waiver",
    "complaints_of",
    "load_project",
]
