"""A hospital's project folder, read and judged before anything starts."""

from medferry.config.complaint import Complaint, Place, ProjectError
from medferry.config.load import complaints_of, load_project
from medferry.config.model import (
    LookupTableSettings,
    Project,
    Route,
    SourceBlock,
    Waiver,
)

__all__ = [
    "Complaint",
    "LookupTableSettings",
    "Place",
    "Project",
    "ProjectError",
    "Route",
    "SourceBlock",
    "Waiver",
    "complaints_of",
    "load_project",
]
