"""Destinations by the `type:` a project writes: a line each."""

from __future__ import annotations

from medferry.destinations.settings import DestinationSettings
from medferry.members import Registry

DESTINATIONS = Registry(
    "送达方式",
    "medferry.destinations",
    DestinationSettings,  # type: ignore[type-abstract]  # only compared with, never called
    {
        "rest": "medferry.destinations.rest_settings:RestSettings",
    },
)
