"""What every destination's settings have, and what the program hands a destination when it opens."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from medferry.clock import Clock
from medferry.crypto.provider import CryptoProvider
from medferry.destinations.destination import Destination
from medferry.members import ProjectFile, Settings


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who sends. org_codes: of all campuses, the main one first; branch_codes: campus -> platform's code."""

    org_codes: tuple[str, ...]
    branch_codes: Mapping[str, str] = field(default_factory=dict)

    def org_code_of(self, message_id: str) -> str:
        """The organisation of a message, whose code begins its id; the main one where none fits."""
        fitting = [code for code in self.org_codes if message_id.startswith(code)]
        return max(fitting, key=len, default=self.org_codes[0])


@dataclass(frozen=True, slots=True)
class DestinationTools:
    """What a destination may use of the program."""

    addresses: Addresses
    clock: Clock
    crypto: CryptoProvider


class DestinationSettings(Settings):
    """The destination of a project: derive from it, name the type, add what yours needs to know."""

    profile: ProjectFile | None = Field(
        None,
        description="自己的方言文件：应答怎么读、一份报文多大（格式见 `src/medferry/catalog/jiangxi/platform.yaml`）",
    )
    in_flight_max: int = Field(8, ge=1, le=512, description="同时在途几份报文")

    @abstractmethod
    def open(self, tools: DestinationTools) -> Destination:
        """The destination; connects to nothing yet. Raises CatalogError for its profile."""
